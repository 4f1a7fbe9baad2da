"""The journal: every entry chained to the one before it, so that tampering is found."""

import contextlib
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hsb.core import append_only, clock, journal
from hsb.core.models import Entry, Record
from hsb.core.states import RecordKind
from tests.core.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(db):
    return Record.objects.open(RecordKind.REFERRAL, at=timezone.now())


@pytest.fixture
def five(record, amara):
    """A record with five entries."""
    for number in range(1, 6):
        journal.write(
            record,
            f"verb_{number}",
            actor=amara,
            from_state="received",
            to_state="assessing",
            reason=f"Because of {number}.",
            happened_on=date(2026, 11, number),
            pathway_version="2026.1",
            step=number,
        )
    return record


@pytest.fixture
def tamper(db):
    """Raw SQL on the journal, as somebody with all rights and the triggers out of the way would do it."""

    def run(sql, *params):
        append_only.remove(connection)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
        finally:
            append_only.install(connection)

    return run


def faults_of(record, anchors=()):
    fresh = Record.objects.get(pk=record.pk)
    return journal.faults(fresh, list(fresh.entries.order_by("number")), anchors)


# --- A whole chain ------------------------------------------------------------------------------------------------


def test_an_entry_says_who_did_what_when_and_follows_the_one_before(five, amara):
    first, second = five.entries.order_by("number")[:2]

    assert (second.number, second.verb, second.actor, second.reason) == (2, "verb_2", amara, "Because of 2.")
    assert (second.from_state, second.to_state, second.facts) == ("received", "assessing", {"step": 2})
    assert (second.happened_on, second.pathway_version) == (date(2026, 11, 2), "2026.1")
    assert first.digest == journal.digest_of(first, "")
    assert second.digest == journal.digest_of(second, first.digest)


def test_the_record_keeps_the_head_of_its_chain(five):
    last = five.entries.order_by("number").last()

    kept = Record.objects.get(pk=five.pk)
    assert (kept.entry_count, kept.head) == (5, last.digest)
    assert (five.entry_count, five.head) == (5, last.digest)


def test_a_chain_nobody_touched_is_whole(five):
    assert faults_of(five) == []


def test_a_record_without_entries_is_whole(record):
    assert faults_of(record) == []


def test_an_entry_without_a_person_is_whole(record):
    journal.write(record, "swept", actor=None)

    assert faults_of(record) == []


def test_it_happened_today_unless_somebody_says_otherwise(record, amara):
    instant = datetime(2026, 5, 4, 22, 45, tzinfo=UTC)
    with clock.moved_to(instant):
        entry = journal.write(record, "noted", actor=amara)

    assert (entry.happened_on, entry.recorded_at) == (date(2026, 5, 4), instant)


def test_a_verb_inside_a_verb_goes_on_where_the_other_left_off(record, amara):
    same = Record.objects.get(pk=record.pk)
    journal.write(record, "outer", actor=amara)

    journal.write(same, "inner", actor=amara)
    journal.write(record, "outer_again", actor=amara)

    assert [entry.verb for entry in record.entries.order_by("number")] == ["outer", "inner", "outer_again"]
    assert faults_of(record) == []


def test_what_was_taken_back_is_not_gone_on_from(record, amara):
    """The count is right again by another entry, and the head is not: the chain goes on from the head that stands."""
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        journal.write(record, "taken_back", actor=amara)
        raise ZeroDivisionError
    journal.write(Record.objects.get(pk=record.pk), "stands", actor=amara)

    journal.write(record, "next", actor=amara)

    assert [entry.verb for entry in record.entries.order_by("number")] == ["stands", "next"]
    assert faults_of(record) == []


@pytest.mark.django_db(transaction=True)
def test_writers_who_forget_the_lock_never_break_the_chain(record, amara):
    def write_five():
        for number in range(5):
            with transaction.atomic():
                journal.write(Record.objects.get(pk=record.pk), f"noted_{number}", actor=amara)

    at_once(*[write_five] * 4)

    assert Record.objects.get(pk=record.pk).entry_count == Entry.objects.filter(record=record).count() == 20
    assert faults_of(record) == []


# What PostgreSQL cannot store (a zero byte, half a character) no form lets through.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
FACT = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(fact=FACT, reason=TEXT, seconds=st.integers(0, 10**9))
def test_whatever_is_written_reads_back_to_the_same_digest(amara, fact, reason, seconds):
    record = Record.objects.open(RecordKind.REFERRAL, at=timezone.now())

    with clock.moved_to(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=seconds % 999_999)):
        journal.write(record, "noted", actor=amara, reason=reason, fact=fact)

    assert faults_of(record) == []


# --- Tampering is found -----------------------------------------------------------------------------------------------

EDITS = [
    pytest.param("verb = 'other'", id="the verb"),
    pytest.param("from_state = 'closed'", id="the state it came from"),
    pytest.param("to_state = 'closed'", id="the state it went to"),
    pytest.param("actor_id = NULL", id="who did it"),
    pytest.param("reason = 'Another reason.'", id="the reason"),
    pytest.param("happened_on = '2026-10-31'", id="when it happened"),
    pytest.param("recorded_at = '2026-10-31 10:00:00'", id="when it was recorded"),
    pytest.param("pathway_version = '2025.1'", id="the pathway's version"),
    pytest.param("""facts = '{"step": 4}'""", id="the facts"),
    pytest.param("digest = 'f00d'", id="its own digest"),
    pytest.param("number = 9", id="its number"),
]


