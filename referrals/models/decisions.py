"""Judgements: every view is kept, worker's, manager's, meeting's; the latest is in force (A4). Never overwritten."""

from django.db import models
from django.db.models import Q

from hsb.core.models import Record
from referrals.models.assessments import RiskAssessment
from referrals.models.concerns import Behaviour
from referrals.models.referrals import Referral
from referrals.states import Category, Tier, View


class Weighed(models.Model):
    """What stands beside a decision's reason: what else was considered, what it rests on, what child and parents say
    of it, or why that is not known. Asked of whoever decides; never left open below the pathway's default."""

    options_considered = models.TextField(blank=True)
    relied_on = models.TextField(blank=True)
    childs_views = models.TextField(blank=True)
    parents_views = models.TextField(blank=True)

    class Meta:
        abstract = True


class CategoryDecision(Weighed):
    """A Hackett category, of one behaviour or of the whole (behaviour empty); displayed role only."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="category_decisions")
    behaviour = models.ForeignKey(
        Behaviour,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="category_decisions",
    )
    assessment = models.ForeignKey(
        RiskAssessment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    category = models.CharField(max_length=1, choices=Category.choices)
    view = models.CharField(max_length=10, choices=View.choices)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    decided_on = models.DateField()
    recorded_at = models.DateTimeField()
    pathway_version = models.CharField(max_length=20)

    class Meta:
        ordering = ["recorded_at", "pk"]
        indexes = [models.Index(fields=["referral", "-recorded_at"], name="category_decision_latest")]

    def __str__(self):
        return self.get_category_display()


class BehaviourAtMeeting(models.Model):
    """What a strategy meeting says of one behaviour until its decisions are issued; then it is a CategoryDecision."""

    meeting = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    behaviour = models.ForeignKey(Behaviour, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=1, choices=Category.choices)
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "behaviour"], name="behaviour_at_meeting_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="behaviour_at_meeting_has_a_reason"),
        ]

    def __str__(self):
        return self.get_category_display()


class ThresholdDecision(Weighed):
    """A tier: its own decision, separate from the category (A5)."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="threshold_decisions")
    assessment = models.ForeignKey(
        RiskAssessment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    tier = models.PositiveSmallIntegerField(choices=Tier.choices)
    view = models.CharField(max_length=10, choices=View.choices)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    # Going below the pathway's default needs a manager's name (`by`) and this reason.
    below_default = models.BooleanField(default=False)
    decided_on = models.DateField()
    recorded_at = models.DateTimeField()
    pathway_version = models.CharField(max_length=20)

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(below_default=False) | ~Q(reason=""),
                name="threshold_below_default_has_reason",
            )
        ]

    def __str__(self):
        return self.get_tier_display()
