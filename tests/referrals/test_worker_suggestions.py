"""Who could have the child: what the page that names a worker shows, and whom no service gives the child to."""

from datetime import timedelta

import pytest

from hsb.core import access, clock
from hsb.core.refusals import NotReady
from hsb.core.states import Because
from hsb.people.states import Role
from referrals.models import Referral
from referrals.selectors import caseloads
from referrals.services import restricting, working
from tests import cast
from tests.pages import page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def allocated(front_door, amara, mo, willow):
    """A referral that Willow has, without a worker yet."""
    return road.with_statutory(amara, mo, willow)


def said(rows):
    """{name: (open, late, leave and cover, whether they could have the child, tags)} of the table's rows."""
    return {
        name["text"]: (o["text"], late["text"], away["text"], could["text"], [t["text"] for t in could.get("tags", ())])
        for name, o, late, away, could in rows
    }


def test_who_is_here_and_carries_least_stands_first(allocated, client_of, amara, bea, mo, willow):
    yesterday = clock.today() - timedelta(days=1)
    cast.referral(amara, held_by=willow, state="statutory", worker=bea, next_due_on=yesterday)
    cyd = cast.user("Cyd", (willow, Role.PRACTITIONER))
    cast.cover(bea, cyd)
    gil = cast.user("Gil", (willow, Role.PRACTITIONER))
    restricting.bar(allocated.reference, actor=mo, user=gil, reason="A cousin.")

    found = caseloads.suggestions(allocated, willow)
    answer = client_of(mo).get(road.url(allocated, "name-worker"))

    assert [worker["name"] for worker in found["workers"]] == ["Amara", "Bea", "Mo", "Cyd"]
    table = said(found["rows"])
    assert table["Amara"] == ("0", "0", "Here", "Yes", ["Suggested"])
    assert table["Bea"] == ("1", "1", "Here", "Yes", [])
    assert table["Cyd"][2].startswith("Away until") and table["Cyd"][2].endswith("Bea stands in")
    assert table["Gil"][3] == caseloads.BARRED
    assert "Bea, 1 open referral, 1 late" in page(answer).text
    assert "Cyd, no open referrals, away" in page(answer).text
    assert "Gil, no open" not in page(answer).text


def test_whoever_knows_the_child_is_suggested(allocated, amara, bea, willow):
    cast.referral(amara, held_by=willow, state="closed", worker=bea, child=allocated.person)
    cast.referral(amara, held_by=willow, state="statutory", worker=bea)

    found = caseloads.suggestions(allocated, willow)

    assert found["workers"][0]["name"] == "Bea"
    assert said(found["rows"])["Bea"][3:] == ("Yes: already knows this child", ["Suggested"])


def test_a_restricted_record_is_given_to_nobody_who_is_not_named_on_it(allocated, client_of, amara, bea, mo):
    restricting.restrict(allocated.reference, actor=mo, reason="A relative works here.")
    # An emergency opens the record for a day; it names nobody.
    until = clock.now() + timedelta(hours=1)
    access.grant(allocated.record, because=Because.BREAK_GLASS, user=bea, until=until, given_by=bea)

    shown = page(client_of(mo).get(road.url(allocated, "name-worker")))
    with pytest.raises(NotReady, match="restricted, and Bea is not named on it. Ask for access"):
        working.name_worker(allocated.reference, actor=mo, worker=bea)

    assert "Bea, no open" not in shown.text
    assert caseloads.NOT_NAMED in shown.text
    assert f"/referrals/{allocated.reference}/name-reader/" in str(shown.links)
    restricting.name_reader(allocated.reference, actor=mo, reader=bea, reason="She has the sister.")
    working.name_worker(allocated.reference, actor=mo, worker=bea)
    assert Referral.objects.get(pk=allocated.pk).worker == bea
