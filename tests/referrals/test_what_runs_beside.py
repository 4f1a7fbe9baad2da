"""What runs beside a referral is settled before it ends, or goes to Early Help: each on a page of its own (B2, B23)."""

import pytest

from hsb.core import clock, work
from hsb.core.forms import date_parts
from hsb.core.refusals import NotReady
from hsb.people.states import Role
from referrals.models import Referral
from referrals.services import deciding, intake, meetings, working
from referrals.services.deciding import Destination, FamilyAnswer
from referrals.services.section47 import open_section_47
from strategy_meetings.services import planning, sitting
from tests import cast
from tests.pages import page
from tests.referrals import case_road as road
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db
ENQUIRY = "A section 47 enquiry is open: a manager of a statutory team concludes it first."
MEETING = "A strategy meeting about this child is convened: it issues its decisions, or is cancelled, first."
NO_ACTION = "A manager decides on no further action first."

ATTACH = "Attach to the referral that is already open"


def enquiry(referral, manager):
    open_section_47(referral, actor=manager, started_on=clock.today())


def meeting(referral, manager):
    decision = meetings.request_meeting(referral.reference, actor=manager, grounds="What the other child said.")
    meetings.decide_meeting(decision.reference, actor=manager, convene=True)


def no_action(referral, manager):
    asked = {"team": referral.record.holding_team, "role": Role.MANAGER}
    work.ask(referral.record, "confirm_nfa", about="HSB-2026-00042-1", **asked)


RUNNING = pytest.mark.parametrize(
    ("runs", "sentence"),
    [
        pytest.param(enquiry, ENQUIRY, id="an open section 47 enquiry"),
        pytest.param(meeting, MEETING, id="a convened meeting"),
        pytest.param(no_action, NO_ACTION, id="no further action undecided"),
    ],
)


@pytest.fixture
def worked(front_door, juniper, amara, bea, mo, willow):
    """A child with Willow, category 1; Bea works with them."""
    return road.at_work(road.with_statutory(amara, mo, willow, bea), bea)


@pytest.fixture
def proposed(worked, bea, mo):
    """Nothing stands in the way of closing it."""
    meetings.decide_meeting(
        worked.meeting_decisions.get().reference, actor=mo, convene=False, reason="No need.", weighed=road.weighed()
    )
    return road.closing_proposed(worked, bea)


def family():
    return FamilyAnswer(agreed=True, given_by="The mother", given_on=clock.today())


# --- Nothing ends while it runs --------------------------------------------------------------------------------------


@RUNNING
def test_it_stops_the_closing_and_the_page_says_so(proposed, runs, sentence, client_of, mo):
    runs(proposed, mo)

    overview = page(client_of(mo).get(road.url(proposed, "close").removesuffix("close/")))
    shown = client_of(mo).get(road.url(proposed, "close"))
    typed = {"version": road.again(proposed).version, "reason": "Agreed.", "confirmed": "1"}
    forged = client_of(mo).post(road.url(proposed, "close"), typed)

    assert sentence in overview.text
    assert (shown.status_code, sentence in page(shown).text) == (409, True)
    assert forged.status_code == 422
    assert road.again(proposed).state == "closing_proposed"


@RUNNING
def test_it_stops_closing_with_advice(front_door, juniper, amara, mo, runs, sentence):
    referral, _ = road.awaiting(amara, "0")
    runs(referral, mo)

    with pytest.raises(NotReady) as refusal:
        deciding.close_with_advice(referral.reference, actor=mo, closed_as="no_service", reason="Advice is enough.")

    assert refusal.value.sentences == (sentence,)
    assert road.again(referral).state == "awaiting_decision"


@RUNNING
def test_it_stops_the_exit_that_it_is_not_hsb(front_door, juniper, amara, mo, runs, sentence):
    referral, _ = road.awaiting(amara, "N")
    runs(referral, mo)

    with pytest.raises(NotReady) as refusal:
        deciding.accept_not_hsb(referral.reference, actor=mo, reason="Expected at that age.")

    assert refusal.value.sentences == (sentence,)
    assert road.again(referral).state == "awaiting_decision"


@RUNNING
def test_it_stops_attaching_and_the_case_says_so(
    front_door, juniper, amara, mo, max, willow, rowan, runs, sentence, client_of
):
    child = cast.person()
    open_one = cast.referral(max, held_by=rowan, child=child, state="statutory", worker=max)
    late = cast.referral(amara, held_by=willow, child=child)
    runs(late, mo)

    shown = page(client_of(mo).get(f"/referrals/{late.reference}/"))
    with pytest.raises(NotReady) as refusal:
        intake.attach(late.reference, actor=mo, to_reference=open_one.reference, reason="The same child.")

    assert ATTACH in shown.text
    assert sentence in shown.text
    assert refusal.value.sentences == (sentence,)
    assert road.again(late).state == "received"


