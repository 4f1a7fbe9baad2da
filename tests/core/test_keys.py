"""Keys that are found in several ways."""

import pytest

from hsb.core.keys import IsOneOf, KeysOf
from hsb.people.models import Team
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def teams():
    return [cast.team(name) for name in ("Elm", "Fir", "Yew")]


def found(*ways):
    keys = KeysOf(ways)
    both = Team.objects.filter(pk__in=keys), Team.objects.filter(IsOneOf("pk", keys))
    return [set(rows.values_list("name", flat=True)) for rows in both]


def test_what_one_way_finds_and_what_another_does_is_found(teams):
    elm, fir, _ = teams

    assert found(Team.objects.filter(pk=elm.pk), Team.objects.filter(pk=fir.pk)) == [{"Elm", "Fir"}] * 2


def test_a_way_that_can_find_nothing_takes_nothing_from_the_others(teams):
    elm, *_ = teams
    nobody = Team.objects.none(), Team.objects.filter(pk__in=[])

    assert found(nobody[0], Team.objects.filter(pk=elm.pk), nobody[1]) == [{"Elm"}] * 2


def test_where_no_way_can_find_anything_nothing_is_found(teams):
    assert found(Team.objects.none(), Team.objects.filter(pk__in=[])) == [set()] * 2
