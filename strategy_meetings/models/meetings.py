"""StrategyMeeting: one meeting, many children (A9). Its state tells of the meeting, not what became of a child."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django_fsm import FSMField, transition

from hsb.core.access import live, named, readable
from hsb.core.asked_once import asked_once
from hsb.core.door import Doored
from hsb.core.models import AccessBar, AccessGrant, Recorded
from referrals.models import Concern, Referral
from strategy_meetings import guards, permissions
from strategy_meetings.states import OVER, MeetingKind, MeetingState

S = MeetingState


class StrategyMeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """By a grant on the meeting, or through the referral of a child in it; never where barred from one (B15)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        children = StrategyMeeting.children.rel.related_model.objects.filter(meeting=OuterRef("pk"))
        through = Exists(children.filter(taking_part=True, referral__in=Referral.objects.visible_to(user)))
        bars = AccessBar.objects.filter(user=user, lifted_at__isnull=True).values("record")
        return self.filter(self._whole(user) | through).exclude(Exists(children.filter(person__in=bars)))

    def read_whole_by(self, user):
        """Where `user` reads every child's part: chair, minute taker, the chairs who may stand in, auditors."""
        return self.filter(self._whole(user)) if user.is_authenticated and user.is_active else self.none()

    def _whole(self, user):
        # A meeting has no person of its own: the bars of everybody in it are asked above. It is restricted as soon as
        # a child in it is: then only leave to somebody by name counts (B15).
        children = StrategyMeeting.children.rel.related_model.objects.filter(meeting=OuterRef("pk"))
        restricted = Exists(children.filter(taking_part=True, referral__record__restricted=True))
        by_name = Exists(AccessGrant.objects.filter(live(), named(user), record=OuterRef("pk")))
        return (readable(user, person="pk") & ~restricted) | by_name


class StrategyMeeting(Doored, Recorded):
    kind = models.CharField(max_length=10, choices=MeetingKind.choices, default=MeetingKind.FIRST)
    state = FSMField(max_length=20, choices=S.choices, default=S.PLANNED, protected=True)
    state_since = models.DateTimeField()
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="strategy_meetings")
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reviews")
    # The day that was agreed; hour and place follow with `starts_at`.
    planned_on = models.DateField()
    starts_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    chair = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    minute_taker = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    quorum_reason = models.TextField(blank=True)
    held_on = models.DateField(null=True, blank=True)
    shared_minutes = models.TextField(blank=True)
    minutes_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    circulated_at = models.DateTimeField(null=True, blank=True)
    # The form that made this row: a double click plans one meeting.
    once = models.UUIDField(unique=True)

    objects = StrategyMeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on__isnull=False) | Q(state__in=[S.PLANNED, S.INVITED, S.POSTPONED, S.CANCELLED]),
                name="meeting_held_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.CIRCULATED, S.CLOSED]) | Q(circulated_at__isnull=False),
                name="meeting_circulated_has_its_instant",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="meeting_state_starts"),
            # The latest that ended, of whoever reads them all.
            models.Index(fields=["-state_since", "-record"], condition=Q(state__in=OVER), name="meeting_ended_latest"),
        ]

    @classmethod
    def at(cls, reference):
        named = ("record", "chair", "minute_taker", "minutes_by", "concern__record")
        return cls.objects.select_related(*named).filter(record__reference=reference)

    def moved(self, at):
        self.state_since = at

    @property
    def readers(self):
        """Chair and minute taker: who opens the meeting and its children's referrals by name."""
        return [user for user in (self.chair, self.minute_taker) if user is not None]

    @property
    @asked_once
    def is_restricted(self):
        """Whether it, or a child in it, is: then only who is named opens it (B15)."""
        in_it = self.children.filter(taking_part=True, referral__record__restricted=True)
        return self.record.restricted or in_it.exists()

    def children_in(self):
        """The children who take part, in their order."""
        taking_part = self.children.filter(taking_part=True)
        return taking_part.select_related("person", "referral__record", "meeting__record", "nfa_by", "nfa_again")

    @asked_once
    def documents(self):
        """What was made of it, in the order of the numbers, each with what became of it."""
        return list(self.record.documents.select_related("made_by", "fate__by").order_by("number"))

    # --- The table of practice.md B23 and docs/house.md, row by row ---
    @transition(
        "state",
        [S.PLANNED, S.POSTPONED],
        S.INVITED,
        conditions=[guards.day_is_set, guards.minute_taker_is_named],
        permission=permissions.can_invite,
    )
    def invite(self):
        """The invitations are out."""

    @transition(
        "state",
        [S.PLANNED, S.INVITED],
        S.POSTPONED,
        permission=permissions.can_arrange,
        custom={"reason": "Say why the meeting is postponed."},
    )
    def postpone(self):
        """It is held on another day."""

    @transition(
        "state",
        [S.PLANNED, S.INVITED, S.POSTPONED, S.ADJOURNED],
        S.CANCELLED,
        permission=permissions.can_chair,
        custom={"reason": "Say why the meeting is cancelled. Each child's decision is asked for again."},
    )
    def cancel(self):
        """It is not held; whether each child needs one is decided again (B23)."""

    @transition(
        "state",
        [S.PLANNED, S.INVITED, S.ADJOURNED],
        S.HELD,
        conditions=[guards.every_seat_is_answered, guards.quorate_or_reason],
        permission=permissions.can_chair,
    )
    def hold(self):
        """Who came is written down, and the meeting begins; an adjourned one goes on."""

    @transition(
        "state",
        S.HELD,
        S.ADJOURNED,
        permission=permissions.can_chair,
        custom={"reason": "Say why the meeting is adjourned."},
    )
    def adjourn(self):
        """It goes on another day; what was agreed so far stays."""

    @transition(
        "state",
        S.HELD,
        S.DECISIONS_ISSUED,
        conditions=[guards.every_child_is_agreed, guards.quorate_or_reason],
        permission=permissions.can_chair,
    )
    def issue_decisions(self):
        """Every child has its four agreements, and each referral follows its own (A10, A11)."""

    @transition(
        "state",
        [S.DECISIONS_ISSUED, S.RETURNED],
        S.MINUTES_DRAFTED,
        conditions=[guards.shared_part_is_written],
        permission=permissions.can_take_minutes,
    )
    def submit_minutes(self):
        """The minute taker has written them."""

    @transition(
        "state",
        S.MINUTES_DRAFTED,
        S.RETURNED,
        permission=permissions.can_approve_minutes,
        custom={"reason": "Say what needs to change in the minutes."},
    )
    def return_minutes(self):
        """The chair sends them back."""

    @transition(
        "state",
        S.MINUTES_DRAFTED,
        S.APPROVED,
        conditions=[guards.intel_is_given_or_promised],
        permission=permissions.can_approve_minutes,
    )
    def approve_minutes(self):
        """The chair confirms them."""

    @transition(
        "state",
        S.APPROVED,
        S.CIRCULATED,
        conditions=[guards.a_copy_was_made, guards.every_copy_has_its_fate],
        permission=permissions.can_invite,
    )
    def circulate(self):
        """Each recipient has the copy that is theirs."""

    @transition(
        "state",
        S.CIRCULATED,
        S.CLOSED,
        conditions=[guards.every_paper_has_its_fate, guards.no_amendment_waits],
        permission=permissions.can_chair,
    )
    def close(self):
        """Nothing is left to do for the meeting itself."""
