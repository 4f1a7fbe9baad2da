"""A simulated borough: whole, of the size that was asked for, of the shapes that the services write; nobody's children.

Walking all stories takes most of a minute: here a few of them are told, and the bench tells all.
"""

import re
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from hsb.core import clock, document_store
from hsb.core.models import Document, Entry, Record, ReferenceCounter
from hsb.overview.demo.accounts import address
from hsb.overview.simulated import borough, mix, walking
from hsb.people.models import User
from referrals.models import Person, PersonKey, Referral
from referrals.services import intake, person_keys
from referrals.states import OPEN, InvolvementRole
from tests.of_a_module import made_once

STORIES = ("answered_by_school", "no_service_for_one", "police_told_and_ended", "just_logged", "social_work_works")
SIZE, OPEN_ONES = 90, 30
MARK = re.compile(r"qz|(?<![0-9a-z])9\d{8}(?![0-9a-z])|%\(", re.IGNORECASE)


def some_kinds():
    return [kind for kind in mix.kinds() if kind.name in STORIES]


@pytest.fixture(scope="module")
def simulated(django_db_setup, django_db_blocker):
    """One borough for the tests of this module, in a transaction that is taken back."""
    with made_once(
        django_db_blocker, lambda: borough.build(SIZE, open_referrals=OPEN_ONES, kinds=some_kinds())
    ) as built:
        yield built


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("simulated", "db")]


# --- Size and wholeness ---


def test_it_has_as_many_referrals_as_were_asked_for_and_so_many_of_them_are_open(simulated):
    assert simulated == Referral.objects.count() == SIZE
    assert Referral.objects.filter(state__in=OPEN).count() == OPEN_ONES


def test_every_record_is_whole_and_no_key_leads_nowhere():
    said = StringIO()
    call_command("verify_record", no_anchor=True, stdout=said)
    call_command("verify_readers", stdout=said)
    connection.check_constraints()

    assert "whole.\n" in said.getvalue()
    assert Entry.objects.count() > SIZE * 5


def test_nothing_of_the_walk_is_left_in_any_row():
    left = []
    for model in walking.told_models():
        for row in model._base_manager.values_list():
            left += [(model.__name__, value) for value in map(str, row) if MARK.search(value)]

    assert left == []


def test_nothing_stands_twice_that_is_one_childs():
    names = Person.objects.values_list("given_name", "family_name", "born_on")
    assert len(set(names)) > len(names) * 0.9
    references = Record.objects.values_list("reference", flat=True)
    assert len(set(references)) == len(references)


def test_every_child_is_found_by_the_keys_that_the_service_would_write():
    written = {}
    for person, key in PersonKey.objects.values_list("person", "key"):
        written.setdefault(person, set()).add(key)

    assert {person.pk: person_keys.keys_of(person) for person in Person.objects.all()} == written


def test_ended_ones_lie_behind_and_running_ones_began_lately():
    ended = Referral.objects.filter(closed_on__isnull=False)
    running = Referral.objects.filter(state__in=OPEN)

    assert min(ended.values_list("closed_on", flat=True)) < clock.today() - timedelta(days=365)
    assert all(day <= clock.today() for day in ended.values_list("closed_on", flat=True))
    assert min(running.values_list("received_at", flat=True)) > clock.now() - timedelta(days=120)


def test_who_logs_the_next_concern_gets_the_next_numbers():
    """Keys, references and constraints go on after the last one that was told."""
    duty = User.objects.get(email=address("duty"))
    last = ReferenceCounter.objects.get(prefix="HSB", year=clock.today().year).last

    logged = intake.log_concern(
        author=duty,
        once=uuid.uuid4(),
        people=[intake.Newcomer(details={"given_name": "Wren"}, roles=(InvolvementRole.DISPLAYED,))],
        what_was_reported="A comment in class that was out of place.",
        source="2A",
        reported_on=clock.today(),
        happened_on=clock.today(),
        place_kind="school",
        place_name="An invented school",
        protection_needed="no",
    )

    assert [each.reference for each in logged.opened] == [f"HSB-{clock.today().year}-{last + 1:05d}"]


def test_whoever_works_there_finds_their_work(client_of):
    worker = Referral.objects.filter(state__in=OPEN, worker__isnull=False).first().worker

    assert client_of(worker).get(reverse("overview:my_work")).status_code == 200
    mine = Referral.objects.visible_to(worker).filter(worker=worker)
    assert mine.exists()
    assert client_of(worker).get(reverse("referrals:case", args=[mine.first().reference])).status_code == 200


def test_a_document_that_is_opened_is_the_one_that_the_journal_vouches_for():
    assert Document.objects.exists()
    for document in Document.objects.all():
        assert document_store.content(document)


# --- Where it has no business ---


def test_it_is_refused_where_accounts_stand(simulated):
    with pytest.raises(CommandError, match="built in an empty one"):
        call_command("simulate", referrals=SIZE)


@override_settings(PRODUCTION=True)
def test_it_is_refused_in_production(simulated):
    with pytest.raises(CommandError, match="Never in production|never built in production"):
        call_command("simulate", referrals=SIZE)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"referrals": 3}, "20 referrals at least"),
        ({"referrals": 50, "open": 51}, "more open referrals than referrals"),
        ({"referrals": 50, "open": -1}, "more open referrals than referrals"),
        ({"referrals": 50, "as_of": clock.today() + timedelta(days=1)}, "in the future"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(simulated, asked, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("simulate", **asked)
