"""No further action that a manager still decides on, or refused, is said with that word wherever it stands (B10)."""

from uuid import uuid4

import pytest

from referrals.services import meetings
from strategy_meetings import documents
from strategy_meetings.selectors.meeting import outcomes_in_words
from strategy_meetings.services import minutes, papers, planning, sitting
from tests.pages import assert_same_queries, page
from tests.referrals import case_road
from tests.strategy_meetings import meeting_road as road
from tests.strategy_meetings.test_papers import text
from tests.strategy_meetings.test_who_reads import planned_about, second_concern

pytestmark = pytest.mark.django_db

WAITS = "No further action (waits for a manager)"
REFUSED = "No further action: not agreed by a manager on 24 November 2026"
AGAIN = f"{REFUSED}, the meeting comes together again"
AGREED = "No further action, agreed by Mo on 24 November 2026"
OF_IT = "Strategy meeting of 24 November 2026: "


@pytest.fixture(autouse=True)
def _a_tuesday_in_november(time_machine):
    time_machine.move_to("2026-11-24T10:00:00Z", tick=False)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Documents of a test go away with it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }


@pytest.fixture
def children(amara, mo, willow, front_door, juniper):
    return road.allocated(amara, mo, willow, amara)


@pytest.fixture
def issued(children, mo, cho, min):
    """No further action for Robin, who displayed, and for Sky, who was harmed; an enquiry for Ash."""
    meeting = road.planned(road.convened(children[0], mo), cho, min)
    return road.issued(meeting, cho, {1: {"nfa": True}, 2: {"section_47": True}, 3: {"nfa": True}})


def decided(issued, mo, how):
    """A manager has confirmed it, refused it, or has not decided yet. Returns the first child of the meeting."""
    if how is not None:
        sitting.decide_nfa(issued.reference, 1, actor=mo, confirm=how, reason="As I see it.")
    return issued.children.get(number=1)


WORDS = pytest.mark.parametrize(
    ("how", "said"), [(None, WAITS), (False, REFUSED), (True, AGREED)], ids=["waits", "refused", "agreed"]
)


@WORDS
def test_one_place_makes_the_words(issued, mo, how, said):
    child = decided(issued, mo, how)

    assert outcomes_in_words(child) == (AGAIN if how is False else said)
    assert outcomes_in_words(issued.children.get(number=2)) == "Section 47 investigation"
    # For a child who was harmed no manager is asked.
    assert outcomes_in_words(issued.children.get(number=3)) == "No further action"


def test_before_the_decisions_are_issued_nobody_is_asked_yet(children, mo, cho, min):
    meeting = road.planned(road.convened(children[0], mo), cho, min)
    road.held(meeting, cho)
    road.agreed(meeting, 1, cho, nfa=True)

    assert outcomes_in_words(meeting.children.get(number=1)) == "No further action"


@WORDS
def test_every_page_says_it(issued, mo, client_of, how, said):
    child = decided(issued, mo, how)
    browser = client_of(mo)
    meeting, referral = f"/meetings/{issued.reference}/", f"/referrals/{child.referral.reference}/"

    for url in (meeting, f"{meeting}children/1/", f"{referral}meetings/", referral):
        assert said in page(browser.get(url)).text, url


@WORDS
def test_the_childs_own_record_says_it_once(issued, children, mo, how, said):
    decided(issued, mo, how)

    told = children[0].meeting_decisions.order_by("pk").first().agreed

    assert told == (f"{OF_IT}{said}" if how is None else f"{OF_IT}{said}\nMo: As I see it.")


def test_what_another_meeting_agreed_stays_beside_a_managers_word(issued, children, mo):
    decision = children[0].meeting_decisions.get()
    meetings.note_agreed(decision, "Section 47 investigation")

    decided(issued, mo, True)

    agreed = children[0].meeting_decisions.order_by("pk").first().agreed
    assert agreed == f"Section 47 investigation\n{OF_IT}{AGREED}\nMo: As I see it."


