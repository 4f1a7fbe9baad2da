"""Who has the child: allocations (dated spells), offers, the family's agreement, the proposal to close."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from hsb.core.access import HangsOnQuerySet
from hsb.core.door import Doored
from hsb.core.models import Record
from hsb.core.written import ComposedOnce
from referrals import permissions
from referrals.models.referrals import Referral
from referrals.states import ClosedAs, OfferKind, OfferState


class Allocation(ComposedOnce, models.Model):
    """A spell with a team and a worker; the open one (`ends_on` empty) is where the child is now."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="allocations")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+")
    from_team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    # The same worker for a child who displayed and a child who was harmed is questioned (practice.md, section 4).
    same_worker_reason = models.TextField(blank=True)
    work_started_on = models.DateField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(ends_on__isnull=True),
                name="allocation_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="allocation_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.team} from {self.starts_on}"


class Agreement(ComposedOnce, models.Model):
    """The family's answer to Early Help: agreed or refused, who said so, when."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="agreements")
    agreed = models.BooleanField()
    given_by = models.CharField(max_length=200)
    given_on = models.DateField()
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self):
        return "Agreed" if self.agreed else "Refused"


class Offer(Doored, models.Model):
    """A request to another team to take the referral: step up or step down."""

    hangs_on = "referral"

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="offers")
    reference = models.CharField(max_length=24, unique=True)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=OfferKind.choices)
    state = FSMField(
        max_length=12,
        choices=OfferState.choices,
        default=OfferState.OFFERED,
        protected=True,
    )
    to_team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    offered_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answered_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    objects = HangsOnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(state=OfferState.OFFERED),
                name="offer_one_open_per_referral",
            )
        ]

    def __str__(self):
        return self.reference

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "referral").filter(reference=reference)

    @transition(
        "state",
        OfferState.OFFERED,
        OfferState.ACCEPTED,
        permission=permissions.can_answer_offer,
    )
    def accept(self):
        """The team that was asked takes it."""

    @transition(
        "state",
        OfferState.OFFERED,
        OfferState.REFUSED,
        permission=permissions.can_answer_offer,
        custom={"reason": "Say why your team does not take it."},
    )
    def refuse(self):
        """The team that was asked does not take it."""

    @transition(
        "state",
        OfferState.OFFERED,
        OfferState.WITHDRAWN,
        permission=permissions.can_withdraw_offer,
        custom={"reason": "Say why you withdraw it."},
    )
    def withdraw(self):
        """The team that asked takes it back."""


class ClosingProposal(ComposedOnce, models.Model):
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="closing_proposals")
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    closed_as = models.CharField(max_length=20, choices=ClosedAs.choices)
    plan_met = models.BooleanField()
    what_changed = models.TextField()
    child_views = models.TextField(blank=True)

    class Meta:
        ordering = ["proposed_at", "pk"]

    def __str__(self):
        return f"Proposed {self.proposed_at:%d %B %Y}"
