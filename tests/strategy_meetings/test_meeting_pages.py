"""The pages of a meeting: who reads what of it, what is missing is said, and nothing is told of another child."""

from datetime import timedelta

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord
from hsb.people.states import Role, Service
from referrals.services import involvements, restricting
from strategy_meetings import documents
from strategy_meetings.models import Seat
from strategy_meetings.selectors.meeting import quorum_in_words
from tests import cast
from tests.pages import filled, page
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db
CLOSED = "A sentence of one child alone."


@pytest.fixture
def specialists():
    return cast.team("Juniper", Service.SPECIALIST)


@pytest.fixture
def cho(specialists):
    return cast.user("Cho", (specialists, Role.CHAIR))


@pytest.fixture
def min_(specialists):
    return cast.user("Min", (specialists, Role.MINUTE_TAKER))


@pytest.fixture
def meeting(front_door, dot, dev, mo, amara, willow, cho, min_):
    """A joint meeting of three children, held; Robin, Ash (displayed) and Sky (harmed)."""
    robin, ash, sky = meeting_road.allocated(dot, dev, willow, amara)
    planned = meeting_road.planned(meeting_road.convened(robin, mo), cho, min_, starts_at=clock.now(), place="Room 1")
    meeting_road.held(planned, cho)
    return meeting_road.again(planned)


def at(meeting, rest=""):
    return f"/meetings/{meeting.reference}/{rest}"


def test_that_an_allegation_is_unfounded_is_said_wherever_it_is_shown(meeting, cho, mo, client_of):
    robin = meeting.children.get(number=1)
    told = {"status": "unfounded", "basis": "police", "since": clock.today(), "reason": "What the police found."}
    involvements.set_status(robin.referral.reference, actor=mo, part=robin.referral.involvements.get().pk, **told)
    browser = client_of(cho)

    for path in ("", "children/1/"):
        assert "Child who displayed: unfounded" in page(browser.get(at(meeting, path))).text
    assert "unfounded" not in page(browser.get(at(meeting, "children/2/"))).text
    assert ["Part in it", "Child who displayed: unfounded"] in documents.copy_about(robin)["children"][0]["rows"]


def test_the_chair_is_told_what_is_missing_child_by_child_and_nothing_goes_out(meeting, cho, client_of):
    browser = client_of(cho)

    answer = browser.get(at(meeting, "issue-decisions/"))
    sent = browser.post(at(meeting, "issue-decisions/"), {"version": meeting.version})

    assert answer.status_code == 200
    told = page(answer).text
    assert told.count("Still to be agreed") == 3
    assert "Agree the Hackett category, and say what it rests on." in told
    assert sent.status_code == 422
    assert meeting_road.again(meeting).state == "held"


def test_one_childs_part_is_not_read_by_the_other_childs_worker(meeting, cho, mo, carl, client_of):
    """Carl is named on Robin's referral alone: Ash and Sky have no name and no part for him."""
    for number in (1, 2, 3):
        meeting_road.agreed(meeting, number, cho, immediate_action=True, immediate_what="Apart.", closed_minutes=CLOSED)
    robin = meeting.children.get(number=1).referral
    restricting.name_reader(robin.reference, actor=mo, reader=carl, reason="Supports the family.")
    browser = client_of(carl)

    shown = page(browser.get(at(meeting))).text

    assert "Robin Sample" in shown
    assert "Child B" in shown
    assert "Child C" in shown
    assert "Made-Up" not in shown
    assert "Sky" not in shown
    assert CLOSED not in shown
    assert CLOSED in page(browser.get(at(meeting, "children/1/"))).text
    assert browser.get(at(meeting, "children/2/")).status_code == 404
    assert browser.get(at(meeting, "children/3/")).status_code == 404


def test_reading_a_childs_part_stands_on_the_childs_record(meeting, cho, client_of):
    child = meeting.children.get(number=3)

    client_of(cho).get(at(meeting, "children/3/"))

    looked = AccessRecord.objects.filter(user=cho, record=child.referral.record_id, page="meeting_child")
    assert looked.count() == 1


def test_a_child_who_was_harmed_is_never_asked_for_a_category(meeting, min_, client_of):
    browser = client_of(min_)

    displayed = browser.get(at(meeting, "children/1/agree/")).context["form"]
    harmed = browser.get(at(meeting, "children/3/agree/")).context["form"]

    assert "category" in displayed.fields
    assert "category" not in harmed.fields


def test_what_is_agreed_in_part_is_kept_and_the_rest_is_still_asked(meeting, min_, client_of):
    browser = client_of(min_)
    form = browser.get(at(meeting, "children/1/agree/"))
    soon = clock.today() + timedelta(days=30)
    data = filled(form, outcomes=["review", "section_47"], **date_parts("review_on", soon))

    answer = browser.post(at(meeting, "children/1/agree/"), data)

    assert answer.status_code == 302
    shown = page(browser.get(answer.url)).text
    assert "Section 47 investigation" in shown
    assert "Give the reasons for the outcome." in shown
    assert "Choose an outcome" not in shown


