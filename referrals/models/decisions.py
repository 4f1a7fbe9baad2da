"""Judgements: every view is kept, worker's, manager's, meeting's; the latest is in force (A4). Never overwritten.

And the record of the other decisions about a child (A29): what stands beside the reason of each."""

from django.db import models
from django.db.models import Q

from hsb.core import journal
from hsb.core.door import Vouched
from hsb.core.models import Record
from hsb.core.written import ComposedOnce
from referrals.models.assessments import RiskAssessment
from referrals.models.concerns import Behaviour
from referrals.models.referrals import Referral
from referrals.states import Category, DecisionKind, Tier, View


class Weighed(ComposedOnce, models.Model):
    """What stands beside a decision's reason: what else was considered, what it rests on, what child and parents say
    of it, or why that is not known. Asked of whoever decides; never left open below the pathway's default."""

    options_considered = models.TextField(blank=True)
    relied_on = models.TextField(blank=True)
    childs_views = models.TextField(blank=True)
    parents_views = models.TextField(blank=True)

    class Meta:
        abstract = True

    def weighed(self):
        """The four texts, in the order in which they are asked."""
        return (self.options_considered, self.relied_on, self.childs_views, self.parents_views)


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


class DecisionRecordQuerySet(models.QuerySet):
    def of_record(self, key):
        """Those of one record, the first first, with who decided."""
        return self.filter(record=key).select_related("by").order_by("number")


class DecisionRecord(Vouched, Weighed):
    """What was decided, why and on what, where no category or tier is: a meeting, a step, closing, the police (A29).

    It hangs on the record that was decided on, a referral's or a Form 87A's. The entry of the verb names it, and keeps
    the digest of what it says; to this table the database only ever adds.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=28, unique=True)
    kind = models.CharField(max_length=24, choices=DecisionKind.choices)
    # The request, the offer or the record itself: its reference.
    about = models.CharField(max_length=28)
    reason = models.TextField()
    # Less than the pathway expects: then nothing of what was weighed is left open.
    below_default = models.BooleanField(default=False)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = DecisionRecordQuerySet.as_manager()

    class Meta:
        ordering = ["record", "number"]
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="decision_record_number_once"),
            models.CheckConstraint(
                condition=Q(below_default=False)
                | ~Q(options_considered="") & ~Q(relied_on="") & ~Q(childs_views="") & ~Q(parents_views=""),
                name="decision_record_below_default_is_whole",
            ),
        ]

    def __str__(self):
        return self.reference

    def says(self):
        """All that was recorded, as texts."""
        return (self.kind, self.about, str(self.below_default), self.reason, *self.weighed())

    def vouched_for(self):
        return self.kind, journal.digest_of_text(*self.says())
