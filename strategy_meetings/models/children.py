"""ChildConsidered: a child in a meeting, with everything that is agreed for this child alone (A9-A11)."""

from django.db import models
from django.db.models import Q

from hsb.core.models import Action
from referrals.models import MeetingDecision, Person, Referral
from referrals.states import HAS_CATEGORY, Category, Side
from strategy_meetings.models.meetings import StrategyMeeting
from strategy_meetings.states import NOT_ISSUED, IntelAnswer, Invited, NfaState


class ChildConsidered(models.Model):
    meeting = models.ForeignKey(StrategyMeeting, on_delete=models.PROTECT, related_name="children")
    number = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Empty for a child of another borough, or known by a first name only: considered without a referral of ours (B9).
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="considered")
    decision = models.ForeignKey(MeetingDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    side = models.CharField(max_length=20, choices=Side.choices)
    taking_part = models.BooleanField(default=True)
    left_out_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    child_invited = models.CharField(max_length=3, choices=Invited.choices, blank=True)
    child_invited_reason = models.TextField(blank=True)
    family_invited = models.CharField(max_length=3, choices=Invited.choices, blank=True)
    family_invited_reason = models.TextField(blank=True)
    child_views = models.TextField(blank=True)
    family_views = models.TextField(blank=True)

    review = models.BooleanField(default=False)
    review_on = models.DateField(null=True, blank=True)
    section_47 = models.BooleanField(default=False)
    immediate_action = models.BooleanField(default=False)
    immediate_what = models.TextField(blank=True)
    nfa = models.BooleanField(default=False)
    outcome_reason = models.TextField(blank=True)
    category = models.CharField(max_length=1, choices=Category.choices, blank=True)
    category_reason = models.TextField(blank=True)
    intel = models.CharField(max_length=20, choices=IntelAnswer.choices, blank=True)
    intel_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    intel_by_name = models.CharField(max_length=200, blank=True)
    intel_due_on = models.DateField(null=True, blank=True)
    intel_reason = models.TextField(blank=True)
    intel_done_on = models.DateField(null=True, blank=True)
    closed_minutes = models.TextField(blank=True)

    nfa_state = models.CharField(max_length=10, choices=NfaState.choices, blank=True)
    nfa_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    nfa_at = models.DateTimeField(null=True, blank=True)
    nfa_reason = models.TextField(blank=True)
    # Where a manager refused it: the decision by which the meeting comes together again.
    nfa_again = models.ForeignKey(MeetingDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="child_considered_number_once"),
            models.UniqueConstraint(fields=["meeting", "person"], name="child_considered_once"),
            models.CheckConstraint(
                condition=Q(taking_part=True) | ~Q(left_out_reason=""), name="child_left_out_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(nfa=False) | Q(review=False, section_47=False, immediate_action=False),
                name="child_nfa_stands_alone",
            ),
            models.CheckConstraint(
                condition=Q(side__in=HAS_CATEGORY) | Q(category=""), name="child_category_only_where_displayed"
            ),
        ]

    def __str__(self):
        return f"Child {self.number} of {self.meeting_id}"

    @property
    def side_now(self):
        """The child's part as it stands: it can be corrected on the referral until the decisions are issued."""
        follows = self.referral_id is not None and self.meeting.state in NOT_ISSUED
        return self.referral.side if follows else self.side

    @property
    def has_category(self):
        """A category is agreed for a child who displayed, never for a child who was harmed (B1)."""
        return self.side_now in HAS_CATEGORY

    @property
    def is_restricted(self):
        """Whether the child's record is, or the referral's: then only who is named opens it (B15)."""
        return self.person.record.restricted or (self.referral_id is not None and self.referral.record.restricted)

    def actions(self):
        """The actions of the plan that this meeting agreed for this child."""
        return Action.objects.filter(source=self.meeting_id, about=str(self.number))
