"""Break-glass: who opened a record in an emergency, why, until when; and what a manager found of it (B7, B14, B15)."""

from django.db import models
from django.db.models import F, Q

from referrals.models.referrals import Referral


class EmergencyOpening(models.Model):
    """The leave itself is a grant until `until`; this says what for, and what somebody else found of it."""

    class Finding(models.TextChoices):
        JUSTIFIED = "justified", "Justified"
        NOT_JUSTIFIED = "not_justified", "Not justified"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="emergency_openings")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    opened_at = models.DateTimeField()
    # The end of the leave, as it was given; `ended_at` where a manager ended it earlier.
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Whose managers were asked to review it.
    asked_team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+")
    finding = models.CharField(max_length=20, choices=Finding.choices, blank=True)
    what_follows = models.TextField(blank=True)
    reviewed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="emergency_opening_number"),
            models.CheckConstraint(
                condition=~Q(reason="") & Q(until__gt=F("opened_at")), name="emergency_why_and_how_long"
            ),
            models.CheckConstraint(
                condition=Q(finding="", what_follows="", reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (~Q(finding="") & ~Q(what_follows="") & Q(reviewed_by__isnull=False, reviewed_at__isnull=False)),
                name="emergency_reviewed_by_whom_and_what_follows",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("by")), name="emergency_reviewed_by_another"
            ),
        ]

    def __str__(self):
        return f"Opening {self.number} of {self.referral_id}"
