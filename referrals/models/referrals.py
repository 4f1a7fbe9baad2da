"""Referral: one child, one episode, from received to closed. Its state says who has the child (B2, B23)."""

from django.db import models
from django.db.models import BigIntegerField, Exists, OuterRef, Q
from django_fsm import RETURN_VALUE, FSMField, transition

from hsb.core import composed
from hsb.core.access import ReadableQuerySet
from hsb.core.composed import Given
from hsb.core.door import Doored
from hsb.core.models import Recorded
from referrals import guards, permissions
from referrals.models.pathway_texts import pathway_at
from referrals.models.people import Person
from referrals.states import (
    ENDED,
    HAS_CATEGORY,
    HAS_SAFETY_PAGE,
    OPEN,
    UNDECIDED,
    Brook,
    Category,
    ClosedAs,
    OfferState,
    ReferralState,
    Side,
    Tier,
)

S = ReferralState
THIS = Given("referral", BigIntegerField())


class ReferralQuerySet(ReadableQuerySet):
    def open(self):
        return self.filter(state__in=OPEN)

    def late(self, today):
        return self.filter(state__in=OPEN, next_due_on__lt=today)

    def read_by(self, user):
        """Each with `opens`: whether `user` may open it."""
        return self.annotate(opens=Exists(Referral.objects.visible_to(user).filter(pk=OuterRef("pk"))))


