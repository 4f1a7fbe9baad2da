"""verify_record: is every record's journal whole, and does it end where the record now stands?

    manage.py verify_record                     all records
    manage.py verify_record HSB-2026-00042 ...  these only
    manage.py verify_record --no-anchor         without writing new anchors

Four things are checked of each record: its chain of entries; that every noun with a state stands in the state its
last state-changing entry gave it; that what was submitted still says what it said then; and every anchor kept
earlier in ANCHOR_DIR, which alone finds a tail that was cut off, or a chain that was written anew
(docs/decisions/0008). Then the heads that moved on are anchored: a new file of JSON lines (reference, count, head),
which belongs on another machine as soon as it is written.

Says what is wrong in sentences and ends with 1; ends with 0 when everything is whole.
"""

from dataclasses import dataclass, field
from itertools import groupby

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from hsb.core import clock, journal
from hsb.core.anchors import AnchorWriter, KeptAnchors
from hsb.core.door import Doored, Vouched
from hsb.core.models import Entry, Record

AT_ONCE = 500  # records held in memory together


@dataclass
class Tally:
    """What was looked at so far, and what was found."""

    records: int = 0
    entries: int = 0
    faults: list = field(default_factory=list)


class Command(BaseCommand):
    help = "Check that the journal of every record is whole, against itself, the records and the anchors kept."

    def add_arguments(self, parser):
        parser.add_argument("references", nargs="*", metavar="REFERENCE", help="check these records only")
        parser.add_argument("--no-anchor", action="store_true", help="write no new anchors")

    def handle(self, *, references, no_anchor, **options):
        tally = Tally()
        with KeptAnchors(settings.ANCHOR_DIR) as kept:
            tally.faults += kept.faults
            writer = AnchorWriter(settings.ANCHOR_DIR, clock.now())
            with writer:
                for records in _chunks(references):
                    whole = _check(records, kept, tally)
                    if not no_anchor:
                        writer.add(record for record in whole if kept.latest(record.reference) != _head(record))
            tally.faults += _missing(references, kept)
        for fault in tally.faults:
            self.stderr.write(fault)
        told = f"Checked {_many(tally.records, 'record')} and {_many(tally.entries, 'entry', 'entries')}"
        if tally.faults:
            raise CommandError(f"{told}: {_many(len(tally.faults), 'fault')}.", returncode=1)
        self.stdout.write(f"{told}: whole.")


def _many(count, one, more=""):
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def _head(record):
    return record.entry_count, record.head


def _chunks(references):
    """The records to check, in lists of AT_ONCE, by key: never all of them in memory."""
    wanted = Record.objects.order_by("pk")
    if references:
        wanted = wanted.filter(reference__in=references)
    last = 0
    while chunk := list(wanted.filter(pk__gt=last)[:AT_ONCE]):
        yield chunk
        last = chunk[-1].pk


def _check(records, kept, tally):
    """Checks one chunk; returns the records of it that are whole."""
    found = _faults_or_unreadable(records, kept)
    # Somebody may have been writing just then: what looks wrong is looked at again with the record locked.
    again = [record.pk for record in records if found[record.pk].faults]
    if again:
        with transaction.atomic():
            locked = list(Record.objects.locked().filter(pk__in=again).order_by("pk"))
            found |= _faults_or_unreadable(locked, kept)
    for each in found.values():
        tally.records += 1
        tally.entries += each.record.entry_count
        tally.faults += each.faults
    return [each.record for each in found.values() if not each.faults]


@dataclass
class _Found:
    record: Record
    faults: list


def _faults_or_unreadable(records, kept):
    """As _faults; where tampering left something that cannot even be read, that is the fault, and the rest goes on."""
    try:
        return _faults(records, kept)
    except (ValueError, TypeError, AttributeError) as problem:
        if len(records) == 1:
            record = records[0]
            sentence = f"{record.reference}: its journal cannot be read ({type(problem).__name__})."
            return {record.pk: _Found(record, [sentence])}
        return {key: each for record in records for key, each in _faults_or_unreadable([record], kept).items()}


def _faults(records, kept):
    """{key: the record, and what is wrong with it}."""
    by_key = {record.pk: record for record in records}
    entries = Entry.objects.filter(record__in=by_key).order_by("record_id", "number")
    journals = {key: list(rows) for key, rows in groupby(entries.iterator(), lambda entry: entry.record_id)}
    found = {
        key: _Found(record, journal.faults(record, journals.get(key, []), kept.of(record.reference)))
        for key, record in by_key.items()
    }
    for model in nouns_with_a_state():
        for noun in model.objects.filter(record__in=by_key).select_related("record"):
            entries = journals.get(noun.record_id, [])
            faults = [fault for fault in (_misplaced(noun, entries), _reworded(noun, entries)) if fault]
            found[noun.record_id].faults += faults
    for model in nouns_that_stay():
        for noun in model.objects.filter(record__in=by_key).select_related("record"):
            fault = _reworded(noun, journals.get(noun.record_id, []), must_stand=True)
            found[noun.record_id].faults += [fault] if fault else []
    return found


def nouns_with_a_state():
    """Every model whose state the door moves."""
    return [model for model in apps.get_models() if issubclass(model, Doored)]


def nouns_that_stay():
    """Every model whose rows are written once, and vouched for by an entry of their own."""
    return [m for m in apps.get_models() if issubclass(m, Vouched) and not issubclass(m, Doored)]


def _misplaced(noun, entries):
    """A sentence where the noun stands in another state than its journal says; None where it stands right."""
    told = [e.to_state for e in entries if e.to_state and e.facts.get("noun", noun.record.reference) == noun.reference]
    # A noun that has not moved yet may have been opened by another noun's entry: it stands where all begin.
    should = told[-1] if told else type(noun)._meta.get_field("state").default
    if noun.state == should:
        return None
    return f"{noun.reference}: its state is {noun.state}, but the journal's last move says {should}."


def _reworded(noun, entries, *, must_stand=False):
    """A sentence where the noun says something else than when the journal vouched for it; None where it does not.

    `must_stand` says that there is an entry for each. What was weighed for a decision stands in the entry of the
    decision, which is about another noun, and names it too.
    """
    vouched = noun.vouched_for()
    if vouched is None:
        return None
    verb, digest = vouched
    of_it = [
        e for e in entries if noun.reference in (e.facts.get("noun", noun.record.reference), e.facts.get("weighed"))
    ]
    mine = [e.facts.get("text") for e in of_it if e.verb == verb]
    if (not mine and not must_stand) or (mine and mine[-1] == digest):  # without any, `_misplaced` says so
        return None
    return f"{noun.reference}: what it says is not what the journal vouched for."


def _missing(references, kept):
    """Records that are gone altogether: asked for by name, or anchored earlier."""
    for reference in references:
        if not Record.objects.filter(reference=reference).exists():
            yield f"{reference}: there is no such record."
    if references:
        return
    for some in kept.references(AT_ONCE):
        standing = set(Record.objects.filter(reference__in=some).values_list("reference", flat=True))
        for reference in some:
            if reference not in standing:
                yield f"{reference}: the record is gone, but an anchor kept outside names it."
