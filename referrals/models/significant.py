"""SignificantEvent: what a worker says happened and what it means for the child; EventCorrection: what is put right
under it. To both tables the database only ever adds (hsb.core.append_only).
"""

from django.db import models
from django.db.models import Q

from hsb.core import journal
from hsb.core.door import Vouched
from hsb.core.models import Entry, Record
from referrals.models.notes import Correction
from referrals.models.referrals import Referral
from referrals.states import NoteBasis


class SignificantEvent(Vouched, models.Model):
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="significant_events")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=28, unique=True)
    happened_on = models.DateField()
    # The day is known roughly: the event stands in its place, and is said to be about that day.
    about_then = models.BooleanField(default=False)
    text = models.TextField()
    # The analysis: why it matters for this child.
    meaning = models.TextField()
    source = models.CharField(max_length=200)
    basis = models.CharField(max_length=10, choices=NoteBasis.choices)
    # The entry of the journal that was taken in; empty for what happened elsewhere, or before the journal began.
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # The page on which it was written: a double click makes one.
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["happened_on", "recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="significant_event_number_once"),
            models.UniqueConstraint(fields=["entry"], name="significant_event_entry_once"),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(meaning="") & ~Q(source=""), name="significant_event_is_whole"
            ),
        ]

    def __str__(self):
        return self.reference

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "referral__record", "author").filter(reference=reference)

    def says(self):
        """All that its author wrote, as texts: what a digest vouches for, and what tells two events apart."""
        day = (self.happened_on.isoformat(), str(self.about_then))
        return (*day, self.text, self.meaning, self.source, self.basis, str(self.entry_id or ""))

    def vouched_for(self):
        return "record_event", journal.digest_of_text(*self.says())


class EventCorrection(Correction):
    event = models.ForeignKey(SignificantEvent, on_delete=models.PROTECT, related_name="corrections")
    verb = "correct_event"

    class Meta:
        ordering = ["event", "number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="event_correction_number_once"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(reason=""), name="event_correction_has_its_reason"),
        ]
