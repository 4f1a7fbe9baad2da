"""PaperFate: what became of a document that was made for somebody (B21)."""

from django.db import models
from django.db.models import Q

from hsb.core.models import Document
from strategy_meetings.states import SentHow


class PaperFate(models.Model):
    """It went out, how and on which day; or it did not, and why. One for a document, written once."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, primary_key=True, related_name="fate")
    how = models.CharField(max_length=20, choices=SentHow.choices, blank=True)
    consent = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    on = models.DateField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(~Q(how="") & Q(reason="")) | (Q(how="") & ~Q(reason="")), name="paper_went_out_or_says_why"
            )
        ]

    def __str__(self):
        return f"{self.document_id}: {self.how or 'not sent'}"

    @property
    def went_out(self):
        return bool(self.how)