def test_where_there_is_nothing_to_attach_to_nothing_is_said_of_it(front_door, juniper, amara, dev, client_of):
    referral, _ = road.logged(amara)
    meeting(referral, dev)

    assert ATTACH not in page(client_of(dev).get(f"/referrals/{referral.reference}/")).text


# --- Each is settled on its own page, and then it closes -------------------------------------------------------------


def test_once_the_enquiry_is_concluded_it_closes(proposed, mo, client_of):
    enquiry(proposed, mo)

    answer = client_of(mo).post(
        road.url(proposed, "conclude-section-47"),
        {
            "version": 1,
            "enquiry": proposed.section_47s.get().reference,
            "conclusion": "not_substantiated",
            "reason": "Nothing was found.",
            **date_parts("concluded_on", clock.today()),
        },
    )
    closed = working.close(proposed.reference, actor=mo, reason="Agreed.", weighed=road.weighed())

    assert answer.status_code == 302
    assert closed.state == "closed"


def test_a_meeting_that_is_cancelled_and_not_asked_again_lets_it_close(proposed, mo, cho):
    meeting(proposed, mo)
    planned = meeting_road.planned(proposed.meeting_decisions.last(), cho)

    planning.cancel(planned.reference, actor=cho, reason="The child moved away.")
    meetings.decide_meeting(
        proposed.meeting_decisions.last().reference, actor=mo, convene=False, reason="No need.", weighed=road.weighed()
    )

    assert working.close(proposed.reference, actor=mo, reason="Agreed.", weighed=road.weighed()).state == "closed"


def test_a_meeting_that_agreed_no_further_action_lets_it_close_once_a_manager_confirmed(proposed, mo, cho):
    meeting(proposed, mo)
    held = meeting_road.planned(proposed.meeting_decisions.last(), cho)
    meeting_road.issued(held, cho, {1: {"nfa": True, "category": "1"}})
    with pytest.raises(NotReady, match=NO_ACTION):
        working.close(proposed.reference, actor=mo, reason="Agreed.", weighed=road.weighed())

    sitting.decide_nfa(held.reference, 1, actor=mo, confirm=True, reason="The plan goes on.")

    assert working.close(proposed.reference, actor=mo, reason="Agreed.", weighed=road.weighed()).state == "closed"


# --- Early Help does not get it --------------------------------------------------------------------------------------


def test_an_open_enquiry_is_not_offered_to_early_help(worked, mo, hazel, client_of):
    enquiry(worked, mo)

    shown = client_of(mo).get(road.url(worked, "step-down"))
    with pytest.raises(NotReady) as refusal:
        working.offer(
            worked.reference,
            actor=mo,
            kind="step_down",
            to_team=hazel,
            reason="Calm months.",
            family=family(),
            weighed=road.weighed(),
        )

    assert (shown.status_code, ENQUIRY in page(shown).text) == (409, True)
    assert refusal.value.sentences == (ENQUIRY,)
    assert not worked.offers.exists()


def test_an_enquiry_that_opened_after_the_offer_stops_its_acceptance(worked, mo, esi, hazel):
    asked = {"kind": "step_down", "to_team": hazel, "reason": "Calm months.", "family": family()}
    asked["weighed"] = road.weighed()
    offered = working.offer(worked.reference, actor=mo, **asked)
    enquiry(road.again(worked), mo)

    with pytest.raises(NotReady, match="A section 47 enquiry is open"):
        working.accept_offer(offered.reference, actor=esi, answer="There is room.")

    assert road.again(worked).state == "statutory"
    assert worked.offers.get().state == "offered"


def test_a_child_with_an_open_enquiry_is_allocated_to_a_statutory_team(front_door, amara, mo, hazel, willow):
    referral, _ = road.awaiting(amara, "0")
    enquiry(referral, mo)

    with pytest.raises(NotReady) as refusal:
        deciding.allocate(
            referral.reference, actor=mo, destination=Destination(team=hazel, reason="It fits."), family=family()
        )
    deciding.allocate(referral.reference, actor=mo, destination=Destination(team=willow, reason="An enquiry is open."))

    assert refusal.value.sentences == (ENQUIRY,)
    assert Referral.objects.get(pk=referral.pk).state == "statutory"
