"""The roads of the tests are put back as they were walked (tests/remembered.py)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from hsb.core import clock
from hsb.core.models import Entry
from hsb.people.states import Role
from tests import cast, remembered
from tests.referrals import case_road

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_door")]


class RolledBack(Exception):
    """Ends what a test would have done."""


@pytest.fixture
def walks(monkeypatch):
    """One for each time that a road was walked and not put back; nothing is remembered when the test begins."""
    found, difference = [], remembered._difference
    monkeypatch.setattr(remembered, "_KEPT", {})
    monkeypatch.setattr(remembered, "_difference", lambda *args: found.append(1) or difference(*args))
    return found


def rolled_back(road):
    """What the road returned, and all rows after it; then everything is as it was before."""
    try:
        with transaction.atomic():
            kept = road(), remembered._everything()
            raise RolledBack
    except RolledBack:
        remembered.keys_from_the_start()
    return kept


def test_it_is_walked_once_and_put_back_as_it_was_written(amara, walks):
    first, written = rolled_back(lambda: case_road.awaiting(amara, "2", harmed=True))
    second = case_road.awaiting(amara, "2", harmed=True)

    assert len(walks) == 1
    assert remembered._everything() == written
    assert second == first
    call_command("verify_record", second[0].reference, no_anchor=True)


def test_it_is_put_back_for_who_makes_the_cast_anew(walks):
    """Other passwords, other instants: the same people."""

    def road():
        ada = cast.user("Ada", (cast.team("Alder"), Role.PRACTITIONER))
        return case_road.awaiting(ada, "3")

    first, _ = rolled_back(road)
    second = road()

    assert len(walks) == 1
    assert second == first


def test_new_rows_get_keys_after_those_that_were_put_back(amara, willow, walks):
    rolled_back(lambda: case_road.awaiting(amara, "1"))
    put_back, _ = case_road.awaiting(amara, "1")
    new = cast.referral(amara, held_by=willow)

    assert len(walks) == 1
    assert new.pk > put_back.pk
    assert Entry.objects.filter(record=new.record).exists()


@pytest.mark.skipif(settings.EMBEDDED, reason="SQLite counts from the last row of itself")
def test_every_sequence_begins_again_behind_the_last_row(amara, walks):
    def elsewhere():
        """{table: (the key that comes next, the last one that stands)} where one does not follow the other."""
        found = {}
        with connection.cursor() as cursor:
            for table, (sequence, _) in remembered._sequences().items():
                key = remembered._tables()[table][0][0]
                cursor.execute(
                    f'SELECT last_value + is_called::int, (SELECT COALESCE(MAX("{key}"), 0) FROM "{table}") '  # noqa: S608
                    f'FROM "{sequence}"'
                )
                found[table] = cursor.fetchone()
        return {table: (coming, last) for table, (coming, last) in found.items() if coming != last + 1}

    rolled_back(lambda: case_road.awaiting(amara, "2"))
    assert elsewhere() == {}
    rolled_back(lambda: case_road.awaiting(amara, "2"))
    assert elsewhere() == {}
    case_road.awaiting(amara, "2")

    assert len(walks) == 1
    assert elsewhere() == {}


def test_it_is_walked_anew_where_anything_is_different(amara, bea, walks):
    rolled_back(lambda: case_road.awaiting(amara))
    rolled_back(lambda: case_road.awaiting(bea))
    rolled_back(lambda: case_road.awaiting(amara, "1"))
    cast.person()
    case_road.awaiting(amara)
    assert len(walks) == 4


def test_it_is_walked_anew_on_another_day(amara, walks, time_machine):
    rolled_back(lambda: case_road.awaiting(amara))
    time_machine.move_to(clock.now() + timedelta(days=1))
    case_road.awaiting(amara)
    assert len(walks) == 2
