"""Propose closing, close or return, and a new episode: through a browser."""

import pytest

from hsb.core import access, work
from hsb.core.states import Because
from referrals import guards
from referrals.models import Referral, RiskAssessment
from referrals.services import assessing, deciding, meetings, restricting
from tests import cast
from tests.referrals import case_road as road
from tests.referrals import consent_road

pytestmark = pytest.mark.django_db
PROPOSAL = {
    "closed_as": "plan_met",
    "what_changed": "Calm months at school.",
    "reason": "The plan is met.",
}


@pytest.fixture
def worked(front_door, amara, bea, mo, willow):
    """A child with Willow; Bea works with them. The meeting's question is answered."""
    referral = road.at_work(road.with_statutory(amara, mo, willow, bea), bea)
    decision = referral.meeting_decisions.get()
    meetings.decide_meeting(
        decision.reference, actor=mo, convene=False, reason="Nothing points to it.", weighed=road.weighed()
    )
    return road.again(referral)


@pytest.fixture
def proposed(worked, bea):
    return road.closing_proposed(worked, bea)


def send(browser, referral, verb, **answers):
    return browser.post(road.url(referral, verb), {"version": referral.version} | answers)


# --- Propose ----------------------------------------------------


def test_the_worker_proposes_after_a_reassessment(worked, client_of, bea, mo, willow):
    road.reassessed(worked, bea, "1")

    answer = send(client_of(bea), road.again(worked), "propose-closing", **PROPOSAL)

    after = road.again(worked)
    assert answer.status_code == 302
    assert after.state == "closing_proposed"
    assert after.closing_proposals.get().what_changed == "Calm months at school."
    assert after.record.tasks.open().get(kind="close").team == willow


def test_before_the_risk_is_rated_again_the_page_says_so(worked, client_of, bea):
    page = client_of(bea).get(road.url(worked, "propose-closing"))
    forged = send(client_of(bea), worked, "propose-closing", **PROPOSAL)

    assert page.status_code == 409
    assert "Rate the risk again first" in road.text(page)
    assert forged.status_code == 422
    assert "Calm months at school." in road.text(forged), "what was typed is kept"
    assert road.again(worked).state == "statutory"


def test_a_reason_is_offered_where_it_can_be_true(front_door, client_of, amara, dev, eli, hazel):
    helped = road.with_early_help(amara, dev, hazel, worker=eli)
    road.at_work(helped, eli)
    road.reassessed(road.again(helped), eli, "0")
    browser = client_of(eli)
    refused = {**PROPOSAL, "closed_as": "agreement_refused", "reason": "The mother wants no help."}

    assert "Agreement refused" not in road.text(browser.get(road.url(helped, "propose-closing")))
    assert send(browser, road.again(helped), "propose-closing", **refused).status_code == 422
    consent_road.answered(road.again(helped), eli, purpose="early_help", answer="refused")
    assert "Agreement refused" in road.text(browser.get(road.url(helped, "propose-closing")))
    assert "Turned 18" not in road.text(browser.get(road.url(helped, "propose-closing")))
    assert send(browser, road.again(helped), "propose-closing", **refused).status_code == 302
    assert guards.plan_is_met(road.again(helped))


def test_what_is_developmentally_expected_closes_as_that(worked, client_of, bea):
    browser = client_of(bea)
    road.reassessed(worked, bea, "1")
    assert "Developmentally expected" not in road.text(browser.get(road.url(worked, "propose-closing")))
    RiskAssessment.objects.filter(referral=worked, number=2).update(category="N")

    answer = send(browser, road.again(worked), "propose-closing", **{**PROPOSAL, "closed_as": "not_hsb"})

    assert answer.status_code == 302
    assert road.again(worked).closing_proposals.get().closed_as == "not_hsb"


@pytest.mark.parametrize(("closed_as", "plan_met"), [("plan_met", True), ("moved", False)])
def test_whether_the_plan_is_met_is_asked_once(worked, client_of, bea, closed_as, plan_met):
    road.reassessed(worked, bea, "1")
    browser = client_of(bea)

    page = road.text(browser.get(road.url(worked, "propose-closing")))
    answer = send(browser, road.again(worked), "propose-closing", **PROPOSAL | {"closed_as": closed_as})

    assert "Is the plan met?" not in page
    assert answer.status_code == 302
    assert worked.closing_proposals.get().plan_met == plan_met


# --- Close or return ----------------------------------------------------


def test_the_manager_closes_after_being_asked_twice(proposed, client_of, mo, bea):
    browser = client_of(mo)

    page = browser.get(road.url(proposed, "close"))
    asked = send(browser, proposed, "close", reason="Agreed with the family.", **road.WEIGHED)
    before = road.again(proposed).state
    done = send(browser, proposed, "close", reason="Agreed with the family.", confirmed="1", **road.WEIGHED)

    after = road.again(proposed)
    assert "Calm months at school." in road.text(page)
    assert "This cannot be undone" in road.text(asked)
    assert before == "closing_proposed"
    assert done.url == f"/referrals/{proposed.reference}/", "the last team's manager can still open it"
    assert (after.state, after.closed_as) == ("closed", "plan_met")
    assert [task.kind for task in after.record.tasks.open()] == ["tell_referrer"], "still owed"
    assert road.last_entry(after, "close").reason == "Agreed with the family."
    assert client_of(bea).get(done.url).status_code == 200


def test_an_undecided_meeting_stops_the_closing(front_door, client_of, amara, bea, mo, willow):
    referral = road.at_work(road.with_statutory(amara, mo, willow, bea), bea)
    referral = road.closing_proposed(referral, bea)

    page = client_of(mo).get(road.url(referral, "close"))
    forged = send(client_of(mo), referral, "close", reason="Agreed.", confirmed="1")

    assert page.status_code == 409
    assert "Decide on the request for a strategy meeting first." in road.text(page)
    assert forged.status_code == 422
    assert road.again(referral).state == "closing_proposed"