class Referral(Doored, Recorded):
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="referrals")
    state = FSMField(max_length=20, choices=S.choices, default=S.RECEIVED, protected=True)
    side = models.CharField(max_length=20, choices=Side.choices)
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="next_episodes",
    )
    attached_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="attached")
    pathway_version = models.CharField(max_length=20)
    author = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    authors_team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    # Set only where a referral to children's social care is made (B5).
    csc_referral_on = models.DateField(null=True, blank=True)
    # The judgements in force, kept here by the services so that lists and counts read one row.
    category = models.CharField(max_length=1, choices=Category.choices, blank=True)
    tier = models.PositiveSmallIntegerField(choices=Tier.choices, null=True, blank=True)
    brook = models.CharField(max_length=10, choices=Brook.choices, blank=True)
    police_outstanding = models.BooleanField(default=False)
    worker = models.ForeignKey(
        "people.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
    )
    # The earliest day on which an open task falls due.
    next_due_on = models.DateField(null=True, blank=True)
    # Since when the referral has been in its state: how long it has waited.
    state_since = models.DateTimeField()
    # Where it goes back to when a proposal to close is returned.
    state_before_closing = models.CharField(max_length=20, choices=S.choices, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_as = models.CharField(max_length=20, choices=ClosedAs.choices, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[S.CLOSED], closed_on__isnull=False)
                | (~Q(state=S.CLOSED) & Q(closed_on__isnull=True)),
                name="referral_closed_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(side__in=HAS_CATEGORY) | Q(category=""),
                name="referral_category_only_where_displayed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "next_due_on"],
                condition=Q(state__in=OPEN),
                name="referral_open_state_due",
            ),
            # With all that home counts: an auditor's numbers are of every open referral there is.
            models.Index(
                fields=["next_due_on", "record"],
                include=[
                    "state",
                    "category",
                    "side",
                    "tier",
                    "brook",
                    "police_outstanding",
                    "state_before_closing",
                    "worker",
                    "person",
                ],
                condition=Q(state__in=OPEN),
                name="referral_open_due",
            ),
            # What who logged it may send, and their managers decide: it stands in the header's number on every page.
            models.Index(fields=["author"], condition=Q(state__in=OPEN), name="referral_open_author"),
            models.Index(
                fields=["authors_team"],
                condition=Q(state__in=OPEN),
                name="referral_open_authors_team",
            ),
            models.Index(
                fields=["worker"],
                condition=Q(state__in=OPEN),
                name="referral_open_worker",
            ),
            models.Index(fields=["person", "state"], name="referral_person_state"),
        ]

    @classmethod
    def at(cls, reference):
        """With what every page of a case names: the child, who has it, who logged it."""
        named = ("record__holding_team", "person__record", "worker", "author", "authors_team")
        return cls.objects.select_related(*named).filter(record__reference=reference)

    # --- What kind of referral this is ---
    @property
    def has_category(self):
        """A child who displayed gets a Hackett category; a child who was harmed never does (B1)."""
        return self.side in HAS_CATEGORY

    @property
    def has_safety_page(self):
        return self.side in HAS_SAFETY_PAGE

    @property
    def is_open(self):
        return self.state in OPEN

    @property
    def is_undecided(self):
        return self.state in UNDECIDED

    @property
    def has_ended(self):
        return self.state in ENDED

    # The latest assessment as `can_decide` read it: of a verb, under its own lock.
    weighed = None

    @property
    def holding_team(self):
        return self.record.holding_team

    def moved(self, at):
        self.state_since = at

    # --- What hangs on it ---
    def known(self, related):
        """The rows of a relation that a page has prefetched; None where they must be asked for, as under a lock."""
        return self.__dict__.get("_prefetched_objects_cache", {}).get(related)

    def latest_assessment(self):
        """The assessment with the highest number, or None."""
        if (rows := self.known("assessments")) is not None:
            return max(rows, key=lambda assessment: assessment.number, default=None)

        found = self._latest_kept().one(referral=self.pk)
        if found is not None:
            found.referral = self
        return found

    def _latest_kept(self):
        def last():
            return self.assessments.model.objects.filter(referral=THIS).order_by("-number")[:1]

        return composed.kept(("latest assessment",), last)

    def open_allocation(self):
        """The present spell with a team, or None while nothing is decided."""
        if (rows := self.known("allocations")) is not None:
            return next((spell for spell in rows if spell.ends_on is None), None)
        return self.allocations.filter(ends_on__isnull=True).first()

    def open_offer(self, kind):
        """The step up or step down that waits for an answer, or None."""
        if (rows := self.known("offers")) is not None:
            return next((offer for offer in rows if (offer.kind, offer.state) == (kind, OfferState.OFFERED)), None)
        return self.offers.filter(kind=kind, state=OfferState.OFFERED).first()

    def behaviours(self):
        """The behaviours this child displayed, over all the referral's concerns, earlier episodes' too."""
        behaviour = self.involvements.model.behaviours.rel.related_model
        return behaviour.objects.filter(
            involvement__person=self.person_id,
            involvement__concern__in=self.involvements.values("concern"),
        ).order_by("involvement", "number")

    def authors(self):
        """Keys of everybody who logged one of the referral's concerns."""
        if (rows := self.known("involvements")) is not None:
            return {part.concern.author_id for part in rows}
        return {row["concern__author"] for row in self._authors_kept().rows(referral=self.pk)}

    def _authors_kept(self):
        def wrote():
            return self.involvements.model.objects.filter(referral=THIS).values("concern__author")

        return composed.kept(("authors",), wrote)

    def asking_who_wrote(self):
        """The Questions of `latest_assessment` and `authors` (riding.py), of what is not known yet."""
        asked = (("assessments", self._latest_kept().asking_one), ("involvements", self._authors_kept().asking))
        return [question(referral=self.pk) for related, question in asked if self.known(related) is None]

    def other_children(self):
        """The other referrals of this referral's concerns. For counting and guards, not for showing."""
        concerns = self.involvements.values("concern")
        return Referral.objects.filter(involvements__concern__in=concerns).exclude(pk=self.pk).distinct()

    def pathway(self):
        """The version of the pathway this referral started on, in the words in force when it did."""
        return pathway_at(self.pathway_version, self.received_at)

    def expected_response(self):
        """What the pathway expects now: by category, or by tier for a child without one."""
        if self.category:
            return self.pathway().response_for(self.category)
        return self.pathway().route_for(self.tier or Tier.UNIVERSAL)

    def expects_statutory(self):
        """Whether the pathway expects statutory social work now: for the category, or for the tier."""
        return self.pathway().expects_statutory(self.category, self.tier)

    # --- The table of practice.md B23, row by row ---
    @transition("state", S.RECEIVED, S.ASSESSING, permission=permissions.can_assess)
    def begin_assessment(self):
        """Somebody has started the assessment."""

    @transition(
        "state",
        [S.RECEIVED, S.ASSESSING],
        S.ATTACHED,
        conditions=[guards.open_referral_of_same_child, *guards.NOTHING_RUNS],
        permission=permissions.can_manage,
        custom={"reason": "Say why this belongs to the referral that is already open."},
    )
    def attach(self):
        """For a late discovery: this child already has an open referral."""

    @transition(
        "state",
        S.ASSESSING,
        S.AWAITING_DECISION,
        conditions=[guards.role_is_known, guards.assessment_is_submitted],
        permission=permissions.can_assess,
    )
    def submit(self):
        """The assessment goes to a manager."""

    @transition(
        "state",
        S.AWAITING_DECISION,
        S.ASSESSING,
        permission=permissions.can_decide,
        custom={"reason": "Say what needs to change before you can approve it."},
    )
    def return_to_worker(self):
        """The manager sends the assessment back."""

    @transition(
        "state",
        S.AWAITING_DECISION,
        S.CLOSED,
        conditions=[
            guards.not_hsb_was_submitted,
            guards.police_referral_is_resolved,
            guards.protection_is_followed_up,
            *guards.NOTHING_RUNS,
            guards.new_concern_is_looked_at,
            guards.other_children_are_decided,
        ],
        permission=permissions.can_decide,
        custom={"reason": "Give the reason why this is not harmful sexual behaviour."},
    )
    def accept_not_hsb(self):
        """Developmentally expected: an exit of its own (A2)."""

    @transition(
        "state",
        S.AWAITING_DECISION,
        S.CLOSED,
        conditions=[
            guards.advice_is_enough,
            guards.police_referral_is_resolved,
            guards.protection_is_followed_up,
            *guards.NOTHING_RUNS,
            guards.new_concern_is_looked_at,
        ],
        permission=permissions.can_decide,
        custom={"reason": "Give the reason why no service follows."},
    )
    def close_with_advice(self):
        """No service needed, supported by school, or agreement refused with the risk considered (B5)."""

    @transition(
        "state",
        S.AWAITING_DECISION,
        S.EARLY_HELP,
        conditions=[
            guards.assessment_is_approved,
            guards.family_agreed,
            guards.tier_allows_early_help,
            guards.section_47_is_concluded,
        ],
        permission=permissions.can_decide,
    )
    def allocate_to_early_help(self):
        """Tier 2, with the family's agreement."""

    @transition(
        "state",
        S.AWAITING_DECISION,
        S.STATUTORY,
        conditions=[guards.assessment_is_approved],
        permission=permissions.can_decide,
    )
    def allocate_to_statutory(self):
        """Tier 3 and 4, and always open to any tier: going above the default needs nobody's leave."""

    @transition(
        "state",
        [S.EARLY_HELP, S.STATUTORY],
        S.AWAITING_DECISION,
        conditions=[guards.work_has_not_started, guards.no_team_is_asked, guards.no_borough_is_asked],
        permission=permissions.can_manage,
        custom={"reason": "Say why your team cannot take this referral."},
    )
    def refuse_allocation(self):
        """The receiving manager sends it back to the team that decided."""

    @transition(
        "state",
        [S.EARLY_HELP, S.STATUTORY],
        S.AWAITING_DECISION,
        conditions=[guards.work_has_started, guards.no_team_is_asked, guards.no_borough_is_asked],
        permission=permissions.can_manage,
        custom={"reason": "Say why the allocation ends."},
    )
    def end_allocation(self):
        """Team and worker: the team that decided decides anew, however far the work has come."""

    @transition(
        "state",
        S.EARLY_HELP,
        S.STATUTORY,
        permission=permissions.can_accept_step_up,
        custom={"reason": "Give the reason for your decision."},
    )
    def step_up(self):
        """The statutory manager who was asked takes it."""

    @transition(
        "state",
        S.EARLY_HELP,
        S.STATUTORY,
        permission=permissions.can_work,
        custom={"reason": "Say what cannot wait."},
    )
    def step_up_urgently(self):
        """At once, without waiting for an answer."""

    @transition(
        "state",
        S.STATUTORY,
        S.EARLY_HELP,
        conditions=[guards.family_agreed, *guards.BEFORE_STEP_DOWN],
        permission=permissions.can_accept_step_down,
        custom={"reason": "Give the reason for your decision."},
    )
    def step_down(self):
        """Early Help accepts what the statutory manager offered."""

    @transition(
        "state",
        [S.EARLY_HELP, S.STATUTORY],
        S.CLOSING_PROPOSED,
        conditions=[
            guards.risk_was_rated_again,
            guards.new_concern_is_looked_at,
            guards.plan_is_met,
            guards.no_team_is_asked,
            guards.no_borough_is_asked,
        ],
        permission=permissions.can_work,
        custom={"reason": "Say why this referral can be closed."},
    )
    def propose_closing(self):
        self.state_before_closing = self.state

    @transition(
        "state",
        [S.EARLY_HELP, S.STATUTORY],
        S.CLOSED,
        conditions=[guards.borough_has_accepted, *guards.BEFORE_TRANSFER],
        permission=permissions.can_manage,
        custom={"reason": "Say what the other borough answered."},
    )
    def transfer_out(self):
        """Another borough has accepted the child: until then holder and clocks stay as they are."""

    @transition(
        "state",
        S.CLOSING_PROPOSED,
        S.CLOSED,
        conditions=[
            # Asked again: a plan can have been begun since closing was proposed.
            guards.plan_is_met,
            guards.police_referral_is_resolved,
            guards.protection_is_followed_up,
            *guards.NOTHING_RUNS,
            guards.step_up_is_answered,
            guards.agreed_actions_are_answered,
            guards.nothing_urgent_is_owed,
            guards.new_concern_is_looked_at,
            guards.every_child_is_considered,
        ],
        permission=permissions.can_close,
        custom={"reason": "Give the reason for closing."},
    )
    def close(self):
        """The manager's decision, never the proposer's."""

    @transition(
        "state",
        S.CLOSING_PROPOSED,
        RETURN_VALUE(S.EARLY_HELP, S.STATUTORY),
        permission=permissions.can_close,
        custom={"reason": "Say what must be done before this can be closed."},
    )
    def return_to_service(self):
        """Not yet: back to the service that proposed it."""
        return self.state_before_closing
