"""A joint meeting from the manager's decision to its closing: each referral follows its own outcome (A9, B9, B10)."""

from datetime import date
from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.models import AccessBar
from hsb.core.refusals import AlreadyMoved, Denied, NotReady
from hsb.people.states import Role
from referrals.models import Referral
from referrals.services import meetings, police, working
from strategy_meetings.guards import missing_agreements
from strategy_meetings.models import StrategyMeeting
from strategy_meetings.services import minutes, planning, sitting
from tests import cast
from tests.referrals import case_road, police_road
from tests.strategy_meetings import meeting_road as road

pytestmark = pytest.mark.django_db

REVIEW_ON = date(2027, 1, 12)


@pytest.fixture(autouse=True)
def _a_tuesday_in_november(time_machine):
    time_machine.move_to("2026-11-24T10:00:00Z", tick=False)


@pytest.fixture
def children(amara, mo, willow, front_door, juniper):
    """Robin and Ash, who displayed, and Sky, who was harmed: all with Willow."""
    return road.allocated(amara, mo, willow, amara)


@pytest.fixture
def meeting(children, mo, cho, min):
    return road.planned(road.convened(children[0], mo), cho, min)


def tasks(record):
    return sorted(record.tasks.open().values_list("kind", "due_on"))


def opens(user, referral):
    return Referral.objects.visible_to(cast.again(user)).filter(pk=referral.pk).exists()


# --- Planned ---------------------------------------------------------------------------------------------------------


def test_what_a_meeting_agreed_and_a_manager_confirmed_stands_on_the_childs_decision(children, mo, cho, min):
    meeting = road.planned(road.convened(children[0], mo), cho, min)
    road.issued(meeting, cho, {1: {"nfa": True}, 2: {"section_47": True}, 3: {"section_47": True}})

    sitting.decide_nfa(meeting.reference, 1, actor=mo, confirm=True, reason="The plan at school is enough.")

    agreed = children[0].meeting_decisions.last().agreed
    of_it = "Strategy meeting of 24 November 2026"
    said = f"{of_it}: No further action, agreed by Mo on 24 November 2026\nMo: The plan at school is enough."
    assert agreed == said
    assert children[1].meeting_decisions.last().agreed == f"{of_it}: Section 47 investigation"
    assert children[1].meeting_decisions.last().joined_because == "Another child of the concern has a strategy meeting."


def test_once_convened_the_chairs_may_open_all_children_of_the_concern(children, mo, cho):
    road.convened(children[0], mo)

    assert [opens(cho, child) for child in children] == [True, True, True]


def test_all_children_of_the_concern_are_in_by_default(meeting, children):
    assert [child.referral for child in meeting.children_in()] == children
    assert [child.referral.meeting_decisions.get().state for child in meeting.children_in()] == ["convened"] * 3


def test_a_child_who_is_left_out_keeps_a_decision_of_its_own(children, mo, cho, min):
    ash = children[1]
    meeting = road.planned(road.convened(children[0], mo), cho, min, left_out={ash.person_id: "Another concern."})

    assert meeting.children.get(number=2).left_out_reason == "Another concern."
    assert ash.meeting_decisions.get().state == "requested"
    assert "meeting_decision" in dict(tasks(ash.record))
    assert not opens(cho, ash)


def test_leaving_out_needs_a_reason_and_never_the_child_it_is_convened_for(children, mo, cho):
    robin, ash, _ = children
    decision = road.convened(robin, mo)

    with pytest.raises(NotReady) as refusal:
        road.planned(decision, cho, left_out={ash.person_id: " ", robin.person_id: "No."})

    assert len(refusal.value.sentences) == 2
    assert not StrategyMeeting.objects.exists()


def test_a_meeting_is_planned_once(children, mo, cho):
    decision, once = road.convened(children[0], mo), uuid4()

    first, second = road.planned(decision, cho, once=once), road.planned(decision, cho, once=once)

    assert first == second
    with pytest.raises(AlreadyMoved):
        road.planned(decision, cho)


def test_only_a_specialist_chair_plans(children, mo, min):
    decision = road.convened(children[0], mo)

    with pytest.raises(Denied):
        road.planned(decision, mo)