@pytest.mark.parametrize("number", [1, 3, 5], ids=["of the first entry", "of one in the middle", "of the last entry"])
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_found(five, tamper, edit, number):
    tamper(f"UPDATE core_entry SET {edit} WHERE record_id = %s AND number = %s", five.pk, number)  # noqa: S608

    assert faults_of(five)


def test_an_entry_moved_to_another_record_is_found_in_both(five, tamper, amara):
    other = Record.objects.open(RecordKind.REFERRAL, at=timezone.now())

    tamper("UPDATE core_entry SET record_id = %s, number = 1 WHERE record_id = %s AND number = 5", other.pk, five.pk)

    assert faults_of(five)
    assert faults_of(other)


@pytest.mark.parametrize("number", [1, 3, 5], ids=["the first", "one in the middle", "the last"])
def test_a_deleted_entry_is_found(five, tamper, number):
    tamper("DELETE FROM core_entry WHERE record_id = %s AND number = %s", five.pk, number)

    assert faults_of(five)


def test_an_inserted_entry_is_found(five, amara):
    last = five.entries.order_by("number").last()
    forged = Entry(
        record=five,
        number=6,
        verb="forged",
        actor=amara,
        happened_on=date(2026, 11, 6),
        recorded_at=timezone.now(),
    )
    forged.digest = journal.digest_of(forged, last.digest)

    forged.save(force_insert=True)

    assert faults_of(five) == [f"{five.reference}: the journal's head does not match its last entry."]


def test_two_entries_that_changed_places_are_found(five, tamper):
    for was, becomes in ((2, 99), (3, 2), (99, 3)):
        tamper("UPDATE core_entry SET number = %s WHERE record_id = %s AND number = %s", becomes, five.pk, was)

    assert faults_of(five)


def cut_tail(record, tamper, keep):
    """As a careful forger would: the head is moved back too."""
    head = record.entries.get(number=keep).digest if keep else ""
    tamper("DELETE FROM core_entry WHERE record_id = %s AND number > %s", record.pk, keep)
    Record.objects.filter(pk=record.pk).update(entry_count=keep, head=head)


@pytest.mark.parametrize("keep", [4, 1, 0], ids=["of one entry", "of all but the first", "of everything"])
def test_a_cut_tail_is_found_against_the_anchor_only(five, tamper, keep):
    anchor = (five.entry_count, five.head)

    cut_tail(five, tamper, keep)

    assert faults_of(five) == []
    assert faults_of(five, [anchor]) == [f"{five.reference}: entry 5 differs from the anchor kept outside."]


def test_a_chain_written_anew_from_one_entry_on_is_found_against_the_anchor_only(five, tamper):
    anchors = [(two.number, two.digest) for two in five.entries.filter(number__in=(2, 5))]
    forged = list(five.entries.order_by("number"))
    forged[2].reason = "Another reason."
    previous = forged[1].digest
    for entry in forged[2:]:
        entry.digest = previous = journal.digest_of(entry, previous)
        tamper(
            "UPDATE core_entry SET reason = %s, digest = %s WHERE id = %s",
            entry.reason,
            entry.digest,
            entry.pk,
        )
    Record.objects.filter(pk=five.pk).update(head=previous)

    assert faults_of(five) == []
    assert faults_of(five, anchors) == [f"{five.reference}: entry 5 differs from the anchor kept outside."]


def test_entries_written_after_the_anchor_do_not_disturb_it(five, amara):
    anchor = (five.entry_count, five.head)

    journal.write(five, "later", actor=amara)

    assert faults_of(five, [anchor]) == []


def test_a_thousand_random_tamperings_are_all_found(five, amara):
    """On copies in memory: what `faults` sees, without the database in between."""
    chance = random.Random(20261123)
    missed = [how for how in (_tampered(five, chance) for _ in range(1000)) if how is not None]

    assert missed == []


def _tampered(record, chance):
    """One random tampering; None when it was found, else what was done."""
    entries = list(Entry.objects.filter(record=record).order_by("number"))
    kept = Record.objects.get(pk=record.pk)
    anchors = [(kept.entry_count, kept.head)]
    how = chance.choice(["edit", "delete", "insert", "reorder", "cut tail"])
    at = chance.randrange(len(entries))
    if how == "edit":
        field = chance.choice(["verb", "reason", "from_state", "to_state", "pathway_version", "digest"])
        setattr(entries[at], field, getattr(entries[at], field) + chance.choice("abc"))
    elif how == "delete":
        del entries[at]
    elif how == "insert":
        entries.insert(
            at,
            Entry(
                record=record,
                number=at + 1,
                verb="forged",
                happened_on=date(2026, 1, 1),
                recorded_at=timezone.now(),
                digest="0",
            ),
        )
    elif how == "reorder":
        other = (at + 1 + chance.randrange(len(entries) - 1)) % len(entries)
        entries[at].number, entries[other].number = entries[other].number, entries[at].number
        entries.sort(key=lambda entry: entry.number)
    else:
        entries = entries[:at]
        kept.entry_count, kept.head = at, entries[-1].digest if entries else ""
    return None if journal.faults(kept, entries, anchors) else (how, at)
