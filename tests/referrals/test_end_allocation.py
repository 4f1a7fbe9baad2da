"""An allocation ends with a reason and a scope: the worker's alone, or the team's too (practice.md B6, B23)."""

import pytest

from hsb.core.refusals import NotReady
from hsb.people.models import Team
from hsb.people.states import Role, Service
from referrals.models import Referral
from referrals.services import working
from tests import cast
from tests.cast import SINCE
from tests.pages import page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, bea, mo, willow):
    """Bea of Willow works with the child whom Amara, of the same team, logged."""
    return road.at_work(road.with_statutory(amara, mo, willow, worker=bea), bea)


def test_the_workers_alone_leaves_the_child_with_the_team(case, client_of, mo, bea, amara):
    due = case.record.tasks.open().get(kind="family_assessment").due_on
    browser = client_of(mo)

    shown = page(browser.get(road.url(case, "end-allocation"))).text
    empty = browser.post(road.url(case, "end-allocation"), {"version": case.version, "scope": "worker"})
    done = browser.post(
        road.url(case, "end-allocation"), {"version": case.version, "scope": "worker", "reason": "Bea is away."}
    )

    after = road.again(case)
    assert "The worker's alone: Bea" in shown and "The team's and the worker's" in shown
    assert empty.status_code == 422 and "Say why the allocation ends" in page(empty).text
    assert done.status_code == 302
    assert (after.state, after.worker, after.record.holding_team.name) == ("statutory", None, "Willow")
    assert not Referral.objects.visible_to(cast.again(bea)).filter(pk=case.pk).exists()
    tasks = {task.kind: task for task in after.record.tasks.open()}
    assert (tasks["name_worker"].role, tasks["family_assessment"].role) == (Role.MANAGER, Role.MANAGER)
    assert tasks["family_assessment"].due_on == due
    ended, now = after.allocations.all()
    assert (ended.worker, ended.end_reason, now.worker, now.ends_on) == (bea, "Bea is away.", None, None)
    assert road.last_entry(after, "end_worker").facts["worker"] == bea.reference
    with pytest.raises(NotReady, match="No worker is named"):
        working.end_worker(case.reference, actor=mo, reason="Again.")
    working.name_worker(case.reference, actor=mo, worker=amara)
    assert not road.again(case).record.tasks.open().filter(kind="start_work").exists()


def test_the_teams_too_leads_back_to_who_decided(case, client_of, mo, bea):
    done = client_of(mo).post(
        road.url(case, "end-allocation"), {"version": case.version, "scope": "team", "reason": "The team closes."}
    )

    after = road.again(case)
    assert done.status_code == 302
    assert (after.state, after.worker, after.open_allocation()) == ("awaiting_decision", None, None)
    spell = after.allocations.get()
    assert (spell.end_reason, after.record.holding_team) == ("The team closes.", spell.from_team)
    assert after.record.tasks.open().get(kind="decide").team == spell.from_team
    assert road.last_entry(after, "end_allocation").to_state == "awaiting_decision"


def test_before_work_has_started_it_is_sent_back_instead(front_door, amara, bea, mo, willow):
    case = road.with_statutory(amara, mo, willow, worker=bea)

    with pytest.raises(NotReady, match="Work has not started yet"):
        working.end_allocation(case.reference, actor=mo, reason="The team closes.")


@pytest.fixture
def away(front_door, dot, dev, bea, mo, willow, amara):
    """Bea of Willow, after Amara, has the child whom the front door gave to Willow."""
    case = road.with_statutory(dot, dev, willow, worker=amara)
    working.name_worker(case.reference, actor=mo, worker=bea, reason="Amara is away.")
    return road.again(case)


def test_after_a_change_of_worker_it_goes_back_to_the_team_that_decided_too(away, bea, mo, front_door):
    road.at_work(away, bea)

    working.end_allocation(away.reference, actor=mo, reason="The team closes.")

    after = road.again(away)
    assert after.record.holding_team == front_door
    assert after.record.tasks.open().get(kind="decide").team == front_door


def test_sent_back_after_a_change_of_worker_it_goes_to_the_team_that_decided_too(away, mo, front_door):
    working.refuse_allocation(away.reference, actor=mo, reason="Not ours.")

    assert road.again(away).record.holding_team == front_door


def test_where_the_team_that_decided_is_closed_the_front_door_decides(away, bea, mo, front_door):
    road.at_work(away, bea)
    Team.objects.filter(pk=front_door.pk).update(closed_on=SINCE)
    other = cast.team("Night desk", Service.FRONT_DOOR)

    working.end_allocation(away.reference, actor=mo, reason="The team closes.")

    assert road.again(away).record.holding_team == other
