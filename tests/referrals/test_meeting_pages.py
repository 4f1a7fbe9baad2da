"""Ask for a strategy meeting, and decide whether one is convened: through a browser."""

import pytest

from referrals.services import meetings
from tests import cast
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db
GROUNDS = {"grounds": "Two children are in the same class."}


@pytest.fixture
def helped(front_door, amara, mo, eli, hazel, willow):
    """A child with Early Help; Eli works with them."""
    return road.at_work(road.with_early_help(amara, mo, hazel, eli), eli)


@pytest.fixture
def asked(front_door, juniper, amara, bea, mo, willow):
    """A child with Willow; Bea has asked for a meeting."""
    referral = cast.referral(amara, held_by=willow, state="statutory", worker=bea, tier=3)
    meetings.request_meeting(referral.reference, actor=bea, grounds=GROUNDS["grounds"])
    return road.again(referral)


def decide(browser, referral, **answers):
    typed = {"version": referral.meeting_decisions.get().version} | answers
    return browser.post(road.url(referral, "decide-meeting"), typed)


# --- Ask ----------------------------------------------------


def test_early_help_asks_and_a_social_work_manager_decides(helped, client_of, eli, dev):
    answer = client_of(eli).post(road.url(helped, "request-meeting"), GROUNDS)

    decision = helped.meeting_decisions.get()
    assert answer.status_code == 302
    assert (decision.state, decision.requested_by) == ("requested", eli)
    assert helped.record.tasks.open().get(kind="meeting_decision").team.slug == "front-door"
    assert client_of(dev).get(road.url(helped, "decide-meeting")).status_code == 200


def test_the_grounds_are_asked_for(helped, client_of, eli):
    answer = client_of(eli).post(road.url(helped, "request-meeting"), {"grounds": ""})

    assert answer.status_code == 422
    assert "Say what gives reasonable cause to suspect significant harm" in road.text(answer)
    assert "It will be read by the social work manager who decides." in road.text(answer)
    assert not helped.meeting_decisions.exists()


def test_one_request_is_enough(asked, client_of, bea):
    answer = client_of(bea).post(road.url(asked, "request-meeting"), GROUNDS)

    assert answer.status_code == 409
    assert GROUNDS["grounds"] in road.text(answer)
    assert asked.meeting_decisions.count() == 1


def test_whoever_opens_the_page_while_a_meeting_is_requested_is_told_so(asked, client_of, bea):
    browser = client_of(bea)

    answer = browser.get(road.url(asked, "request-meeting"))

    assert answer.headers["Location"] == f"/referrals/{asked.reference}/"
    assert "A strategy meeting is already requested." in road.text(browser.get(answer.headers["Location"]))


def test_after_a_no_it_can_be_asked_again_on_new_facts(asked, client_of, bea, mo):
    decide(client_of(mo), asked, decision="do_not_convene", reason="Nothing points to it.")

    answer = client_of(bea).post(road.url(asked, "request-meeting"), {"grounds": "Something new was reported."})

    decision = asked.meeting_decisions.get()
    assert answer.status_code == 302
    assert (decision.state, decision.grounds) == ("requested", "Something new was reported.")


def test_an_ended_referral_has_no_meeting_to_ask_for(front_door, client_of, amara, willow):
    referral = cast.referral(amara, held_by=willow, state="closed", worker=amara)

    assert client_of(amara).post(road.url(referral, "request-meeting"), GROUNDS).status_code == 409


# --- Decide ----------------------------------------------------


def test_the_manager_convenes(asked, client_of, mo):
    page = client_of(mo).get(road.url(asked, "decide-meeting"))
    answer = decide(client_of(mo), asked, decision="convene")

    decision = asked.meeting_decisions.get()
    assert GROUNDS["grounds"] in road.text(page)
    assert answer.status_code == 302
    assert (decision.state, decision.decided_by) == ("convened", mo)
    assert not asked.record.tasks.open().filter(kind="meeting_decision").exists()
    assert road.last_entry(asked, "convene").actor == mo


def test_not_convening_needs_a_reason(asked, client_of, mo):
    refused = decide(client_of(mo), asked, decision="do_not_convene")
    done = decide(client_of(mo), asked, decision="do_not_convene", reason="Nothing points to it.")

    assert refused.status_code == 422
    assert "Give the reason why no strategy meeting is convened" in road.text(refused)
    assert done.status_code == 302
    assert asked.meeting_decisions.get().state == "not_convened"


def test_the_second_manager_is_told_who_was_first(asked, client_of, mo, willow):
    other = cast.user("Ott", (willow, "manager"))
    decide(client_of(mo), asked, decision="convene")

    second = decide(client_of(other), asked, version=1, decision="do_not_convene", reason="Nothing points to it.")

    assert second.status_code == 409
    assert "Mo changed this record" in road.text(second)
    assert asked.meeting_decisions.get().state == "convened"


def test_what_the_pathway_expects_says_so(front_door, client_of, amara, bea, mo, willow):
    referral = road.with_statutory(amara, mo, willow, bea, "2")

    assert "Expected by the pathway" in road.text(client_of(mo).get(road.url(referral, "decide-meeting")))


# --- Who may not ----------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["bea", "eli", "esi"])
def test_only_a_social_work_manager_decides(helped, request, client_of, eli, esi, who, method):
    meetings.request_meeting(helped.reference, actor=eli, grounds="Two children are in the same class.")
    written = road.entries(helped)

    answer = getattr(client_of(request.getfixturevalue(who)), method)(
        road.url(helped, "decide-meeting"), {"decision": "convene", "version": 1}
    )

    assert answer.status_code == (404 if who == "bea" else 403)
    assert road.entries(helped) == written


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", ["request-meeting", "decide-meeting"])
@pytest.mark.parametrize("who", ["carl", "max", "dee", "coo", "cho", "aud"])
def test_strangers_and_readers_find_nothing(asked, request, client_of, who, verb, method):
    written = road.entries(asked)

    answer = getattr(client_of(request.getfixturevalue(who)), method)(road.url(asked, verb), GROUNDS)

    assert answer.status_code == 404
    assert road.entries(asked) == written


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_request_there_is_nothing_to_decide(helped, client_of, dev, esi, method):
    assert getattr(client_of(esi), method)(road.url(helped, "decide-meeting")).status_code == 409
