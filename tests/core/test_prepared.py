"""What a connection of PostgreSQL plans once answers as the text would, whatever happens to it in between."""

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import BigIntegerField, CharField

from hsb.core import clock, composed
from hsb.core.composed import Given
from hsb.core.models import Record

ON_POSTGRESQL = pytest.mark.skipif(settings.EMBEDDED, reason="SQLite plans in no time")
pytestmark = [pytest.mark.django_db, ON_POSTGRESQL, pytest.mark.usefixtures("nothing_kept")]
REFERENCES = ["HSB-2026-00001", "HSB-2026-00002", "100% of 'it' \\ $1"]


@pytest.fixture
def records():
    return [Record.objects.create(kind="referral", reference=each, opened_at=clock.now()) for each in REFERENCES]


def names():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'hsb_%'")
        return {name for (name,) in cursor.fetchall()}


def later(key="later"):
    def rows():
        return Record.objects.filter(pk__gte=Given("key", BigIntegerField())).order_by("pk").values("reference")

    return composed.kept(key, rows)


def references(found):
    return [row["reference"] for row in found]


def test_a_second_asking_prepares_and_each_answers_the_same(records):
    before = names()

    first = later().rows(key=records[0].pk)
    assert names() == before, "what is asked once is not prepared"
    second = later().rows(key=records[0].pk)
    third = later().rows(key=records[1].pk)

    assert references(first) == references(second) == REFERENCES
    assert references(third) == REFERENCES[1:]
    assert len(names() - before) == 1


@pytest.mark.parametrize("reference", REFERENCES)
def test_values_that_stand_in_it_are_quoted(records, reference):
    for _ in range(3):
        kept = composed.kept("one", lambda: Record.objects.filter(reference=reference).values("reference"))
        assert references(kept.rows()) == [reference]


@pytest.mark.parametrize("reference", [*REFERENCES, "'; DROP TABLE core_record; --", "nobody"])
def test_values_that_are_given_are_values(records, reference):
    def rows():
        return Record.objects.filter(reference=Given("reference", CharField())).values("reference")

    for _ in range(3):
        found = composed.kept("given", rows).rows(reference=reference)
        assert references(found) == [each for each in REFERENCES if each == reference]


def test_counted_and_listed_are_two(records):
    for _ in range(3):
        assert later().number(key=records[1].pk) == 2
        assert references(later().rows(key=records[2].pk)) == REFERENCES[2:]


def test_a_transaction_that_is_taken_back_keeps_it(records):
    later().rows(key=records[0].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        assert references(later().rows(key=records[0].pk)) == REFERENCES
        Record.objects.create(kind="referral", reference=REFERENCES[0], opened_at=clock.now())

    assert references(later().rows(key=records[0].pk)) == REFERENCES


def test_what_fails_is_prepared_anew(records):
    for _ in range(2):
        later().rows(key=records[0].pk)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    with pytest.raises(DatabaseError), transaction.atomic():
        later().rows(key=records[0].pk)

    assert references(later().rows(key=records[0].pk)) == REFERENCES


def test_a_server_that_has_forgotten_all_is_found_out_once(records, settings):
    keys = "abc"
    for key in keys * 2:
        later(key).rows(key=records[0].pk)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    # What is prepared next takes one of these back first.
    settings.PREPARED_STATEMENTS = 2
    later("d").rows(key=records[0].pk)

    with pytest.raises(DatabaseError), transaction.atomic():
        later("d").rows(key=records[0].pk)

    for key in keys * 3:
        assert references(later(key).rows(key=records[0].pk)) == REFERENCES
    assert len(names()) == 2


def test_a_table_that_grows_a_column_is_asked_all_the_same(records):
    for _ in range(2):
        assert references(later().rows(key=records[0].pk)) == REFERENCES
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_record ADD COLUMN of_the_test integer")

    assert references(later().rows(key=records[0].pk)) == REFERENCES


def test_only_so_many_are_kept(records, settings):
    settings.PREPARED_STATEMENTS = 2
    composed.forget()
    before = names()
    for _ in range(3):
        for key in "abc":
            assert references(later(key).rows(key=records[0].pk)) == REFERENCES

    assert len(names() - before) == 2


def test_what_is_refused_again_and_again_leaves_nothing_behind(records, settings):
    """It is prepared anew after each refusal, and the server keeps what was prepared before."""
    settings.PREPARED_STATEMENTS = 2
    composed.forget()
    before = names()
    for _ in range(6):
        with pytest.raises(IntegrityError), transaction.atomic():
            Record.objects.create(kind="referral", reference=REFERENCES[0], opened_at=clock.now())
        assert references(later().rows(key=records[0].pk)) == REFERENCES

    assert len(names() - before) <= 2


def test_none_is_prepared_where_none_may_be(records, settings):
    settings.PREPARED_STATEMENTS = 0
    before = names()
    for _ in range(3):
        assert references(later().rows(key=records[0].pk)) == REFERENCES

    assert names() == before


def test_whoever_watches_sees_the_statement_itself(records):
    seen = []

    def watched(execute, sql, params, many, context):
        seen.append((sql, list(params)))
        return execute(sql, params, many, context)

    for _ in range(3):
        with connection.execute_wrapper(watched):
            later().rows(key=records[0].pk)

    assert len(seen) == 3
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0].startswith("SELECT") and records[0].pk in seen[0][1]


@pytest.mark.django_db(transaction=True)
def test_another_connection_knows_nothing_of_it():
    records = [Record.objects.create(kind="referral", reference=each, opened_at=clock.now()) for each in REFERENCES]
    for _ in range(2):
        for _ in range(3):
            assert references(later().rows(key=records[0].pk)) == REFERENCES
        connection.close()
