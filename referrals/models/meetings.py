"""MeetingDecision: whether a strategy meeting is needed. Floor 2 convenes it; floor 1's guards read it."""

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from hsb.core.access import HangsOnQuerySet
from hsb.core.door import Doored
from hsb.core.models import Record
from referrals import permissions
from referrals.models.referrals import Referral
from referrals.states import MeetingDecisionState

M = MeetingDecisionState


class MeetingDecision(Doored, models.Model):
    hangs_on = "referral"

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="meeting_decisions")
    reference = models.CharField(max_length=24, unique=True)
    version = models.PositiveIntegerField(default=1)
    state = FSMField(max_length=15, choices=M.choices, default=M.REQUESTED, protected=True)
    # Empty where nobody asked and the pathway expects the question to be answered.
    requested_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField()
    grounds = models.TextField()
    decided_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    # Why the child is in a meeting that nobody asked for on this record: another child's, or a review.
    joined_because = models.CharField(max_length=200, blank=True)
    # What the meeting agreed for this child, and what a manager said of it, in words.
    agreed = models.TextField(blank=True)

    objects = HangsOnQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(state__in=[M.REQUESTED, M.CONVENED]),
                name="meeting_decision_one_open_per_child",
            )
        ]

    def __str__(self):
        return self.reference

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "referral").filter(reference=reference)

    @transition("state", M.REQUESTED, M.CONVENED, permission=permissions.can_decide_meeting)
    def convene(self):
        """A social work manager decides that a meeting is held."""

    @transition(
        "state",
        M.REQUESTED,
        M.NOT_CONVENED,
        permission=permissions.can_decide_meeting,
        custom={"reason": "Give the reason why no strategy meeting is convened."},
    )
    def do_not_convene(self):
        """A social work manager decides against it, with a reason; it can be asked again on new facts."""

    @transition("state", [M.REQUESTED, M.NOT_CONVENED], M.CONVENED, permission=permissions.can_chair_meetings)
    def join(self):
        """Another child of the concern has a meeting: this child is in it (B9)."""

    @transition("state", M.CONVENED, M.CONCLUDED, permission=permissions.can_chair_meetings)
    def conclude(self):
        """The meeting issued its decisions."""

    @transition(
        "state",
        M.CONVENED,
        M.REQUESTED,
        permission=permissions.can_chair_meetings,
        custom={"reason": "Say why the meeting is not held."},
    )
    def ask_anew(self):
        """The meeting was cancelled: whether one is needed is decided again (B23)."""

    @transition(
        "state",
        M.NOT_CONVENED,
        M.REQUESTED,
        permission=permissions.can_request_meeting,
        custom={"reason": "Say which new facts give reasonable cause to suspect significant harm."},
    )
    def request_again(self):
        """New facts."""
