"""A child with Early Help for whom a meeting agreed what is statutory social work's: a team is asked at once (B23)."""

import pytest

from hsb.core import clock
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role
from referrals.models import Referral, Section47
from referrals.services import meetings, section47, working
from tests import cast
from tests.pages import page
from tests.referrals import case_road as road
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db
APART = {"immediate_action": True, "immediate_what": "Two classes."}
ENQUIRY = {"section_47": True, "category": "0"}
CATEGORY = {**APART, "category": "1"}


@pytest.fixture
def helped(front_door, juniper, amara, mo, willow, eli, hazel):
    """A child of category 0 with Early Help; Eli works with them."""
    return road.at_work(road.with_early_help(amara, mo, hazel, eli), eli)


@pytest.fixture
def agreed(helped, eli, dev, cho):
    """`agreed(section_47=True, ...)`: a meeting about the child agreed that. Returns the referral as it is after it."""

    def issue(**answers):
        decision = meetings.request_meeting(helped.reference, actor=eli, grounds="What the other child said.")
        meetings.decide_meeting(decision.reference, actor=dev, convene=True)
        planned = meeting_road.planned(helped.meeting_decisions.last(), cho)
        meeting_road.issued(planned, cho, {1: answers})
        return road.again(helped)

    return issue


def asked(referral):
    return [(offer.kind, offer.to_team.name, offer.state) for offer in referral.offers.all()]


def task(referral, kind):
    return referral.record.tasks.open().get(kind=kind)


def conclude(referral, manager):
    how = {"conclusion": "not_substantiated", "reason": "What was found.", "concluded_on": clock.today()}
    return section47.conclude_section_47(referral.section_47s.get().reference, actor=manager, **how)


def opens(user, referral):
    return Referral.objects.visible_to(cast.again(user)).filter(pk=referral.pk).exists()


# --- Asked at once ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(ENQUIRY, id="a section 47 enquiry"),
        pytest.param(CATEGORY, id="a category"),
        pytest.param({"section_47": True, "category": "2"}, id="both: asked once"),
    ],
)
def test_the_managers_of_a_statutory_team_are_asked_and_may_open_it(agreed, answers, mo, cho, willow):
    referral = agreed(**answers)

    entry = road.last_entry(referral, "offer_step_up")
    assert referral.state == "early_help"
    assert asked(referral) == [("step_up", "Willow", "offered")]
    assert (task(referral, "answer_offer").team, task(referral, "answer_offer").role) == (willow, Role.MANAGER)
    assert (entry.actor, entry.facts["team"]) == (cho, "willow")
    assert opens(mo, referral)


def test_for_what_early_help_does_nobody_is_asked(agreed, mo):
    referral = agreed(**APART, category="0")

    assert asked(referral) == []
    assert not opens(mo, referral)


def test_a_child_with_a_statutory_team_steps_up_no_further(front_door, amara, mo, willow, cho):
    referral = road.with_statutory(amara, mo, willow, amara)

    section47.open_section_47(referral, actor=cho, started_on=clock.today())

    assert asked(referral) == []
    assert task(referral, "section_47").owner == amara


def test_where_early_help_asked_already_nobody_is_asked_twice(helped, agreed, eli, rowan):
    working.offer(helped.reference, actor=eli, kind="step_up", to_team=rowan, reason="More is needed.")

    referral = agreed(**ENQUIRY)

    assert asked(referral) == [("step_up", "Rowan", "offered")]
    assert task(referral, "section_47").team == rowan


@pytest.fixture
def child(front_door, willow, rowan):
    """A child of a borough with two statutory teams, of which Willow comes first."""
    return cast.person()


def test_the_team_of_the_concerns_other_child_is_asked_before_any_other(child, amara, cho, eli, hazel, rowan):
    about = cast.concern(amara)
    cast.referral(amara, held_by=rowan, state="statutory", side="harmed", about=about)
    referral = cast.referral(amara, held_by=hazel, child=child, state="early_help", worker=eli, about=about)

    section47.needs_statutory(referral, actor=cho, reason="An enquiry.")

    assert asked(referral) == [("step_up", "Rowan", "offered")]


def test_the_team_that_had_the_child_before_is_asked_first_of_all(child, amara, cho, eli, hazel, willow, rowan):
    about = cast.concern(amara)
    cast.referral(amara, held_by=willow, state="statutory", side="harmed", about=about)
    referral = cast.referral(amara, held_by=hazel, child=child, state="early_help", worker=eli, about=about)
    spell = {"from_team": rowan, "starts_on": cast.SINCE, "ends_on": cast.SINCE, "decided_by": amara}
    referral.allocations.create(team=rowan, **spell)

    section47.needs_statutory(referral, actor=cho, reason="An enquiry.")

    assert asked(referral) == [("step_up", "Rowan", "offered")]


# --- The enquiry is theirs -------------------------------------------------------------------------------------------


