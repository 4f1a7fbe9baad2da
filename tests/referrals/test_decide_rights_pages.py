"""The manager's one page: two managers at once, who may not decide, and when it is too early."""

import pytest

from referrals.services import restricting
from tests import cast
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(front_door, willow, rowan, hazel):
    """Teams that the decisions need; the front door holds what was logged."""


# --- Two managers at once ----------------------------------------------------


def test_of_two_managers_the_second_is_told_who_was_first(house, client_of, amara, mo, dev):
    referral, _ = road.awaiting(amara, "0")
    first, second = client_of(mo), client_of(dev)
    for browser in (first, second):
        assert browser.get(road.url(referral, "decide")).status_code == 200

    won = road.decide(first, referral, decision="early_help", early_help_team="hazel", **road.agreed())
    lost = road.decide(second, referral, decision="return", reason="Say more about school.")

    assert won.status_code == 302
    assert lost.status_code == 409
    assert "Mo changed this record" in road.text(lost)
    assert "With Early Help" in road.text(lost) or "with early help" in road.text(lost)
    assert "Say more about school." in road.text(lost), "what was typed stays in view"
    assert road.again(referral).state == "early_help"
    assert "you can no longer open it" in road.text(lost)
    assert road.last_entry(referral, "return_to_worker") is None


def test_the_second_of_two_managers_who_still_sees_it_is_told_too(house, client_of, amara, mo, willow):
    referral, _ = road.awaiting(amara, "1")
    other = cast.user("Ott", (willow, "manager"))

    road.decide(client_of(mo), referral, decision="statutory", statutory_team="willow")
    lost = road.decide(client_of(other), referral, decision="statutory", statutory_team="rowan")

    assert lost.status_code == 409
    assert "Mo changed this record" in road.text(lost)
    assert road.again(referral).record.holding_team == willow


def test_a_stale_form_gets_both_versions(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "1")

    answer = road.decide(
        client_of(mo), referral, version=referral.version - 1, decision="statutory", statutory_team="willow"
    )

    assert answer.status_code == 409
    assert road.again(referral).state == "awaiting_decision"


# --- Who may not ----------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_author_never_decides_on_her_own(house, client_of, willow, rowan, method):
    boss = cast.user("Boss", (willow, "manager"), (willow, "practitioner"))
    referral, _ = road.awaiting(boss, "0")
    written = road.entries(referral)

    answer = getattr(client_of(boss), method)(road.url(referral, "decide"), road.YES | {"decision": "return"})

    assert answer.status_code == 403
    assert road.entries(referral) == written


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_practitioner_who_sees_it_may_not_decide(house, client_of, amara, dot, method):
    referral, _ = road.awaiting(amara, "0")

    answer = getattr(client_of(dot), method)(road.url(referral, "decide"), road.YES | {"decision": "return"})

    assert answer.status_code == 403
    assert road.again(referral).state == "awaiting_decision"


@pytest.mark.parametrize("method", ["get", "post"])
def test_too_early_is_said(house, client_of, amara, mo, method):
    referral, _ = road.logged(amara)
    written = road.entries(referral)

    answer = getattr(client_of(mo), method)(road.url(referral, "decide"), road.YES | {"decision": "return"})

    assert answer.status_code == 409
    assert "Received" in road.text(answer)
    assert road.entries(referral) == written


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["carl", "max", "dee", "coo", "cho"])
def test_strangers_find_nothing(house, request, client_of, amara, who, method):
    referral, _ = road.awaiting(amara, "0")

    answer = getattr(client_of(request.getfixturevalue(who)), method)(road.url(referral, "decide"), road.YES)

    assert answer.status_code == 404


def test_a_manager_whose_leave_a_restriction_ended_learns_nothing(house, client_of, amara, mo, willow):
    referral, _ = road.awaiting(amara, "0")
    other = cast.user("Ott", (willow, "manager"))
    restricting.restrict(referral.reference, actor=mo, reason="A relative works here.")

    answer = road.decide(client_of(other), referral, decision="return")

    assert answer.status_code == 404
