"""Asking for access: who asked to read a record, why and for how long; and what a manager answered (B7, B8)."""

from django.db import models
from django.db.models import Q

from referrals.models.referrals import Referral


class AccessRequest(models.Model):
    """The leave itself is a grant; this says what for. Nothing of the record is shown to whoever asks until then."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="access_requests")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    # For how long it is asked, and for how long it was given.
    days = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    # The key of the page that was sent.
    once = models.UUIDField()
    # Whose managers were asked.
    asked_team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+")
    granted = models.BooleanField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    # Why it was refused: whoever asked reads it.
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="access_request_number"),
            models.UniqueConstraint(fields=["referral", "once"], name="access_request_once"),
            models.UniqueConstraint(
                fields=["referral", "by"],
                condition=Q(answered_at__isnull=True),
                name="access_request_waits_once",
            ),
            models.CheckConstraint(condition=~Q(reason="") & Q(days__gte=1), name="access_request_why_and_how_long"),
            models.CheckConstraint(
                condition=Q(
                    granted__isnull=True,
                    until__isnull=True,
                    answer="",
                    answered_by__isnull=True,
                    answered_at__isnull=True,
                )
                | Q(granted=True, until__isnull=False, answered_by__isnull=False, answered_at__isnull=False)
                | (
                    Q(granted=False, until__isnull=True, answered_by__isnull=False, answered_at__isnull=False)
                    & ~Q(answer="")
                ),
                name="access_request_answered_by_whom_and_how",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=models.F("by")),
                name="access_request_answered_by_another",
            ),
        ]

    def __str__(self):
        return f"Request {self.number} for {self.referral_id}"
