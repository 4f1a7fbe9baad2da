"""CaseNote: what happened with a child, as its author made it final; NoteCorrection: what is put right under it;
NoteTelling: that nothing of it is told to the family yet, or that it can be.

To these tables the database only ever adds (hsb.core.append_only). A draft is no row here: it is its author's alone.
"""

from django.db import models
from django.db.models import Q

from hsb.core import journal
from hsb.core.door import Vouched
from hsb.core.models import Record
from referrals.models.referrals import Referral
from referrals.states import NoteBasis, NoteKind


class CaseNote(Vouched, models.Model):
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="case_notes")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=28, unique=True)
    kind = models.CharField(max_length=12, choices=NoteKind.choices)
    happened_on = models.DateField()
    happened_at = models.TimeField(null=True, blank=True)
    text = models.TextField()
    basis = models.CharField(max_length=10, choices=NoteBasis.choices)
    # What was agreed, by whom it is done and by when: management oversight never goes without.
    agreed = models.TextField(blank=True)
    # What the child said, as the child said it: never mixed into the text.
    childs_words = models.TextField(blank=True)
    # Asked of every note, answered of every visit; alone only of a child who was seen.
    seen = models.BooleanField(null=True, blank=True)
    seen_alone = models.BooleanField(null=True, blank=True)
    not_seen_reason = models.TextField(blank=True)
    who_was_there = models.TextField(blank=True)
    # Nothing of it is told to the family yet (B21): so from the beginning. What was decided later is a NoteTelling.
    do_not_disclose = models.BooleanField(default=False)
    author = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # The page on which it was written: a double click makes one.
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["referral", "number"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="case_note_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="case_note_has_a_text"),
            models.CheckConstraint(
                condition=Q(seen=True, seen_alone__isnull=False) | Q(seen_alone__isnull=True),
                name="case_note_alone_only_where_seen",
            ),
            models.CheckConstraint(
                condition=~Q(kind=NoteKind.VISIT)
                | Q(seen=True, seen_alone__isnull=False)
                | (Q(seen=False) & ~Q(not_seen_reason="")),
                name="case_note_visit_says_whether_seen",
            ),
            models.CheckConstraint(
                condition=~Q(kind=NoteKind.OVERSIGHT) | ~Q(agreed=""), name="case_note_oversight_says_what_was_agreed"
            ),
        ]

    def __str__(self):
        return self.reference

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "referral__record", "author").filter(reference=reference)

    def says(self):
        """All that its author wrote, as texts: what a digest vouches for, and what tells two notes apart."""
        day_and_time = (self.happened_on.isoformat(), self.happened_at.isoformat() if self.happened_at else "")
        seen = tuple("" if answer is None else str(answer) for answer in (self.seen, self.seen_alone))
        texts = (self.text, self.agreed, self.childs_words, self.not_seen_reason, self.who_was_there)
        return (self.kind, *day_and_time, self.basis, *seen, str(self.do_not_disclose), *texts)

    @property
    def is_held_back(self):
        """Whether nothing of it is told to the family yet; of the tellings that were read with it."""
        tellings = list(self.tellings.all())
        return tellings[-1].held_back if tellings else self.do_not_disclose

    def vouched_for(self):
        return "write_note", journal.digest_of_text(*self.says())


class Correction(Vouched, models.Model):
    """What is put right in a row that is written once, and why; the row stays as it was (services.corrections)."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=34, unique=True)
    text = models.TextField()
    reason = models.TextField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    once = models.UUIDField(unique=True)
    # The verb that wrote it.
    verb = ""

    class Meta:
        abstract = True

    def __str__(self):
        return self.reference

    def vouched_for(self):
        return self.verb, journal.digest_of_text(self.text, self.reason)


class NoteCorrection(Correction):
    note = models.ForeignKey(CaseNote, on_delete=models.PROTECT, related_name="corrections")
    verb = "correct_note"

    class Meta:
        ordering = ["note", "number"]
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="note_correction_number_once"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(reason=""), name="note_correction_has_its_reason"),
        ]


class NoteTelling(Vouched, models.Model):
    """What was decided about telling the family of a final note: nothing yet, or that they can be told."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(CaseNote, on_delete=models.PROTECT, related_name="tellings")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=34, unique=True)
    held_back = models.BooleanField()
    reason = models.TextField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["note", "number"]
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="note_telling_number_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="note_telling_has_its_reason"),
        ]

    def __str__(self):
        return self.reference

    def vouched_for(self):
        return "hold_note_back" if self.held_back else "tell_note", journal.digest_of_text(self.reason)
