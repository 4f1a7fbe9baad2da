"""Offering a child to another borough, and what they answered (practice.md B23)."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from hsb.core.access import HangsOnQuerySet
from hsb.core.door import Doored
from hsb.core.models import Record
from referrals import permissions
from referrals.models.referrals import Referral
from referrals.states import SentBy, TransferState


class BoroughTransfer(Doored, models.Model):
    """The other borough has no account: our manager records whom it was sent to, and their answer. Until they accept,
    the child stays with its team."""

    hangs_on = "referral"

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="borough_transfers")
    reference = models.CharField(max_length=24, unique=True)
    version = models.PositiveIntegerField(default=1)
    state = FSMField(max_length=12, choices=TransferState.choices, default=TransferState.OFFERED, protected=True)
    borough = models.CharField(max_length=160)
    # Who there was asked: name and role.
    person = models.CharField(max_length=200)
    sent_by = models.CharField(max_length=20, choices=SentBy.choices)
    sent_on = models.DateField()
    what_was_sent = models.TextField()
    reason = models.TextField()
    offered_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    # Who there answered, or was told that it is withdrawn; when; and what was said.
    answered_by = models.CharField(max_length=200, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects = HangsOnQuerySet.as_manager()

    class Meta:
        ordering = ["offered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(state=TransferState.OFFERED), name="transfer_one_open_per_referral"
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.OFFERED, answered_on__isnull=True, recorded_by__isnull=True)
                | (
                    ~Q(state=TransferState.OFFERED)
                    & ~Q(answered_by="")
                    & Q(answered_on__isnull=False, recorded_by__isnull=False)
                ),
                name="transfer_answered_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("sent_on")),
                name="transfer_answered_after_it_was_sent",
            ),
        ]

    def __str__(self):
        return self.reference

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "referral").filter(reference=reference)

    @transition("state", TransferState.OFFERED, TransferState.ACCEPTED, permission=permissions.can_answer_transfer)
    def accept(self):
        """The other borough takes the child."""

    @transition(
        "state",
        TransferState.OFFERED,
        TransferState.REFUSED,
        permission=permissions.can_answer_transfer,
        custom={"reason": "Say why the other borough does not take the child."},
    )
    def refuse(self):
        """The other borough does not take the child."""

    @transition(
        "state",
        TransferState.OFFERED,
        TransferState.WITHDRAWN,
        permission=permissions.can_answer_transfer,
        custom={"reason": "Say why you withdraw it."},
    )
    def withdraw(self):
        """We take the offer back."""
