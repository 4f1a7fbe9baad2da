"""Before the decisions are issued nothing is agreed, and a cancelled meeting has agreed nothing: pages say so (A10)."""

from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.refusals import NotReady
from strategy_meetings.services import intel, planning, sitting
from tests.pages import page
from tests.strategy_meetings import meeting_road as road

pytestmark = pytest.mark.django_db
TYPED = ("No further action", "Section 47 investigation", "What was weighed.", "As assessed.", "o be completed")


@pytest.fixture
def children(amara, mo, willow, front_door, juniper):
    return road.allocated(amara, mo, willow, amara)


@pytest.fixture
def held(children, mo, cho, min, amara):
    """Typed for Robin: no further action; for Ash: an enquiry, and an intel form that Amara completes."""
    meeting = road.planned(road.convened(children[0], mo), cho, min)
    road.held(meeting, cho)
    road.agreed(meeting, 1, cho, nfa=True)
    road.agreed(meeting, 2, cho, section_47=True, intel="needed", intel_by=amara, intel_due_on=clock.today())
    return meeting


@pytest.fixture
def cancelled(held, cho):
    sitting.adjourn(held.reference, actor=cho, reason="It is late.", goes_on_on=clock.today())
    return planning.cancel(held.reference, actor=cho, reason="Not needed any more.")


def said(client_of, user, url):
    return page(client_of(user).get(url)).text


def of_robin(children):
    return f"/referrals/{children[0].reference}/meetings/"


def test_a_cancelled_meeting_says_nothing_as_agreed(client_of, children, cancelled, mo):
    meeting = f"/meetings/{cancelled.reference}/"

    for url in (meeting, f"{meeting}children/1/", f"{meeting}children/2/", of_robin(children)):
        told = said(client_of, mo, url)
        assert [words for words in TYPED if words in told] == [], url


def test_its_page_says_that_nothing_was(client_of, cancelled, mo):
    assert "Robin Sample Child who displayed Nothing Ash" in said(client_of, mo, f"/meetings/{cancelled.reference}/")


def test_what_the_child_said_stays(client_of, held, cho, mo):
    sitting.save_child(held.reference, 1, actor=cho, answers={"child_views": "Wants to stay at school."})
    sitting.adjourn(held.reference, actor=cho, reason="It is late.", goes_on_on=clock.today())
    planning.cancel(held.reference, actor=cho, reason="Not needed any more.")

    assert "Wants to stay at school." in said(client_of, mo, f"/meetings/{held.reference}/children/1/")


def test_nobody_completes_an_intel_form_for_a_cancelled_meeting(client_of, cancelled, amara):
    with pytest.raises(NotReady, match="was held, and not cancelled"):
        intel.begin_from_meeting(cancelled.reference, actor=amara, once=uuid4(), numbers=[2])


@pytest.mark.parametrize("adjourned", [False, True], ids=["held", "adjourned"])
def test_the_childs_meetings_say_that_it_is_not_issued(client_of, children, held, cho, mo, adjourned):
    if adjourned:
        sitting.adjourn(held.reference, actor=cho, reason="It is late.", goes_on_on=clock.today())

    told = said(client_of, mo, of_robin(children))

    assert "Agreed for this child: Not issued yet." in told
    assert "No further action" not in told


def test_issued_they_say_what_was_agreed(client_of, children, mo, cho, min):
    meeting = road.planned(road.convened(children[0], mo), cho, min)
    road.issued(meeting, cho, {number: {"section_47": True} for number in (1, 2, 3)})

    assert "Agreed for this child: Section 47 investigation." in said(client_of, mo, of_robin(children))
