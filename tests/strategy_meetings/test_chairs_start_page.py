"""The chair's start page: what to schedule, what is this week, what waits to be confirmed, which actions are late."""

from datetime import timedelta

import pytest

from hsb.core import clock
from hsb.people.states import Role
from strategy_meetings.selectors import lists
from strategy_meetings.selectors.lists import meetings_page
from strategy_meetings.services import minutes, planning
from tests import cast
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(front_door, juniper, dot, dev, mo, amara, willow):
    robin, *_ = meeting_road.allocated(dot, dev, willow, amara)
    return meeting_road.convened(robin, mo)


@pytest.mark.parametrize(
    ("days", "this_week", "later"),
    [
        pytest.param(0, 1, 0, id="today"),
        pytest.param(4, 1, 0, id="this Friday"),
        pytest.param(7, 0, 1, id="next Monday"),
    ],
)
def test_what_is_this_week_stands_before_what_comes_later(decision, cho, min, time_machine, days, this_week, later):
    time_machine.move_to("2027-01-11T09:00:00Z", tick=False)  # a Monday
    meeting_road.planned(decision, cho, min, planned_on=clock.today() + timedelta(days=days))

    shown = meetings_page(cho)

    assert (len(shown["this_week"]), len(shown["to_come"])) == (this_week, later)


def test_what_should_have_been_held_stays_in_view(decision, cho, min, time_machine):
    time_machine.move_to("2027-01-11T09:00:00Z", tick=False)
    meeting_road.planned(decision, cho, min)
    time_machine.move_to("2027-01-25T09:00:00Z", tick=False)

    assert len(meetings_page(cho)["this_week"]) == 1


def test_minutes_that_wait_for_the_chair_are_hers_to_confirm(decision, cho, min):
    meeting = meeting_road.planned(decision, cho, min)
    agreed = {"immediate_action": True, "immediate_what": "A plan."}
    meeting_road.issued(meeting, cho, {1: agreed, 2: {"nfa": True}, 3: {"nfa": True}})
    minutes.write_minutes(meeting.reference, actor=min, shared="Who was there.")
    assert (len(meetings_page(cho)["to_confirm"]), len(meetings_page(cho)["writing"])) == (0, 1)

    minutes.submit_minutes(meeting.reference, actor=min)

    assert (len(meetings_page(cho)["to_confirm"]), len(meetings_page(cho)["writing"])) == (1, 0)
    assert (len(meetings_page(min)["to_confirm"]), len(meetings_page(min)["writing"])) == (0, 1)


# --- Who manages many teams ---


@pytest.fixture
def of_many_teams(mo, max):
    """Mo and Max, who manage four teams each: Mo has the child, Max no child at all."""
    for manager in (mo, max):
        for number in range(lists.FEW_TEAMS):
            cast.join(manager, cast.team(f"{manager.name} {number}"), Role.MANAGER)
    return cast.again(mo), cast.again(max)


@pytest.mark.parametrize(
    "looked_at", [pytest.param(1, id="among the last one"), pytest.param(1000, id="among the last")]
)
def test_who_manages_many_teams_finds_the_same_meetings_that_ended(
    decision, dot, dev, willow, amara, cho, min, of_many_teams, looked_at, monkeypatch
):
    monkeypatch.setattr(lists, "LOOKED_AT", looked_at)
    mo, max = of_many_teams
    ash, *_ = meeting_road.allocated(dot, dev, willow, amara)
    first, second = (meeting_road.planned(each, cho, min) for each in (decision, meeting_road.convened(ash, mo)))
    for meeting in (first, second):
        planning.cancel(meeting.reference, actor=cho, reason="The family has moved.")

    ended = meetings_page(mo)["ended"]

    assert [row[0]["url"].split("/")[2] for row in ended] == [second.reference, first.reference]
    assert meetings_page(max)["ended"] == []