def test_a_new_concern_is_looked_at_before_the_referral_is_closed(proposed, client_of, amara, mo, bea):
    road.harmed_too(proposed, amara, roles=("displayed",))
    waits, referral = "A new concern about this child waits to be looked at", road.again(proposed)

    page = client_of(mo).get(road.url(referral, "close"))
    forged = send(client_of(mo), referral, "close", reason="Done.", confirmed="1")

    assert (page.status_code, forged.status_code) == (409, 422)
    assert waits in road.text(page) and waits in road.text(forged)
    send(client_of(mo), referral, "return-to-service", reason="Something new was reported.")
    assert waits in road.text(client_of(bea).get(road.url(referral, "propose-closing")))
    deciding.decide_reassessment(referral.reference, actor=mo, approve=False, reason="Take in what is new.")
    assessing.submit(referral.latest_assessment().reference, actor=bea)
    assert waits not in road.text(client_of(bea).get(road.url(referral, "propose-closing")))


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("action", "An agreed action is open"),
        ("immediate_action", "What a meeting agreed to do at once"),
        ("conference", "or a child protection conference, is open"),
    ],
)
def test_what_was_agreed_while_the_manager_was_asked_twice_stops_the_closing(
    proposed, client_of, bea, mo, kind, sentence
):
    work.ask(proposed.record, kind, about="MTG-2026-00001#1", owner=bea)

    answer = send(client_of(mo), road.again(proposed), "close", reason="Done.", confirmed="1")

    assert answer.status_code == 422
    assert sentence in road.text(answer)
    assert proposed.record.tasks.open().filter(kind=kind).exists()


def test_the_manager_returns_it(proposed, client_of, mo):
    answer = send(client_of(mo), proposed, "return-to-service", reason="See the school once more.")

    after = road.again(proposed)
    assert answer.status_code == 302
    assert after.state == "statutory"
    assert road.last_entry(after, "return_to_service").reason == "See the school once more."
    assert not after.record.tasks.open().filter(kind="close").exists()


def test_of_two_managers_the_second_is_told(proposed, client_of, mo, willow):
    other = cast.user("Ott", (willow, "manager"))
    send(client_of(mo), proposed, "return-to-service", reason="See the school once more.")

    second = send(client_of(other), proposed, "close", reason="Agreed.", confirmed="1")

    assert second.status_code == 409
    assert "Mo changed this record" in road.text(second)
    assert "Agreed." in road.text(second)
    assert road.again(proposed).state == "statutory"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", ["close", "return-to-service"])
def test_the_proposer_never_closes(front_door, client_of, amara, mo, willow, verb, method):
    boss = cast.user("Boss", (willow, "manager"), (willow, "practitioner"))
    referral = road.at_work(road.with_statutory(amara, mo, willow, boss), boss)
    referral = road.closing_proposed(referral, boss)

    answer = getattr(client_of(boss), method)(road.url(referral, verb), {"reason": "Agreed.", "confirmed": "1"})

    assert answer.status_code == 403
    assert road.again(referral).state == "closing_proposed"


# --- A new episode ----------------------------------------------------


def test_new_information_opens_a_new_episode(front_door, client_of, amara, bea, willow):
    closed = cast.referral(amara, held_by=willow, state="closed", worker=bea)

    answer = client_of(bea).post(road.url(closed, "reopen"), {"reason": "Something new was reported."})

    episode = Referral.objects.get(previous=closed)
    assert answer.url == f"/referrals/{episode.reference}/"
    assert episode.state == "received"
    assert episode.record.holding_team == front_door
    assert road.again(closed).state == "closed"
    assert road.last_entry(closed, "new_episode").facts["episode"] == episode.reference


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_open_referral_is_not_opened_again(worked, client_of, bea, method):
    answer = getattr(client_of(bea), method)(road.url(worked, "reopen"), {"reason": "New."})

    assert answer.status_code == 409
    assert Referral.objects.count() == 1


# --- Who may not, and when not ----------------------------------------------------

VERBS = ["propose-closing", "close", "return-to-service", "reopen"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["carl", "max", "dee", "coo"])
def test_strangers_find_nothing(proposed, request, client_of, who, verb, method):
    written = road.entries(proposed)

    answer = getattr(client_of(request.getfixturevalue(who)), method)(road.url(proposed, verb), PROPOSAL)

    assert answer.status_code == 404
    assert road.entries(proposed) == written


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", ["close", "return-to-service"])
def test_the_worker_does_not_close(proposed, client_of, bea, verb, method):
    answer = getattr(client_of(bea), method)(road.url(proposed, verb), {"reason": "Agreed.", "confirmed": "1"})

    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", ["close", "return-to-service"])
def test_before_a_proposal_it_is_too_early(worked, client_of, mo, verb, method):
    answer = getattr(client_of(mo), method)(road.url(worked, verb), {"reason": "Agreed.", "confirmed": "1"})

    assert answer.status_code == 409
    assert road.again(worked).state == "statutory"


def test_a_manager_who_was_barred_meanwhile_learns_nothing(proposed, client_of, mo, willow):
    other = cast.user("Ott", (willow, "manager"))
    restricting.bar(proposed.reference, actor=mo, user=other, reason="A cousin.")
    access.end_grants(proposed.record, Because.ALLOCATED_TEAM)

    answer = send(client_of(other), proposed, "close", reason="Agreed.", confirmed="1")

    assert answer.status_code == 404