def test_nobody_barred_from_a_child_chairs(children, mo, cho, min):
    decision = road.convened(children[0], mo)
    AccessBar.objects.create(
        user=min, record=children[2].person.record, reason="Related.", set_by=mo, set_at=clock.now()
    )

    with pytest.raises(NotReady, match="cannot be in this meeting"):
        road.planned(decision, cho, min)


def test_cancelling_asks_anew_for_each_child(meeting, children, cho, min):
    planning.cancel(meeting.reference, actor=cho, reason="The police cannot come this week.")

    assert [child.meeting_decisions.get().state for child in children] == ["requested"] * 3
    assert not opens(cho, children[0])
    assert not meeting.record.tasks.open().exists()


def test_when_a_child_is_closed_nobody_reads_on_for_a_meeting_that_was_convened_for_another(children, mo, cho, amara):
    _, ash, _ = children
    meetings.decide_meeting(
        ash.meeting_decisions.get().reference, actor=mo, convene=False, reason="No need.", weighed=case_road.weighed()
    )
    road.convened(children[0], mo)
    police.excuse(
        police_road.of(ash).reference,
        actor=mo,
        exit_="not_sent_because",
        reason="The police brought it.",
        weighed=case_road.weighed(),
    )
    case_road.closing_proposed(case_road.at_work(ash, amara), amara)
    could = opens(cho, ash)

    working.close(ash.reference, actor=mo, reason="The plan is met.", weighed=case_road.weighed())

    assert (could, opens(cho, ash), opens(cho, children[0])) == (True, False, True)


def test_whoever_reads_for_some_days_after_a_meeting_does_so_after_the_closing_too(
    issued, children, mo, cho, min, amara
):
    _, ash, _ = children
    sitting.decide_nfa(issued.reference, 2, actor=mo, confirm=True, reason="Early help goes on.")
    road.circulated(issued, min, cho)
    police.excuse(
        police_road.of(ash).reference,
        actor=mo,
        exit_="not_sent_because",
        reason="The police brought it.",
        weighed=case_road.weighed(),
    )
    case_road.closing_proposed(case_road.at_work(ash, amara), amara)

    working.close(ash.reference, actor=mo, reason="The plan is met.", weighed=case_road.weighed())

    assert opens(cho, ash)


# --- Held ------------------------------------------------------------------------------------------------------------


def test_every_seat_is_answered_before_it_begins(meeting, cho):
    with pytest.raises(NotReady, match="every seat"):
        sitting.hold(meeting.reference, actor=cho, held_on=clock.today())


@pytest.mark.parametrize("role", ["social_work", "social_work_manager", "police", "health"])
def test_without_a_quorum_the_chair_gives_a_reason(meeting, cho, role):
    road.seated(meeting, cho, without=(role,))

    with pytest.raises(NotReady, match="not quorate"):
        sitting.hold(meeting.reference, actor=cho, held_on=clock.today())
    held = sitting.hold(meeting.reference, actor=cho, held_on=clock.today(), quorum_reason="It cannot wait.")

    assert (held.state, held.quorum_reason) == ("held", "It cannot wait.")


def test_education_may_be_missing(meeting, cho):
    road.seated(meeting, cho, without=("education",))

    assert sitting.hold(meeting.reference, actor=cho, held_on=clock.today()).state == "held"


def test_an_adjourned_meeting_goes_on_with_what_was_agreed(meeting, cho):
    road.held(meeting, cho)
    road.agreed(meeting, 1, cho, section_47=True)

    sitting.adjourn(meeting.reference, actor=cho, reason="Health is called away.", goes_on_on=date(2026, 11, 26))
    again = sitting.hold(meeting.reference, actor=cho, held_on=clock.today())

    assert again.state == "held"
    assert again.children.get(number=1).section_47


# --- The four agreements -------------------------------------------------------------------------------------------


