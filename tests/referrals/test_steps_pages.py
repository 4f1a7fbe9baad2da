"""Step up, step down, and their answers: through a browser."""

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from referrals.services import working
from referrals.services.deciding import FamilyAnswer
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def helped(front_door, amara, mo, eli, hazel, willow, rowan):
    """A child with Early Help; Eli works with them."""
    return road.at_work(road.with_early_help(amara, mo, hazel, eli), eli)


@pytest.fixture
def worked(front_door, amara, bea, mo, willow, hazel):
    """A child with Willow; Bea works with them. No meeting is asked for."""
    return road.at_work(road.with_statutory(amara, mo, willow, bea), bea)


def send(browser, referral, verb, **answers):
    return browser.post(road.url(referral, verb), {"version": referral.version} | answers)


def asked(helped, eli, willow):
    return working.offer(helped.reference, actor=eli, kind="step_up", to_team=willow, reason="More is needed.")


def answer_of(browser, referral, offer, **answers):
    typed = {"version": offer.version, "answer": "There is room."} | answers
    return browser.post(road.url(referral, "answer-offer"), typed)


def agreed():
    return {"agreed_by": "The mother", **date_parts("agreed_on", clock.today())}


# --- Step up ----------------------------------------------------


def test_the_worker_asks_and_the_manager_takes_the_child(helped, client_of, eli, mo, bea):
    send(client_of(eli), helped, "step-up", to_team="willow", reason="More is needed.")
    offer = helped.offers.get()
    before = road.again(helped).state

    done = answer_of(client_of(mo), helped, offer, decision="accept", tier="3", worker=bea.reference)

    after = road.again(helped)
    assert before == "early_help"
    assert done.status_code == 302
    assert (after.state, after.worker, after.tier) == ("statutory", bea, 3)
    assert after.csc_referral_on == clock.today()
    assert road.last_entry(after, "step_up").actor == mo
    assert after.meeting_decisions.get().state == "requested"


def test_the_request_shows_who_asks_and_why(helped, client_of, eli, mo, willow):
    asked(helped, eli, willow)

    page = road.text(client_of(mo).get(road.url(helped, "answer-offer")))

    assert "Asked by Eli on" in page
    assert "More is needed." in page


def test_taking_a_child_needs_a_tier(helped, client_of, eli, mo, willow):
    offer = asked(helped, eli, willow)

    answer = answer_of(client_of(mo), helped, offer, decision="accept")

    assert answer.status_code == 422
    assert "Choose tier 3 or tier 4" in road.text(answer)
    assert "There is room." in road.text(answer), "what was typed is kept"
    assert road.again(helped).state == "early_help"


def test_the_manager_refuses_and_the_child_stays(helped, client_of, eli, mo, willow):
    offer = asked(helped, eli, willow)

    answer = answer_of(client_of(mo), helped, offer, decision="refuse", answer="Early Help can do this.")

    assert answer.url == "/my-work/", "Mo was asked, and the answer ended that"
    assert road.again(helped).state == "early_help"
    assert helped.offers.get().state == "refused"
    assert helped.offers.get().answer == "Early Help can do this."


def test_two_who_answer_at_once_are_told_who_was_first(helped, client_of, eli, mo, willow):
    offer = asked(helped, eli, willow)
    answer_of(client_of(mo), helped, offer, decision="refuse")

    second = answer_of(client_of(mo), helped, offer, decision="accept", tier="3")

    assert second.status_code == 409
    assert "Mo changed this record" in road.text(second)
    assert road.again(helped).state == "early_help"


def test_the_team_that_asked_withdraws(helped, client_of, eli, willow):
    offer = asked(helped, eli, willow)

    answer = client_of(eli).post(
        road.url(helped, "withdraw-offer"), {"version": offer.version, "reason": "It calmed down."}
    )

    assert answer.status_code == 302
    assert helped.offers.get().state == "withdrawn"


def test_while_a_request_waits_no_second_is_made(helped, client_of, eli, willow):
    asked(helped, eli, willow)

    page = client_of(eli).get(road.url(helped, "step-up"))
    forged = send(client_of(eli), helped, "step-up", to_team="rowan", reason="More is needed.")

    assert (page.status_code, forged.status_code) == (409, 409)
    assert helped.offers.count() == 1


