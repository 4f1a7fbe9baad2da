"""Plan: what should change for a child, by whom and when, agreed by a manager and tested at its reviews.

To the tables of reviews and of what they say of each line the database only ever adds (hsb.core.append_only).
"""

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from hsb.core.access import HangsOnQuerySet
from hsb.core.door import Doored
from hsb.core.models import Document, Record
from referrals import guards, permissions
from referrals.models.referrals import Referral
from referrals.states import OPEN_PLAN, REVIEWED, LineState, PlanKind, PlanState, ReviewOutcome

P = PlanState


class PlanQuerySet(HangsOnQuerySet):
    def open(self):
        return self.filter(state__in=OPEN_PLAN)


class Plan(Doored, models.Model):
    hangs_on = "referral"

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=24, unique=True)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=20, choices=PlanKind.choices)
    state = FSMField(max_length=12, choices=P.choices, default=P.DRAFT, protected=True)
    # What it is for, as the family would say it.
    purpose = models.TextField()
    # Since when it holds: safety waits for no signature (A23), and concerns are counted from here.
    began_on = models.DateField()
    # The day of the next review; empty once the plan is met or has ended.
    review_on = models.DateField(null=True, blank=True)
    begun_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    # Who passed it to a manager last.
    submitted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    # What a manager who did not agree asks to change; empty once it is agreed.
    returned_because = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.TextField(blank=True)
    once = models.UUIDField(unique=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["referral", "number"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="plan_number_once"),
            models.UniqueConstraint(
                fields=["referral", "kind"], condition=Q(state__in=OPEN_PLAN), name="plan_one_open_of_a_kind"
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="plan_says_what_it_is_for"),
            models.CheckConstraint(
                condition=~Q(state=P.AGREED) | Q(agreed_by__isnull=False, review_on__isnull=False),
                name="plan_agreed_by_somebody_and_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_PLAN) | Q(ended_on__isnull=False), name="plan_over_has_its_day"
            ),
        ]

    def __str__(self):
        return self.reference

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "referral__record__holding_team", "referral__person").filter(
            reference=reference
        )

    @property
    def is_open(self):
        return self.state in OPEN_PLAN

    @property
    def state_in_words(self):
        if self.state == P.DRAFT and self.agreed_at is not None:
            return "Being changed"
        return self.get_state_display()

    def standing_lines(self):
        return self.lines.exclude(state=LineState.TAKEN_OUT)

    def writers(self):
        """The keys of the users who wrote on it since it was last agreed, or passed it on; who began it, whenever."""
        lines = [line for line in self.lines.all() if self.agreed_at is None or line.added_at > self.agreed_at]
        return {self.begun_by_id, self.submitted_by_id, *(line.added_by_id for line in lines)}

    @transition(
        "state",
        P.DRAFT,
        P.SUBMITTED,
        conditions=[guards.plan_has_a_line],
        permission=permissions.can_write_plan,
    )
    def submit_plan(self):
        """Passed to a manager."""

    @transition(
        "state",
        P.SUBMITTED,
        P.DRAFT,
        permission=permissions.can_agree_plan,
        custom={"reason": "Say what must change before you can agree to the plan."},
    )
    def return_plan(self):
        """The manager does not agree yet."""

    @transition("state", P.SUBMITTED, P.AGREED, permission=permissions.can_agree_plan)
    def agree_plan(self):
        """A manager agrees, never who wrote it."""

    @transition("state", P.AGREED, P.DRAFT, permission=permissions.can_write_plan)
    def change_plan(self):
        """A review found that it must change: a manager agrees again."""

    @transition(
        "state",
        P.AGREED,
        P.MET,
        conditions=[guards.nothing_of_the_plan_failed],
        permission=permissions.can_write_plan,
    )
    def meet_plan(self):
        """A review found that it is met."""

    @transition(
        "state",
        [P.DRAFT, P.SUBMITTED, P.AGREED],
        P.ENDED,
        permission=permissions.can_write_plan,
        custom={"reason": "Say why the plan ends although it is not met."},
    )
    def end_plan(self):
        """It ends without being met: another plan, or another service, takes its place."""


class PlanLine(models.Model):
    """What should change or happen, in plain words; who does it; by when."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    what = models.TextField()
    # A user of ours, or somebody else by name or agency.
    owner = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner_name = models.CharField(max_length=200, blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=LineState.choices, default=LineState.OPEN)
    added_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    taken_out_because = models.TextField(blank=True)
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_line_number_once"),
            models.CheckConstraint(condition=~Q(what=""), name="plan_line_says_what"),
            models.CheckConstraint(
                condition=Q(owner__isnull=False, owner_name="") | (Q(owner__isnull=True) & ~Q(owner_name="")),
                name="plan_line_has_one_owner",
            ),
            models.CheckConstraint(
                condition=(Q(state=LineState.TAKEN_OUT) & ~Q(taken_out_because=""))
                | (~Q(state=LineState.TAKEN_OUT) & Q(taken_out_because="")),
                name="plan_line_taken_out_because",
            ),
        ]

    def __str__(self):
        return f"Line {self.number} of {self.plan_id}"

    @property
    def who(self):
        return self.owner.name if self.owner_id else self.owner_name

    def stands(self, as_, because=""):
        """What became of it is kept: a LineState; `because` why it is taken out. Call inside a door of its plan."""
        self.state, self.taken_out_because = as_, because
        self.save(update_fields=["state", "taken_out_because"])


class PlanReview(models.Model):
    """One review: who took part, what the child and the parents say, what becomes of the plan."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    held_on = models.DateField()
    took_part = models.TextField()
    child_views = models.TextField()
    parents_views = models.TextField()
    outcome = models.CharField(max_length=10, choices=ReviewOutcome.choices)
    next_review_on = models.DateField(null=True, blank=True)
    # How many concerns about the child there were since the plan began, when it was reviewed.
    concerns_since = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_review_number_once"),
            models.CheckConstraint(
                condition=Q(outcome=ReviewOutcome.MET, next_review_on__isnull=True)
                | (~Q(outcome=ReviewOutcome.MET) & Q(next_review_on__isnull=False)),
                name="plan_review_has_its_next_day",
            ),
        ]

    def __str__(self):
        return f"Review {self.number} of {self.plan_id}"


class PlanLineReview(models.Model):
    """What one review said of one line."""

    review = models.ForeignKey(PlanReview, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(PlanLine, on_delete=models.PROTECT, related_name="reviews")
    came = models.CharField(max_length=12, choices=[(each.value, each.label) for each in REVIEWED])
    said = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "line"], name="plan_line_review_once"),
            models.CheckConstraint(condition=~Q(said=""), name="plan_line_review_says_a_sentence"),
        ]

    def __str__(self):
        return f"Line {self.line_id} at review {self.review_id}"


class PlanDocument(models.Model):
    """A paper that was made of a plan for somebody outside."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="documents")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"Document {self.document_id} of {self.plan_id}"
