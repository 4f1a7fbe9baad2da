"""MinutesAmendment: what one person corrects in confirmed minutes, with a second (B10). Their text stays."""

from django.db import models
from django.db.models import F, Q

from strategy_meetings.models.meetings import StrategyMeeting


class MinutesAmendment(models.Model):
    meeting = models.ForeignKey(StrategyMeeting, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    # The child whose closed part is corrected, by number in the meeting; none for the shared part.
    child_number = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField()
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True, blank=True)
    refused_because = models.TextField(blank=True)
    # The form that made it: a double click proposes once.
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="amendment_number_once"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="amendment_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, decided_by__isnull=True)
                | Q(agreed=True, decided_by__isnull=False)
                | (Q(agreed=False, decided_by__isnull=False) & ~Q(refused_because="")),
                name="amendment_refused_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"Amendment {self.number} of {self.meeting_id}"