def test_what_cannot_wait_steps_up_at_once(helped, client_of, eli, willow):
    answer = send(
        client_of(eli), helped, "step-up-urgently", to_team="willow", tier="4", reason="It happened again today."
    )

    after = road.again(helped)
    assert answer.status_code == 302
    assert (after.state, after.tier, after.record.holding_team, after.worker) == ("statutory", 4, willow, None)
    assert after.record.tasks.open().get(kind="name_worker").team == willow


def test_a_team_of_the_wrong_service_is_not_offered(helped, client_of, eli):
    answer = send(client_of(eli), helped, "step-up", to_team="hazel", reason="More is needed.")

    assert answer.status_code == 422
    assert not helped.offers.exists()


# --- Step down ----------------------------------------------------


def test_the_manager_offers_and_early_help_accepts(worked, client_of, mo, esi, eli):
    answers = {"to_team": "hazel", "reason": "Calm months.", **agreed(), **road.WEIGHED}
    offered = send(client_of(mo), worked, "step-down", **answers)
    offer = worked.offers.get()

    done = answer_of(client_of(esi), worked, offer, decision="accept", worker=eli.reference)

    after = road.again(worked)
    assert offered.status_code == 302
    assert done.status_code == 302
    assert (after.state, after.worker) == ("early_help", eli)
    assert road.last_entry(after, "step_down").actor == esi


def test_a_step_down_has_no_tier_to_choose(worked, client_of, mo, esi, hazel):
    working.offer(
        worked.reference,
        actor=mo,
        kind="step_down",
        to_team=hazel,
        reason="Calm months.",
        family=FamilyAnswer(agreed=True, given_by="The mother", given_on=clock.today()),
        weighed=road.weighed(),
    )

    page = road.text(client_of(esi).get(road.url(worked, "answer-offer")))

    assert "Tier 3: complex needs" not in page


def test_without_the_familys_agreement_nothing_is_offered(worked, client_of, mo):
    answer = send(client_of(mo), worked, "step-down", to_team="hazel", reason="Calm months.")

    assert answer.status_code == 422
    assert "Enter who in the family agreed to Early Help" in road.text(answer)
    assert not worked.offers.exists()


def test_an_unsent_87a_stops_the_step_down(front_door, client_of, amara, bea, mo, willow, hazel):
    referral = road.at_work(road.with_statutory(amara, mo, willow, bea, "2"), bea)

    page = client_of(mo).get(road.url(referral, "step-down"))
    forged = send(client_of(mo), referral, "step-down", to_team="hazel", reason="Calm months.", **agreed())

    assert page.status_code == 409
    assert "Form 87A is not resolved" in road.text(page)
    assert forged.status_code == 422
    assert "Form 87A is not resolved" in road.text(forged)


# --- Who may not, and when not ----------------------------------------------------

VERBS = ["step-up", "step-up-urgently", "step-down", "answer-offer", "withdraw-offer"]
TYPED = {"reason": "More is needed.", "to_team": "willow", "tier": "3", "decision": "accept", "version": "1"}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["carl", "dee", "coo"])
def test_strangers_find_nothing(helped, request, client_of, eli, willow, who, verb, method):
    asked(helped, eli, willow)

    answer = getattr(client_of(request.getfixturevalue(who)), method)(road.url(helped, verb), TYPED)

    assert answer.status_code == 404
    assert helped.offers.get().state == "offered"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("who", "verb"),
    [
        pytest.param("eli", "answer-offer", id="who asked does not answer"),
        pytest.param("esi", "answer-offer", id="another team's manager does not answer"),
        pytest.param("mo", "withdraw-offer", id="who was asked does not withdraw"),
    ],
)
def test_who_sees_it_but_may_not_is_refused(helped, request, client_of, eli, willow, who, verb, method):
    asked(helped, eli, willow)
    written = road.entries(helped)

    answer = getattr(client_of(request.getfixturevalue(who)), method)(road.url(helped, verb), TYPED)

    assert answer.status_code == 403
    assert road.entries(helped) == written


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_worker_does_not_offer_a_step_down(worked, client_of, bea, method):
    answer = getattr(client_of(bea), method)(road.url(worked, "step-down"), TYPED)

    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", VERBS)
def test_before_an_allocation_it_is_too_early(front_door, client_of, amara, dev, verb, method):
    referral, _ = road.awaiting(amara)
    written = road.entries(referral)

    answer = getattr(client_of(dev), method)(road.url(referral, verb), TYPED)

    assert answer.status_code == 409
    assert road.entries(referral) == written
