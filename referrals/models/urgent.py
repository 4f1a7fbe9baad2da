"""What never queues behind paper: immediate protection, calls to the police, Form 87A, and what was disclosed."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django_fsm import FSMField, transition

from hsb.core.door import Doored
from hsb.core.models import Recorded
from referrals import permissions
from referrals.models.concerns import Concern, Involvement
from referrals.models.referrals import Referral
from referrals.states import OPEN, PoliceReferralState

P = PoliceReferralState


class Protection(models.Model):
    """Immediate protection: what was done, when, who was told. Needs nobody's approval (B3)."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="protections")
    what = models.TextField()
    done_on = models.DateField()
    done_at = models.TimeField(null=True, blank=True)
    who_was_told = models.TextField()
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    followed_up_on = models.DateField(null=True, blank=True)
    followed_up_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    follow_up = models.TextField(blank=True)
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self):
        return f"Protection {self.done_on}"


class PoliceCall(models.Model):
    """A telephone call to the police, 999 or other: who was spoken to, what they said."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="police_calls")
    emergency = models.BooleanField()
    called_on = models.DateField()
    called_at = models.TimeField(null=True, blank=True)
    spoke_to = models.CharField(max_length=200)
    police_reference = models.CharField(max_length=60, blank=True)
    what_was_said = models.TextField()
    advice = models.TextField(blank=True)
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self):
        return f"Police called {self.called_on}"


class PoliceReferralQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may open the referral of one of its concern's children."""
        referrals = Referral.objects.visible_to(user)
        return self.filter(Exists(Involvement.objects.filter(concern=OuterRef("concern"), referral__in=referrals)))


class PoliceReferral(Doored, Recorded):
    """Form 87A: one per concern, covering its children (B4)."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="police_referrals")
    state = FSMField(max_length=20, choices=P.choices, default=P.NEEDED, protected=True)
    needed_since = models.DateTimeField()
    sent_to = models.CharField(max_length=200, blank=True)
    sent_how = models.CharField(max_length=60, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    sent_at = models.TimeField(null=True, blank=True)
    resolved_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    objects = PoliceReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern"],
                condition=Q(state=P.NEEDED),
                name="police_referral_one_needed_per_concern",
            )
        ]

    def referrals(self):
        """The open referrals of the concern's children. For rules; pages ask `visible_to` first."""
        return (
            Referral.objects.filter(involvements__concern=self.concern_id, state__in=OPEN)
            .select_related("record")
            .distinct()
        )

    @transition("state", P.NEEDED, P.SENT, permission=permissions.can_send_police_referral)
    def record_sent(self):
        """To whom, how, when."""

    @transition(
        "state",
        P.NEEDED,
        P.NOT_SENT,
        permission=permissions.can_excuse_police_referral,
        custom={"reason": "Give the reason why Form 87A is not sent."},
    )
    def not_sent_because(self):
        """A manager's exit."""

    @transition(
        "state",
        P.NEEDED,
        P.NO_LONGER_NEEDED,
        permission=permissions.can_excuse_police_referral,
        custom={"reason": "Give the reason why Form 87A is no longer needed."},
    )
    def no_longer_needed_because(self):
        """A manager's exit."""


class Disclosure(models.Model):
    """What was shared, with whom, why, on what basis; decisions not to share too (B21)."""

    record = models.ForeignKey("core.Record", on_delete=models.PROTECT, related_name="disclosures")
    shared = models.BooleanField(default=True)
    what = models.TextField()
    to_whom = models.CharField(max_length=200)
    why = models.TextField()
    basis = models.CharField(max_length=200)
    consent = models.CharField(max_length=200, blank=True)
    happened_on = models.DateField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self):
        return f"To {self.to_whom}"