def test_decisions_are_not_issued_half_done_and_it_is_said_for_whom(meeting, cho):
    road.held(meeting, cho)
    road.agreed(meeting, 1, cho, section_47=True)
    road.agreed(meeting, 2, cho, nfa=True)

    with pytest.raises(NotReady, match="Every child"):
        sitting.issue_decisions(meeting.reference, actor=cho)

    (child, sentences), *others = sitting.missing(road.again(meeting))
    assert (child.number, others) == (3, [])
    assert "Agree at least one action of the plan." in sentences


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        pytest.param({"outcome_reason": ""}, "Give the reasons for the outcome.", id="no reasons"),
        pytest.param(
            {"review": True},
            "Give the day of the review strategy meeting, after this one.",
            id="a review without a day",
        ),
        pytest.param(
            {"review": True, "review_on": date(2020, 1, 6)},
            "Give the day of the review strategy meeting, after this one.",
            id="a review before this one",
        ),
        pytest.param({"immediate_action": True}, "Say what immediate action was agreed.", id="action not said"),
        pytest.param({"category": ""}, "Agree the Hackett category, and say what it rests on.", id="no category"),
        pytest.param(
            {"intel": "needed"},
            "Say by whom and by when the intel form is completed, or why it is not appropriate.",
            id="intel form by nobody",
        ),
        pytest.param(
            {"child_invited_reason": ""},
            "Say whether the child was invited; where not, why.",
            id="not invited, without a reason",
        ),
        pytest.param(
            {"family_invited": ""},
            "Say whether the parents or carers were invited; where not, why.",
            id="family not spoken of",
        ),
    ],
)
def test_what_is_missing_is_said(meeting, cho, answers, sentence):
    road.agreed(meeting, 1, cho, **({"section_47": True} | answers))

    assert missing_agreements(meeting.children.get(number=1)) == [sentence]


def test_no_outcome_at_all_is_missing_too(meeting, cho):
    road.agreed(meeting, 1, cho)

    assert missing_agreements(meeting.children.get(number=1))[0].startswith("Choose an outcome")


def test_a_child_who_was_harmed_is_asked_for_no_category(meeting, cho):
    road.agreed(meeting, 3, cho, section_47=True)

    assert missing_agreements(meeting.children.get(number=3)) == []
    with pytest.raises(NotReady, match="only for a child who displayed"):
        sitting.save_child(meeting.reference, 3, actor=cho, answers={"category": "1"})


def test_no_further_action_stands_alone(meeting, cho):
    with pytest.raises(NotReady, match="cannot stand beside"):
        sitting.save_child(meeting.reference, 1, actor=cho, answers={"nfa": True, "section_47": True})


# --- Issued --------------------------------------------------------------------------------------------------------


@pytest.fixture
def issued(meeting, cho):
    """Section 47 and a review for Robin; no further action for Ash; a review for Sky."""
    return road.issued(
        meeting,
        cho,
        {
            1: {"section_47": True, "review": True, "review_on": REVIEW_ON, "category": "3"},
            2: {"nfa": True, "category": "1"},
            3: {"review": True, "review_on": REVIEW_ON},
        },
    )


def test_section_47_opens_for_that_child_only_and_its_clock_runs_from_the_discussion(issued, children):
    robin, ash, sky = children

    enquiry = robin.section_47s.get()
    # 15 working days from Tuesday 24 November 2026.
    assert (enquiry.started_on, enquiry.conference_due_on) == (date(2026, 11, 24), date(2026, 12, 15))
    assert ("section_47", date(2026, 12, 15)) in tasks(robin.record)
    assert not ash.section_47s.exists()
    assert not sky.section_47s.exists()


def test_the_agreed_category_is_a_view_of_its_own_and_in_force(issued, children):
    robin = case_road.again(children[0])

    views = [(decision.view, decision.category) for decision in robin.category_decisions.filter(behaviour=None)]
    assert views == [("worker", "2"), ("manager", "2"), ("meeting", "3")]
    assert robin.category == "3"


def test_no_further_action_for_a_child_who_displayed_waits_for_a_manager(issued, children, willow):
    ash = children[1]

    task = ash.record.tasks.open().get(kind="confirm_nfa")
    assert issued.children.get(number=2).nfa_state == "waiting"
    assert (task.team, task.role, task.due_on) == (willow, Role.MANAGER, date(2026, 11, 25))


def test_the_review_is_planned_with_the_children_it_is_about(issued, children, cho, min):
    review = issued.record.strategymeeting.reviews.get()

    assert (review.kind, review.planned_on, review.state) == ("review", REVIEW_ON, "planned")
    assert [child.referral for child in review.children_in()] == [children[0], children[2]]
    assert (review.chair, review.minute_taker) == (cho, min)