def test_two_who_write_one_childs_part_one_is_told_and_keeps_what_was_typed(meeting, cho, min_, client_of):
    chair, taker = client_of(cho), client_of(min_)
    first = filled(chair.get(at(meeting, "children/1/agree/")), outcome_reason="What the chair wrote.")
    second = filled(taker.get(at(meeting, "children/1/agree/")), outcome_reason="What the minute taker wrote.")

    assert chair.post(at(meeting, "children/1/agree/"), first).status_code == 302
    refused = taker.post(at(meeting, "children/1/agree/"), second)

    assert refused.status_code == 409
    told = page(refused).text
    assert "What the chair wrote." in told
    assert "What the minute taker wrote." in told


def test_no_further_action_beside_another_outcome_is_refused_beside_the_form(meeting, min_, client_of):
    browser = client_of(min_)
    data = filled(browser.get(at(meeting, "children/1/agree/")), outcomes=["section_47", "nfa"])

    refused = browser.post(at(meeting, "children/1/agree/"), data)

    assert refused.status_code == 422
    assert "No further action cannot stand beside another outcome." in page(refused).text


def test_a_meeting_without_its_network_asks_the_chair_why(
    front_door, dot, dev, mo, amara, willow, cho, min_, client_of
):
    robin, _, _ = meeting_road.allocated(dot, dev, willow, amara)
    meeting = meeting_road.planned(meeting_road.convened(robin, mo), cho, min_, starts_at=clock.now())
    browser = client_of(cho)
    came = {f"state_{n}": "filled" for n in (1, 2, 3)} | {f"who_{n}": "Somebody" for n in (1, 2, 3)}
    data = filled(browser.get(at(meeting, "hold/")), **came, state_4="empty", state_5="apologies", report_5="on")

    asked = browser.post(at(meeting, "hold/"), data)
    held = browser.post(at(meeting, "hold/"), {**data, "quorum_reason": "Health sent a report."})

    assert asked.status_code == 422
    assert "The meeting is not quorate" in page(asked).text
    assert held.status_code == 302
    shown = page(browser.get(at(meeting))).text
    assert "Not quorate. Nobody came for health. It went on because: Health sent a report." in shown
    assert "Health sent a report." in shown
    assert "a report was received" in shown


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        ([("health", "apologies", True)], "Health sent apologies (a report was sent)."),
        ([("health", "apologies", False)], "Health sent apologies."),
        ([("health", "empty", False)], "Nobody came for health."),
        (
            [("police", "empty", False), ("health", "empty", False)],
            "Nobody came for allocated police and health.",
        ),
        (
            [("police", "apologies", True), ("health", "empty", False)],
            "Allocated police sent apologies (a report was sent). Nobody came for health.",
        ),
        ([("health", "apologies", False), ("health", "apologies", True)], "Health sent apologies (a report was sent)."),
        ([("health", "empty", False), ("health", "apologies", False)], "Health sent apologies."),
    ],
)
def test_who_sent_apologies_is_not_told_as_nobody(meeting, seats, said):
    meeting.seats.filter(role__in={role for role, _, _ in seats}).delete()
    for number, (role, state, report) in enumerate(seats, start=10):
        Seat.objects.create(meeting=meeting, number=number, role=role, state=state, report_received=report)

    assert quorum_in_words(meeting) == f"Not quorate. {said}"


def test_leaving_a_child_out_asks_for_a_reason_and_keeps_that_childs_decision_due(
    front_door, dot, dev, mo, amara, willow, cho, min_, client_of
):
    robin, ash, sky = meeting_road.allocated(dot, dev, willow, amara)
    meeting_road.convened(robin, mo)
    browser, url = client_of(cho), f"/referrals/{robin.reference}/schedule-meeting/"
    shown = browser.get(url)
    data = filled(shown, **date_parts("at", clock.today(), "2pm"), **{f"part_{ash.person_id}": "no"})

    asked = browser.post(url, data)
    planned = browser.post(url, {**data, f"reason_{ash.person_id}": "Has a meeting in another borough."})
    again = browser.get(url)

    assert asked.status_code == 422
    assert "Give the reason why Ash Made-Up is left out" in page(asked).text
    assert planned.status_code == 302
    assert again.status_code == 409
    assert ash.meeting_decisions.last().state == "requested"


def test_a_double_click_plans_one_meeting(front_door, dot, dev, mo, amara, willow, cho, client_of):
    robin, _, _ = meeting_road.allocated(dot, dev, willow, amara)
    meeting_road.convened(robin, mo)
    browser, url = client_of(cho), f"/referrals/{robin.reference}/schedule-meeting/"
    data = filled(browser.get(url), **date_parts("at", clock.today(), "2pm"))

    first = browser.post(url, data)
    second = browser.post(url, data)

    assert first.status_code == 302
    assert second.status_code in (302, 409)
    assert robin.considered.count() == 1