@pytest.mark.parametrize("day", [24, 25], ids=["on the same day", "on another day"])
def test_of_two_that_wait_only_its_own_is_replaced(children, amara, mo, willow, cho, min, time_machine, day):
    meeting = road.planned(road.convened(children[0], mo), cho, min)
    concern, pip = second_concern(amara, mo, willow, children[0])
    second = planned_about(pip, concern, mo, cho, minute_taker=min)
    robin = second.children.get(person=children[0].person_id).number
    road.issued(meeting, cho, {1: {"nfa": True}, 2: {"section_47": True}, 3: {"section_47": True}})
    time_machine.move_to(f"2026-11-{day}T11:00:00Z", tick=False)
    road.issued(second, cho, {robin: {"nfa": True}, 3 - robin: {"section_47": True}})

    sitting.decide_nfa(second.reference, robin, actor=mo, confirm=True, reason="As I see it.")

    agreed = children[0].meeting_decisions.get().agreed
    own = f"Strategy meeting of {day} November 2026: No further action, agreed by Mo on {day} November 2026"
    assert agreed == f"{OF_IT}{WAITS}\n{own}\nMo: As I see it."


@WORDS
@pytest.mark.parametrize(("kind", "number"), [("full", None), ("copy", 1)])
def test_the_minutes_say_it(issued, mo, cho, min, how, said, kind, number):
    decided(issued, mo, how)
    minutes.write_minutes(issued.reference, actor=min, shared="What was shared.")
    minutes.submit_minutes(issued.reference, actor=min)
    minutes.approve_minutes(issued.reference, actor=cho)

    made = papers.make_paper(
        issued.reference, actor=min, once=uuid4(), kind=kind, number=number, recipient="The school"
    )

    assert said in text(made)


# --- What became of a refusal -----------------------------------------------------------------------------------------


def test_a_meeting_that_was_planned_after_a_refusal_is_to_come(issued, children, mo, cho, min):
    decided(issued, mo, False)

    road.planned(children[0].meeting_decisions.last(), cho, min)

    assert outcomes_in_words(issued.children.get(number=1)) == AGAIN


def test_while_a_manager_decides_anew_it_is_open_and_not_convened_it_is_over(issued, children, mo, cho, min):
    decided(issued, mo, False)
    again = road.planned(children[0].meeting_decisions.last(), cho, min)

    planning.cancel(again.reference, actor=cho, reason="Not needed.")
    assert outcomes_in_words(issued.children.get(number=1)) == AGAIN
    anew = children[0].meeting_decisions.last()
    meetings.decide_meeting(
        anew.reference, actor=mo, convene=False, reason="Not after all.", weighed=case_road.weighed()
    )
    assert outcomes_in_words(issued.children.get(number=1)) == REFUSED


def test_once_it_came_together_again_it_is_over(issued, children, mo, cho, min):
    decided(issued, mo, False)
    alone = {child.person_id: "Has one of their own." for child in children[1:]}
    again = road.planned(children[0].meeting_decisions.last(), cho, min, left_out=alone)
    road.issued(again, cho, {1: {"section_47": True}})

    assert outcomes_in_words(issued.children.get(number=1)) == REFUSED


def test_another_meeting_years_later_is_not_the_one_that_comes_together_again(issued, children, mo):
    decided(issued, mo, False)
    anew = children[0].meeting_decisions.last()
    meetings.MeetingDecision.objects.filter(pk=anew.pk).update(state="concluded")

    meetings.request_meeting(children[0].reference, actor=mo, grounds="Something new.")

    assert outcomes_in_words(issued.children.get(number=1)) == REFUSED


# --- As many queries for many as for few ------------------------------------------------------------------------------


