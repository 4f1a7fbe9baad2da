"""Handing on what somebody had: who asked for it, and row by row what became of it."""

import uuid

from django.db import models
from django.db.models import Q

from referrals.models.referrals import Referral


class Reassignment(models.Model):
    """A manager's order to give the caseload of `leaver` to others; its rows are done one by one."""

    reference = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    leaver = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    asked_at = models.DateTimeField()
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self):
        return f"Caseload of {self.leaver_id}"


class ReassignmentRow(models.Model):
    """One referral for one worker. Done in the transaction that names the worker; a lease says who is at it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        REFUSED = "refused", "Not done"

    reassignment = models.ForeignKey(Reassignment, on_delete=models.PROTECT, related_name="rows")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    # Why it was not done, in a sentence.
    said = models.TextField(blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["reassignment", "referral"], name="reassignment_referral_once"),
            models.CheckConstraint(
                condition=Q(outcome="waiting", answered_at__isnull=True)
                | (~Q(outcome="waiting") & Q(answered_at__isnull=False)),
                name="reassignment_row_answered_when",
            ),
            models.CheckConstraint(condition=~Q(outcome="refused") | ~Q(said=""), name="reassignment_refused_says_why"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(outcome="waiting"), name="reassignment_row_waiting")]

    def __str__(self):
        return f"{self.referral_id}: {self.outcome}"