def test_early_helps_manager_does_not_conclude_it(agreed, esi, client_of):
    referral = agreed(**ENQUIRY)

    shown = client_of(esi).get(road.url(referral, "conclude-section-47"))
    with pytest.raises(Denied):
        conclude(referral, esi)

    assert shown.status_code == 403
    assert Section47.objects.get().state == "open"


def test_who_was_asked_is_told_to_answer_first(agreed, mo, willow, client_of):
    referral = agreed(**ENQUIRY)

    shown = client_of(mo).get(road.url(referral, "conclude-section-47"))
    with pytest.raises(Denied):
        conclude(referral, mo)

    assert task(referral, "section_47").team == willow
    assert shown.status_code == 409
    assert "A statutory team must have the child first" in page(shown).text


def test_once_they_have_the_child_they_have_it_and_conclude_it(agreed, mo, bea):
    referral = agreed(**ENQUIRY)
    due_on = task(referral, "section_47").due_on

    working.accept_offer(referral.offers.get().reference, actor=mo, answer="At once.", tier=4, worker=bea)
    passed_on = task(referral, "section_47")
    enquiry = conclude(referral, mo)

    assert (passed_on.owner, passed_on.due_on) == (bea, due_on)
    assert enquiry.state == "not_substantiated"


def test_another_worker_of_early_help_does_not_get_it_back(agreed, esi, hazel, willow):
    referral = agreed(**ENQUIRY)
    other = cast.user("Ebb", (hazel, Role.PRACTITIONER))

    working.name_worker(referral.reference, actor=esi, worker=other, reason="Eli is on leave.")

    assert task(referral, "section_47").team == willow


def test_a_front_door_manager_is_told_that_a_statutory_team_has_it(front_door, amara, dev, cho, client_of):
    referral, _ = road.awaiting(amara)
    section47.open_section_47(referral, actor=cho, started_on=clock.today())

    shown = client_of(dev).get(road.url(referral, "conclude-section-47"))

    assert asked(referral) == []
    assert (shown.status_code, "A statutory team must have the child first" in page(shown).text) == (409, True)


# --- It does not fall back -------------------------------------------------------------------------------------------


def test_while_the_enquiry_is_open_the_request_is_not_refused(agreed, mo, client_of):
    referral = agreed(**ENQUIRY)
    offer = referral.offers.get()

    typed = {"version": offer.version, "decision": "refuse", "answer": "Nobody is free."}
    answer = client_of(mo).post(road.url(referral, "answer-offer"), typed)

    assert answer.status_code == 422
    assert "A section 47 enquiry is open, and Early Help cannot have one" in page(answer).text
    assert asked(referral) == [("step_up", "Willow", "offered")]
    assert opens(mo, referral)


def test_a_manager_may_refuse_what_a_category_alone_asks_for(agreed, mo):
    referral = agreed(**CATEGORY)

    working.refuse_offer(referral.offers.get().reference, actor=mo, answer="Early Help does what is needed.")

    assert asked(referral) == [("step_up", "Willow", "refused")]


def test_early_help_does_not_take_back_what_a_meeting_asked_for(agreed, eli, client_of):
    referral = agreed(**CATEGORY)

    shown = client_of(eli).get(road.url(referral, "withdraw-offer"))
    with pytest.raises(NotReady, match="the manager who was asked answers"):
        working.withdraw_offer(referral.offers.get().reference, actor=eli, reason="It calmed down.")

    assert (shown.status_code, "the manager who was asked answers" in page(shown).text) == (409, True)
    assert asked(referral) == [("step_up", "Willow", "offered")]


def test_nor_its_own_request_while_an_enquiry_is_open(helped, agreed, eli, willow):
    offer = working.offer(helped.reference, actor=eli, kind="step_up", to_team=willow, reason="More is needed.")
    referral = agreed(**ENQUIRY)

    with pytest.raises(NotReady, match="the manager who was asked answers"):
        working.withdraw_offer(offer.reference, actor=eli, reason="It calmed down.")

    assert asked(referral) == [("step_up", "Willow", "offered")]


def test_what_cannot_wait_steps_up_to_the_right_team_at_once(agreed, eli, rowan, mo):
    referral = agreed(**ENQUIRY)

    working.step_up_urgently(referral.reference, actor=eli, to_team=rowan, tier=4, reason="Rowan knows the family.")

    assert road.again(referral).state == "statutory"
    assert asked(referral) == [("step_up", "Willow", "withdrawn")]
    assert task(referral, "section_47").team == rowan
    assert not opens(mo, referral)


def test_while_a_statutory_team_is_asked_it_is_not_closed_and_the_way_back_is_said(agreed, helped, eli, esi, mo):
    road.closing_proposed(helped, eli)
    referral = agreed(**CATEGORY)

    with pytest.raises(NotReady, match="return the referral to its service, so that they can answer"):
        working.close(referral.reference, actor=esi, reason="Agreed.", weighed=road.weighed())
    working.return_to_service(referral.reference, actor=esi, reason="Willow is asked.")
    working.accept_offer(referral.offers.get().reference, actor=mo, answer="At once.", tier=3)

    assert road.again(referral).state == "statutory"
