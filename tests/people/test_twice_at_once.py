"""Two administrators, or one with a nervous finger, at the very same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from hsb.core import clock
from hsb.core.refusals import Denied, NotReady
from hsb.people.models import Agency, Cover, Membership, Team, Training, User
from hsb.people.services import accounts, cover, roles, teams, training
from hsb.people.states import AgencyKind, Role, Service, Tool
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Does each deed in a thread of its own, all at the same moment; returns what each gave or raised."""
    line = Barrier(len(deeds))

    def do(deed):
        try:
            line.wait(10)
            return deed()
        except (NotReady, Denied) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def test_one_form_makes_one_account(dee, willow):
    typed = {
        "once": uuid4(),
        "name": "Nia",
        "email": "nia@example.org",
        "team": "willow",
        "role": Role.PRACTITIONER,
        "starts_on": clock.today(),
    }

    results = at_once(*[lambda: accounts.add_user(actor=dee, **typed)] * 4)

    assert User.objects.filter(email="nia@example.org").count() == 1
    assert Membership.objects.filter(user__email="nia@example.org").count() == 1
    assert sum(password is not None for _, password in results) == 1


def test_two_administrators_adding_the_same_person_make_one(dee, dan, willow):
    typed = {"name": "Nia", "team": "willow", "role": Role.PRACTITIONER, "starts_on": clock.today()}

    results = at_once(
        lambda: accounts.add_user(actor=dee, once=uuid4(), email="nia@example.org", **typed),
        lambda: accounts.add_user(actor=dan, once=uuid4(), email="NIA@example.org", **typed),
    )

    assert User.objects.filter(email="nia@example.org").count() == 1
    refused = [r for r in results if isinstance(r, NotReady)]
    assert [str(r) for r in refused] == [accounts.ALREADY_THERE]


@pytest.mark.parametrize("noun", ["role", "training", "cover"])
def test_the_same_thing_twice_is_one_row(noun, dee, dan, amara, bea, rowan):
    today = clock.today()
    deeds = {
        "role": lambda actor: roles.add_membership(
            amara.reference, actor=actor, team="rowan", role=Role.MANAGER, starts_on=today
        ),
        "training": lambda actor: training.record_training(
            amara.reference, actor=actor, tool=Tool.BROOK, trained_on=date(2026, 1, 5), until=date(2028, 1, 5)
        ),
        "cover": lambda actor: cover.arrange_cover(
            amara.reference, actor=actor, by=bea.reference, starts_on=today, ends_on=today
        ),
    }
    do = deeds[noun]

    at_once(lambda: do(dee), lambda: do(dan), lambda: do(dee))

    rows = {
        "role": Membership.objects.filter(user=amara, role=Role.MANAGER),
        "training": Training.objects.filter(user=amara),
        "cover": Cover.objects.filter(covered=amara),
    }[noun]
    assert rows.count() == 1


def test_one_name_makes_one_team_and_one_agency(dee, dan):
    at_once(
        lambda: teams.add_team(actor=dee, name="Oak", service=Service.STATUTORY),
        lambda: teams.add_team(actor=dan, name="Oak", service=Service.STATUTORY),
    )
    at_once(
        lambda: teams.add_agency(actor=dee, name="Oak School", kind=AgencyKind.EDUCATION),
        lambda: teams.add_agency(actor=dan, name="Oak School", kind=AgencyKind.EDUCATION),
    )

    assert Team.objects.filter(name="Oak").count() == 1
    assert Agency.objects.filter(name="Oak School").count() == 1


def test_two_administrators_cannot_end_each_other(dee, dan):
    end = {"team": "linden", "role": "administrator", "starts_on": cast.SINCE}

    at_once(
        lambda: roles.end_membership(dan.reference, actor=dee, **end),
        lambda: roles.end_membership(dee.reference, actor=dan, **end),
    )

    left = [cast.again(u).has_role(Role.ADMINISTRATOR) for u in (dee, dan)]
    assert sorted(left) == [False, True]
