"""Rows of a referral that are written once and numbered; to their tables the database only ever adds (append_only)."""

from django.db import models

from hsb.core import journal
from hsb.core.door import Vouched
from hsb.core.models import Record
from hsb.core.written import ComposedOnce


class WrittenOnce(ComposedOnce, Vouched, models.Model):
    """Says all that was recorded in `says()`, a tuple of texts; its digest stands in the entry of the verb `verb`."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=28, unique=True)
    recorded_at = models.DateTimeField()
    # The page on which it was written: a double click makes one.
    once = models.UUIDField(unique=True)

    class Meta:
        abstract = True
        ordering = ["referral", "number"]

    def __str__(self):
        return self.reference

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "referral__record").filter(reference=reference)

    def vouched_for(self):
        return self.verb, journal.digest_of_text(*self.says())


class RecordedAnew(WrittenOnce):
    """One that was wrong is recorded anew, with the reason: the row before it stays. VERBS: recorded, and anew."""

    VERBS = ("", "")

    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    replaces_reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    class Meta(WrittenOnce.Meta):
        abstract = True

    @property
    def verb(self):
        return self.VERBS[bool(self.replaces_id)]
