"""Of a restricted child no seat tells who has it: to whoever reads of another child, or gets a copy about one (B15)."""

import pytest

from hsb.core import access
from hsb.core.states import Because
from hsb.people.states import Role
from referrals.models import Referral
from referrals.services import restricting
from strategy_meetings import documents
from tests import cast
from tests.pages import page
from tests.strategy_meetings import meeting_road as road

pytestmark = pytest.mark.django_db
S47 = {"section_47": True}
ALL_S47 = {1: S47, 2: S47, 3: S47}


@pytest.fixture
def children(amara, mo, willow, front_door, juniper):
    return road.allocated(amara, mo, willow, amara)


@pytest.fixture
def eve(children, hazel, esi, mo, cho, min):
    """Ash is with Hazel, an Early Help team, and Eve has him; none of Willow opens his record."""
    eve = cast.user("Eve", (hazel, Role.PRACTITIONER))
    ash = children[1]
    access.end_grants(ash.record, *Because.values)
    Referral.objects.filter(pk=ash.pk).update(worker=eve)
    ash.record.refresh_from_db()
    ash.record.holding_team = hazel
    ash.record.save()
    access.grant(ash.record, because=Because.ALLOCATED, user=eve, given_by=mo)
    access.grant(ash.record, because=Because.ALLOCATED_TEAM, team=hazel, role=Role.MANAGER, given_by=mo)
    for who in (cho, min):
        access.grant(ash.record, because=Because.CONVENED, user=who, given_by=mo)
    return eve


@pytest.fixture
def planned(children, eve, mo, cho, min):
    return road.planned(road.convened(children[0], mo), cho, min)


def restrict(children, esi, *readers):
    restricting.restrict(children[1].reference, actor=esi, reason="A councillor's family.", readers=readers)


def said(client_of, user, meeting):
    return page(client_of(cast.again(user)).get(f"/meetings/{meeting.reference}/")).text


def test_nobody_is_named_for_a_child_who_is_restricted(children, eve, esi, mo, cho, min):
    restrict(children, esi, cho, min)

    meeting = road.planned(road.convened(children[0], mo), cho, min)

    assert not meeting.seats.filter(user=eve).exists()
    assert not meeting.seats.filter(agency="Hazel").exists()


def test_nor_where_only_the_childs_own_record_is(children, eve, mo, cho, min):
    person = children[1].person.record
    person.restricted = True
    person.save()

    meeting = road.planned(road.convened(children[0], mo), cho, min)

    assert not meeting.seats.filter(user=eve).exists()


def test_restricted_later_the_seat_says_no_name_to_the_others_readers(client_of, children, planned, esi, amara):
    assert "Eve" in said(client_of, amara, planned)

    restrict(children, esi)

    told = said(client_of, amara, planned)
    assert "Further agency Not yours to read Expected" in told
    assert "Eve" not in told
    assert "Hazel" not in told


def test_chair_and_minute_taker_and_the_childs_own_readers_read_it(client_of, children, planned, eve, esi, cho, min):
    restrict(children, esi, cho, min)

    for user in (cho, min, eve, esi):
        assert "Eve" in said(client_of, user, planned), user.name


def test_whoever_has_another_child_too_stays_named(client_of, children, planned, eve, esi, mo, amara):
    Referral.objects.filter(pk=children[2].pk).update(worker=eve)
    restrict(children, esi)

    assert "Eve" in said(client_of, amara, planned)


def test_whoever_had_the_child_when_it_was_planned_is_not_told_either(client_of, children, planned, hazel, esi, amara):
    Referral.objects.filter(pk=children[1].pk).update(worker=cast.user("Fay", (hazel, Role.PRACTITIONER)))
    restrict(children, esi)

    assert "Eve" not in said(client_of, amara, planned)


def test_a_copy_about_another_child_has_the_seat_without_the_name(children, planned, eve, esi, cho, min):
    restrict(children, esi, cho, min)
    road.held(planned, cho)
    planned.seats.filter(role="other").update(user=eve, agency="Hazel", name="")

    about_robin = documents.copy_about(planned.children.get(number=1))["seats"]
    about_ash = documents.copy_about(planned.children.get(number=2))["seats"]

    assert ["Further agency", "", "", "Attended"] in about_robin
    assert ["Further agency", "Hazel", "Eve", "Attended"] in about_ash
    assert ["Further agency", "Hazel", "Eve", "Attended"] in documents.full_record(planned)["seats"]


def test_another_chair_who_reads_of_one_child_cannot_open_the_seat(client_of, children, planned, esi, mo, juniper):
    dee = cast.user("Deputy", (juniper, Role.CHAIR))
    access.grant(children[0].record, because=Because.NAMED, user=dee, given_by=mo)
    restrict(children, esi)
    seat = planned.seats.get(role="other")

    browser = client_of(dee)

    assert "Eve" not in page(browser.get(f"/meetings/{planned.reference}/")).text
    assert browser.get(f"/meetings/{planned.reference}/seats/{seat.number}/").status_code == 404
