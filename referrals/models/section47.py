"""Section47: an enquiry under section 47 of the Children Act 1989, for one child, beside the holder state (B2)."""

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from hsb.core.access import HangsOnQuerySet
from hsb.core.door import Doored
from hsb.core.models import Record
from referrals import permissions
from referrals.models.referrals import Referral
from referrals.states import CONCLUSIONS, ChildSeen, Section47State

S = Section47State


class Section47(Doored, models.Model):
    hangs_on = "referral"

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="section_47s")
    reference = models.CharField(max_length=24, unique=True)
    version = models.PositiveIntegerField(default=1)
    state = FSMField(max_length=20, choices=S.choices, default=S.OPEN, protected=True)
    # The day of the strategy discussion at which it was initiated: its clock starts there (A19).
    started_on = models.DateField()
    conference_due_on = models.DateField()
    opened_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    concluded_on = models.DateField(null=True, blank=True)
    concluded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)

    objects = HangsOnQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(state=S.OPEN), name="section_47_one_open_per_child"
            ),
            models.CheckConstraint(
                condition=Q(state=S.OPEN) | Q(concluded_on__isnull=False), name="section_47_concluded_has_its_day"
            ),
        ]

    def __str__(self):
        return self.reference

    def last_report(self):
        """What the social worker found, said last; None while nobody has reported."""
        reports = list(self.reports.all())
        return reports[-1] if reports else None

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "referral").filter(reference=reference)

    @transition(
        "state",
        S.OPEN,
        S.NOT_SUBSTANTIATED,
        permission=permissions.can_conclude_section_47,
        custom={"reason": "Say what the conclusion rests on."},
    )
    def not_substantiated(self):
        """The concerns are not substantiated."""

    @transition(
        "state",
        S.OPEN,
        S.NO_CONTINUING_RISK,
        permission=permissions.can_conclude_section_47,
        custom={"reason": "Say what the conclusion rests on."},
    )
    def no_continuing_risk(self):
        """Substantiated, and the child is not judged to be at continuing risk of significant harm."""

    @transition(
        "state",
        S.OPEN,
        S.CONTINUING_RISK,
        permission=permissions.can_conclude_section_47,
        custom={"reason": "Say what the conclusion rests on."},
    )
    def continuing_risk(self):
        """Substantiated, and at continuing risk: an initial child protection conference."""


class Section47Report(models.Model):
    """What the social worker found and recommends, before a manager concludes; a later one is added, none replaced."""

    section_47 = models.ForeignKey(Section47, on_delete=models.PROTECT, related_name="reports")
    seen = models.CharField(max_length=10, choices=ChildSeen.choices)
    findings = models.TextField()
    recommended = models.CharField(max_length=20, choices=CONCLUSIONS)
    reported_on = models.DateField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self):
        return f"Report on {self.section_47_id}"