def test_the_meetings_page_asks_the_same_for_every_decision(client_of, children, mo, cho, min):
    meeting = road.planned(road.convened(children[0], mo), cho, min)
    road.issued(meeting, cho, {number: {"nfa": True} for number in (1, 2, 3)})
    sitting.decide_nfa(meeting.reference, 1, actor=mo, confirm=False, reason="As I see it.")

    assert_same_queries(
        client_of(cho),
        f"/meetings/{meeting.reference}/",
        lambda: sitting.decide_nfa(meeting.reference, 2, actor=mo, confirm=True, reason="As I see it."),
    )


@pytest.mark.parametrize("confirm", [True, False], ids=["agreed", "refused"])
def test_a_childs_meetings_ask_the_same_for_every_meeting(client_of, children, mo, cho, min, confirm):
    alone = {child.person_id: "Has one of their own." for child in children[1:]}

    def one():
        waiting = children[0].meeting_decisions.filter(state="convened").last()
        meeting = road.planned(waiting or road.convened(children[0], mo), cho, min, left_out=alone)
        road.issued(meeting, cho, {1: {"nfa": True}})
        sitting.decide_nfa(meeting.reference, 1, actor=mo, confirm=confirm, reason="As I see it.")

    one()
    assert_same_queries(client_of(mo), f"/referrals/{children[0].reference}/meetings/", one)


def test_our_managers_name_is_no_childs_in_a_copy(issued, mo):
    """Where a manager is called as another child of the concern is."""
    child = decided(issued, mo, True)
    mo.name = "Ash Manager"
    mo.save()
    child.nfa_by.refresh_from_db()

    rows = dict(documents.copy_about(child)["children"][0]["rows"])

    assert rows["Outcome"] == "No further action, agreed by Ash Manager on 24 November 2026"


@pytest.mark.parametrize("how", [None, False], ids=["waits", "refused"])
def test_a_letter_never_says_what_is_not_decided(issued, mo, how):
    child = decided(issued, mo, how)

    letter = documents.family_letter(child, contact="The team.", greeting="Hello", own_words="", signed_by="Min")

    assert letter["outcomes"] == ["What comes next is not decided yet"]


# --- A second meeting about the same child ----------------------------------------------------------------------------

NO_FURTHER_MEETING = ["No further meeting of this kind is planned"]


def letter_of(meeting):
    child = meeting.children.get(number=1)
    return documents.family_letter(child, contact="The team.", greeting="Hello", own_words="", signed_by="Min")


@pytest.fixture
def another(children, amara, mo, willow, cho, min):
    """A meeting about Robin and Pip, planned."""
    concern, pip = second_concern(amara, mo, willow, children[0])
    return planned_about(pip, concern, mo, cho, minute_taker=min)


def test_a_letter_says_that_no_meeting_is_planned_where_none_is(issued, mo):
    decided(issued, mo, True)

    assert letter_of(issued)["outcomes"] == NO_FURTHER_MEETING


def test_a_letter_does_not_deny_a_meeting_that_is_planned_or_goes_on(issued, another, mo, cho):
    decided(issued, mo, True)
    assert letter_of(issued)["outcomes"] == [documents.NOT_YET]

    road.held(another, cho)
    assert letter_of(issued)["outcomes"] == [documents.NOT_YET]


def test_nor_one_that_is_convened(issued, children, mo):
    decided(issued, mo, True)
    road.convened(children[0], mo)

    assert letter_of(issued)["outcomes"] == [documents.NOT_YET]


def test_once_the_other_is_cancelled_and_not_convened_it_says_so_again(issued, another, children, mo, cho):
    decided(issued, mo, True)
    planning.cancel(another.reference, actor=cho, reason="Not needed.")
    anew = children[0].meeting_decisions.last()
    assert letter_of(issued)["outcomes"] == NO_FURTHER_MEETING
    meetings.decide_meeting(
        anew.reference, actor=mo, convene=False, reason="Not after all.", weighed=case_road.weighed()
    )

    assert letter_of(issued)["outcomes"] == NO_FURTHER_MEETING
