"""The manager's decision on a reassessment, through a browser."""

import pytest

from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(front_door, willow, rowan, hazel):
    """Teams that the decisions need; the front door holds what was logged."""


def reassessed(amara, mo, bea, team):
    referral = road.at_work(road.with_statutory(amara, mo, team, bea), bea)
    return road.reassessed(referral, bea, "1")


def test_a_reassessment_is_approved_with_the_managers_own_view(house, client_of, amara, mo, bea, willow):
    referral = reassessed(amara, mo, bea, willow)

    answer = client_of(mo).post(
        road.url(referral, "decide-reassessment"),
        {
            "version": referral.latest_assessment().version,
            "agrees": "no",
            "category": "2",
            "tier": "4",
            "view_reason": "It happened again.",
            "decision": "approve",
        },
    )

    after = road.again(referral)
    assert answer.status_code == 302
    assert (after.state, after.category, after.police_outstanding) == ("statutory", "2", True)
    assert after.latest_assessment().state == "approved"
    assert road.last_entry(referral, "approve_reassessment").actor == mo


def test_a_reassessment_is_returned_with_a_reason(house, client_of, amara, mo, bea, willow):
    referral = reassessed(amara, mo, bea, willow)
    typed = {"version": referral.latest_assessment().version, "agrees": "yes", "decision": "return"}

    asked = client_of(mo).post(road.url(referral, "decide-reassessment"), typed)
    done = client_of(mo).post(road.url(referral, "decide-reassessment"), typed | {"reason": "Add the school's view."})

    assert asked.status_code == 422
    assert done.status_code == 302
    assert road.again(referral).latest_assessment().state == "returned"


@pytest.mark.parametrize(("who", "status"), [("bea", 403), ("amara", 403), ("carl", 404), ("dee", 404)])
def test_others_do_not_decide_on_a_reassessment(house, request, client_of, amara, mo, bea, willow, who, status):
    referral = reassessed(amara, mo, bea, willow)

    answer = client_of(request.getfixturevalue(who)).get(road.url(referral, "decide-reassessment"))

    assert answer.status_code == status


def test_without_a_reassessment_there_is_nothing_to_decide(house, client_of, amara, mo, bea, willow):
    referral = road.with_statutory(amara, mo, willow, bea)

    assert client_of(mo).get(road.url(referral, "decide-reassessment")).status_code == 409