def test_each_childs_own_decision_is_concluded(issued, children):
    states = [[decision.state for decision in child.meeting_decisions.all()] for child in children]

    assert states == [["concluded", "convened"], ["concluded"], ["concluded", "convened"]]


def test_actions_and_the_minutes_have_their_days(issued, children, min):
    assert ("action", date(2026, 12, 1)) in tasks(children[0].record)
    assert tasks(issued.record) == [("write_minutes", date(2026, 12, 1))]
    assert issued.record.tasks.open().get().owner == min


def test_a_manager_confirms(issued, children, mo):
    child = sitting.decide_nfa(issued.reference, 2, actor=mo, confirm=True, reason="Early help goes on.")

    assert (child.nfa_state, child.nfa_by) == ("confirmed", mo)
    assert not children[1].record.tasks.open().filter(kind="confirm_nfa").exists()
    assert children[1].meeting_decisions.last().state == "concluded"


def test_a_manager_refuses_and_another_meeting_is_held(issued, children, mo):
    sitting.decide_nfa(issued.reference, 2, actor=mo, confirm=False, reason="This child needs more.")

    assert children[1].meeting_decisions.last().state == "convened"


@pytest.mark.parametrize("who", ["amara", "cho", "carl", "max"])
def test_nobody_else_decides_on_it(issued, request, who):
    with pytest.raises(Denied):
        sitting.decide_nfa(issued.reference, 2, actor=request.getfixturevalue(who), confirm=True, reason="Yes.")


# --- Minutes, and who reads until when ------------------------------------------------------------------------


def test_minutes_go_to_the_chair_and_back(issued, min, cho):
    minutes.write_minutes(issued.reference, actor=min, shared="What was shared.", closed={1: "Of Robin alone."})
    minutes.submit_minutes(issued.reference, actor=min)
    minutes.return_minutes(issued.reference, actor=cho, reason="Say who was there.")
    minutes.write_minutes(issued.reference, actor=min, shared="Who was there; what was shared.")
    minutes.submit_minutes(issued.reference, actor=min)

    approved = minutes.approve_minutes(issued.reference, actor=cho)

    assert approved.state == "approved"
    assert approved.children.get(number=1).closed_minutes == "Of Robin alone."


def test_the_minute_taker_does_not_approve(issued, min):
    minutes.write_minutes(issued.reference, actor=min, shared="What was shared.")
    minutes.submit_minutes(issued.reference, actor=min)

    with pytest.raises(Denied):
        minutes.approve_minutes(issued.reference, actor=min)


def test_they_read_for_twenty_working_days_after_circulation(issued, children, min, cho, time_machine):
    road.circulated(issued, min, cho)

    # Day 20 after Tuesday 24 November 2026, with Christmas in between not yet: Tuesday 22 December.
    time_machine.move_to("2026-12-22T12:00:00Z")
    assert opens(cho, children[1])
    time_machine.move_to("2026-12-23T09:00:00Z")
    assert not opens(cho, children[1])
    assert not opens(min, children[1])


def test_for_a_review_they_read_on(issued, children, min, cho, time_machine):
    road.circulated(issued, min, cho)

    time_machine.move_to("2026-12-23T09:00:00Z")

    assert opens(cho, children[0])


def test_the_meeting_opens_to_its_people_and_to_who_opens_a_child_of_it(meeting, amara, mo, cho, min, carl, dee, coo):
    seen = {
        user.name
        for user in (amara, mo, cho, min, carl, dee, coo)
        if StrategyMeeting.objects.visible_to(cast.again(user)).exists()
    }

    assert seen == {"Amara", "Mo", "Cho", "Min"}


def test_whoever_is_barred_from_a_child_does_not_open_the_meeting(meeting, children, amara, mo):
    AccessBar.objects.create(
        user=amara, record=children[2].person.record, reason="Related.", set_by=mo, set_at=clock.now()
    )

    assert not StrategyMeeting.objects.visible_to(cast.again(amara)).exists()


def test_closed_at_the_end(issued, min, cho):
    road.circulated(issued, min, cho)

    assert minutes.close_meeting(issued.reference, actor=cho).state == "closed"
