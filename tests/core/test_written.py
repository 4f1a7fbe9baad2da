"""Rows that are written by statements composed once stand as if Django had composed each anew."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.models import F

from hsb.core import clock, composed, journal, work
from hsb.core.models import AccessGrant, Entry, Record
from hsb.core.states import Because

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("what is kept is the database's own statement"),
    pytest.mark.usefixtures("nothing_kept"),
]


def a_record(number=1):
    return Record.objects.create(kind="referral", reference=f"HSB-2026-{number:05d}", opened_at=clock.now())


@pytest.mark.parametrize("again", range(3))
def test_what_is_saved_is_what_is_read(amara, again):
    """Composed, asked again, and where the database plans: planned."""
    for number in range(again + 1):
        record = a_record(number)
        facts = {"none": None, "text": "100 % 's' \u00e9", "list": [1, {"a": True}]}
        entry = journal.write(record, "opened", actor=amara if number else None, reason="100 %s", **facts)
        record.refresh_from_db()
        stands = Entry.objects.get(pk=entry.pk)

        said = {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}
        assert said == {name: getattr(stands, name) for name in said}
        assert (record.entry_count, record.head) == (1, entry.digest) and not journal.faults(record, [stands])


def as_it_stands(grant):
    """(user, end) of the grant's row."""
    stands = AccessGrant.objects.get(pk=grant.pk)
    return stands.user, stands.ends_at


@pytest.mark.parametrize("again", range(3))
def test_a_row_is_saved_anew_and_in_parts(amara, bea, again):
    grants = [
        AccessGrant.objects.create(record=a_record(number), user=amara, because=Because.NAMED, starts_at=clock.now())
        for number in range(again + 1)
    ]
    for grant in grants:
        end = clock.now() + timedelta(days=1)
        grant.user, grant.ends_at = bea, end
        grant.save(update_fields=["ends_at"])
        assert as_it_stands(grant) == (amara, end)
        grant.save()
        assert as_it_stands(grant) == (bea, end)
        grant.ends_at = None
        grant.save()
        assert as_it_stands(grant) == (bea, None)


def test_a_row_that_is_gone_is_added_again_and_not_changed_by_force(amara):
    grant = AccessGrant.objects.create(record=a_record(), user=amara, because=Because.NAMED, starts_at=clock.now())
    AccessGrant.objects.filter(pk=grant.pk).delete()

    with pytest.raises(DatabaseError, match="did not affect any rows"), transaction.atomic():
        grant.save(update_fields=["ends_at"])
    grant.save()

    assert AccessGrant.objects.get(pk=grant.pk).user == amara


def test_what_the_database_reckons_is_composed_by_django():
    record = a_record()
    for _ in range(3):
        record.entry_count = F("entry_count") + 1
        record.save()

    record.refresh_from_db()
    assert record.entry_count == 3


@pytest.mark.parametrize("before", range(3))
def test_what_a_constraint_refuses_is_refused(amara, before):
    for number in range(before):
        a_record(number)
    a_record(99)
    for _ in range(2):
        with pytest.raises(IntegrityError), transaction.atomic():
            a_record(99)
        assert Record.objects.count() == before + 1


def test_a_value_that_is_too_long_is_refused_and_never_cut():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes text of any length")
    for number in range(3):
        a_record(number)
        with pytest.raises(DataError), transaction.atomic():
            Record.objects.create(kind="referral", reference="H" * 21, opened_at=clock.now())


def test_each_set_of_columns_is_composed_once(amara, monkeypatch):
    made = []
    kept = composed.Written.__init__
    monkeypatch.setattr(composed.Written, "__init__", lambda self, *rest: (made.append(rest[1]), kept(self, *rest))[0])

    for number in range(3):
        record = a_record(number)
        work.ask(record, "assess", owner=amara)
        work.ask(record, "assess", owner=amara)
        work.finish(record, "assess", by=amara)

    assert len(made) == len(set(made)) == 3, made
