"""Who opens a meeting and its children's referrals, and until when: worked out again whenever a meeting moves."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.models import AccessGrant
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role
from referrals.models import Referral
from referrals.services import deciding, intake, restricting
from strategy_meetings.models import StrategyMeeting
from strategy_meetings.selectors.reading import reads_whole
from strategy_meetings.services import minutes, planning, sitting
from tests import cast
from tests.referrals import case_road
from tests.strategy_meetings import meeting_road as road

pytestmark = pytest.mark.django_db
S47 = {"section_47": True}
LAST_DAY = date(2026, 12, 22)  # the twentieth working day after 24 November


@pytest.fixture(autouse=True)
def _a_tuesday_in_november(time_machine):
    time_machine.move_to("2026-11-24T10:00:00Z", tick=False)


@pytest.fixture
def children(front_door, juniper, willow, amara, mo):
    """Robin and Ash displayed, Sky was harmed; all with Willow."""
    return road.allocated(amara, mo, willow, amara)


@pytest.fixture
def meeting(children, mo, cho, min):
    return road.planned(road.convened(children[0], mo), cho, min)


@pytest.fixture
def deputy(juniper):
    return cast.user("Cleo", (juniper, Role.CHAIR))


def opens(user, referral):
    return Referral.objects.visible_to(cast.again(user)).filter(pk=referral.pk).exists()


def opens_meeting(user, meeting):
    return StrategyMeeting.objects.visible_to(cast.again(user)).filter(pk=meeting.pk).exists()


def second_concern(author, manager, team, child):
    """A later concern of the same child, who displayed, with Pip, who was harmed. Returns (concern, Pip's referral)."""
    logged = intake.log_concern(
        author=author,
        once=uuid4(),
        people=[
            intake.Known(person=child.person, roles=("displayed",)),
            intake.Newcomer(details={"given_name": "Pip", "family_name": "Third"}, roles=("harmed",)),
        ],
        what_was_reported="Something else was reported.",
        source="2A",
        reported_on=clock.today(),
        place_kind="school",
        protection_needed="no",
    )
    pip = logged.opened[0]
    case_road.assess_harmed(pip, author, 3)
    deciding.allocate(
        pip.reference, actor=manager, destination=deciding.Destination(team=team, worker=None, reason="Needed.")
    )
    return logged.concern, pip


def planned_about(pip, concern, manager, chair, **fields):
    return planning.plan(
        road.convened(pip, manager).reference,
        actor=chair,
        once=uuid4(),
        concern=concern,
        planned_on=clock.today(),
        chair=chair,
        **fields,
    )


# --- Twenty working days, and no more ---------------------------------------------------------------------------------


def test_until_the_twentieth_working_day_after_circulation(children, meeting, cho, min, time_machine):
    road.issued(meeting, cho, {1: S47, 2: S47, 3: S47})
    road.circulated(meeting, min, cho)

    time_machine.move_to("2026-12-22T23:00:00Z", tick=False)
    assert [opens(cho, children[0]), opens(min, children[0]), opens_meeting(min, meeting)] == [True] * 3
    time_machine.move_to("2026-12-23T00:30:00Z", tick=False)
    assert [opens(cho, children[0]), opens(min, children[0]), opens_meeting(cho, meeting)] == [False] * 3


def test_a_later_meeting_of_another_chair_makes_it_neither_longer_nor_shorter(
    children, meeting, cho, deputy, min, mo, time_machine
):
    road.issued(meeting, cho, {1: {"review": True, "review_on": date(2026, 12, 14)}, 2: S47, 3: S47})
    road.circulated(meeting, min, cho)
    review = StrategyMeeting.objects.get(kind="review")
    planning.arrange(
        review.reference,
        actor=deputy,
        planned_on=date(2026, 12, 14),
        starts_at=None,
        place="",
        chair=deputy,
        minute_taker=None,
    )
    assert opens(cho, children[0])

    time_machine.move_to("2026-12-14T10:00:00Z", tick=False)
    road.issued(review, deputy, {1: S47})
    road.circulated(review, deputy, deputy)

    time_machine.move_to("2026-12-23T00:30:00Z", tick=False)
    assert not opens(cho, children[0])
    assert opens(deputy, children[0])


def test_a_review_that_is_cancelled_takes_nothing_from_the_meeting_before(children, meeting, cho, min):
    road.issued(meeting, cho, {1: {"review": True, "review_on": date(2027, 1, 12)}, 2: S47, 3: S47})
    road.circulated(meeting, min, cho)

    planning.cancel(StrategyMeeting.objects.get(kind="review").reference, actor=cho, reason="Not needed.")

    assert opens(cho, children[0])


def test_the_chair_of_another_running_meeting_goes_on_when_the_child_is_left_out(
    children, meeting, amara, mo, willow, cho, deputy
):
    robin = children[0]
    concern, pip = second_concern(amara, mo, willow, robin)

    planned_about(pip, concern, mo, deputy, left_out={robin.person_id: "Has a meeting of his own."})

    assert opens(cho, robin)
    assert not opens(deputy, robin)


def test_planning_ends_it_for_the_chairs_also_on_children_of_another_concern(
    children, amara, mo, willow, cho, deputy, min
):
    robin, ash, sky = children
    concern, _ = second_concern(amara, mo, willow, robin)
    decision = road.convened(robin, mo)
    assert opens(deputy, ash)

    planning.plan(decision.reference, actor=cho, once=uuid4(), concern=concern, planned_on=clock.today(), chair=cho)

    assert [opens(deputy, each) for each in (robin, ash, sky)] == [False] * 3


def test_with_the_role_it_ends_at_once(children, meeting, cho, min):
    cho.memberships.update(ends_on=clock.today() - timedelta(days=1))

    assert not opens(cho, children[0])
    assert not opens_meeting(cho, meeting)
    assert opens(min, children[0])


def test_what_is_still_to_be_done_on_the_meeting_keeps_it_open_to_the_chairs_alone(
    children, meeting, cho, deputy, min, dot, time_machine
):
    stranger = road.take_in_without_referral(meeting, dot)
    road.issued(
        meeting, cho, {1: S47, 2: S47, 3: S47, stranger.number: {"immediate_action": True, "immediate_what": "Apart."}}
    )
    road.circulated(meeting, min, cho)
    time_machine.move_to("2027-02-01T10:00:00Z", tick=False)
    assert [opens_meeting(cho, meeting), opens_meeting(min, meeting), opens(cho, children[0])] == [True, False, False]

    action = stranger.actions().get()
    sitting.finish_action(
        meeting.reference, action.number, actor=cast.again(deputy), done_on=clock.today(), outcome="Done."
    )
    meeting.record.tasks.open().delete()  # the immediate action's own, for which there is no other way here
    reopened = road.again(meeting)
    planning.reading.settle_meeting(reopened, given_by=cho)

    assert not opens_meeting(cho, meeting)


def test_what_ended_with_the_referral_is_not_given_again_by_circulation(children, meeting, cho, min):
    road.issued(meeting, cho, {1: S47, 2: S47, 3: S47})
    Referral.objects.filter(pk=children[2].pk).update(state="closed", closed_on=clock.today(), closed_as="plan_met")
    AccessGrant.objects.filter(record=children[2].record, because="convened").update(ends_at=clock.now())

    road.circulated(meeting, min, cho)

    assert [opens(cho, each) for each in children] == [True, True, False]


# --- Restricted, and barred -------------------------------------------------------------------------------------------


def test_a_meeting_is_restricted_as_soon_as_a_child_in_it_is(children, meeting, mo, cho, deputy, aud):
    assert [opens_meeting(who, meeting) for who in (cho, deputy, aud)] == [True, True, True]

    restricting.restrict(children[0].reference, actor=mo, reason="A councillor's family.")

    assert [opens_meeting(who, meeting) for who in (cho, deputy)] == [True, False]
    # By the other children, who are not restricted: the shared part and theirs.
    assert not reads_whole(meeting, cast.again(aud))


def test_so_is_its_review(children, meeting, mo, cho, aud):
    restricting.restrict(children[0].reference, actor=mo, reason="A councillor's family.")

    road.issued(meeting, cho, {1: {"review": True, "review_on": date(2027, 1, 12)}, 2: S47, 3: S47})

    review = StrategyMeeting.objects.get(kind="review")
    assert [opens_meeting(who, review) for who in (cho, aud)] == [True, False]


def test_who_is_barred_from_a_child_of_the_concern_does_not_plan_its_meeting(children, mo, cho, min):
    decision = road.convened(children[0], mo)
    restricting.bar(children[1].reference, actor=mo, user=cho, reason="Related.")

    with pytest.raises(NotReady, match="cannot be in this meeting"):
        road.planned(decision, cast.again(cho), min, left_out={children[1].person_id: "Another borough's."})


# --- Somebody else takes over -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["the role ended", "barred"])
def test_another_chair_takes_over_a_meeting_that_is_held_and_issues_its_decisions(
    children, meeting, mo, cho, deputy, min, gone
):
    road.held(meeting, cho)
    for number in (1, 2, 3):
        road.agreed(meeting, number, min, section_47=True)
    if gone == "barred":
        restricting.bar(children[2].reference, actor=mo, user=cho, reason="Related.")
    else:
        cho.memberships.update(ends_on=clock.today() - timedelta(days=1))

    planning.take_over(
        meeting.reference, actor=deputy, chair=deputy, minute_taker=min, reason="The chair is away from today."
    )

    assert meeting.record.tasks.open().get(kind="issue_decisions").owner == deputy
    assert sitting.issue_decisions(meeting.reference, actor=deputy).state == "decisions_issued"
    assert not opens(cho, children[2])


def test_taking_over_needs_a_reason_and_a_chair(meeting, deputy, min, amara):
    with pytest.raises(NotReady, match="Say why"):
        planning.take_over(meeting.reference, actor=deputy, chair=deputy, minute_taker=min, reason=" ")
    with pytest.raises(Denied):
        planning.take_over(meeting.reference, actor=amara, chair=deputy, minute_taker=min, reason="Away.")


def test_after_circulation_there_is_nothing_to_take_over(meeting, cho, deputy, min):
    road.issued(meeting, cho, {1: S47, 2: S47, 3: S47})
    road.circulated(meeting, min, cho)

    with pytest.raises(NotReady, match="circulated"):
        planning.take_over(meeting.reference, actor=deputy, chair=deputy, minute_taker=min, reason="Away.")


def test_a_minute_taker_whose_role_ended_writes_nothing(meeting, cho, min):
    road.held(meeting, cho)
    min.memberships.update(ends_on=clock.today() - timedelta(days=1))

    with pytest.raises(Denied):
        minutes.write_minutes(meeting.reference, actor=cast.again(min), shared="Something.")
