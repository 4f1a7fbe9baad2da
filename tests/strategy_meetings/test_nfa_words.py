"""No further action that a manager still decides on, or refused, is said with that word wherever it stands (B10)."""

from uuid import uuid4

import pytest

from referrals.services import meetings
from strategy_meetings import documents
from strategy_meetings.selectors.meeting import outcomes_in_words
from strategy_meetings.services import minutes, papers, sitting
from tests.pages import page
from tests.strategy_meetings import meeting_road as road
from tests.strategy_meetings.test_papers import text
from tests.strategy_meetings.test_who_reads import planned_about, second_concern

pytestmark = pytest.mark.django_db

WAITS = "No further action (waits for a manager)"
REFUSED = "No further action: not agreed by a manager, the meeting comes together again"
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

    assert outcomes_in_words(child) == said
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
