"""What must never be dropped stays with whoever has the child: protection, Form 87A, a new concern."""

from uuid import uuid4

import pytest

from hsb.core import clock
from referrals.models import PoliceReferral
from referrals.services import deciding, meetings, police, urgent, working
from referrals.services.deciding import Destination
from tests.referrals import case_road

pytestmark = pytest.mark.django_db


@pytest.fixture
def awaiting(dot, front_door):
    """Category 2, submitted; protected, and its Form 87A needed."""
    referral, _ = case_road.logged(dot, harmed=False)
    urgent.record_protection(
        referral.reference,
        actor=dot,
        once=uuid4(),
        what="Kept apart.",
        done_on=clock.today(),
        who_was_told="Both parents",
    )
    return case_road.assess_displayed(referral, dot, "2")


def owners(referral):
    """Kind of open task -> whose it is."""
    return {task.kind: task.owner or task.team for task in referral.record.tasks.open()}


def allocated(referral, by, team, worker=None):
    return deciding.allocate(referral.reference, actor=by, destination=Destination(team=team, worker=worker))


def test_what_was_open_at_the_front_door_goes_to_the_worker(awaiting, dev, willow, amara):
    found = owners(allocated(awaiting, dev, willow, amara))

    assert found["protection"] == amara
    assert found["police_referral"] == amara


def test_without_a_worker_it_is_the_teams_managers_and_then_the_workers(awaiting, dev, willow, mo, amara):
    referral = allocated(awaiting, dev, willow)
    assert owners(referral)["police_referral"] == willow

    working.name_worker(referral.reference, actor=mo, worker=amara)

    assert owners(referral)["police_referral"] == amara
    assert owners(referral)["protection"] == amara


def test_a_refused_allocation_takes_it_back_and_drops_nothing(awaiting, dev, willow, mo, front_door, amara):
    referral = allocated(awaiting, dev, willow, amara)

    working.refuse_allocation(referral.reference, actor=mo, reason="Nobody is free.")

    found = owners(referral)
    assert [found[kind] for kind in ("protection", "police_referral", "meeting_decision", "decide")] == [front_door] * 4


def test_a_request_for_a_strategy_meeting_goes_to_the_managers_who_have_the_child(awaiting, dot, dev, willow, amara):
    meetings.request_meeting(awaiting.reference, actor=dot, grounds="What the other child said.")

    assert owners(allocated(awaiting, dev, willow, amara))["meeting_decision"] == willow


def test_passing_it_on_buys_no_time(awaiting, dev, willow, amara):
    was = awaiting.record.tasks.open().get(kind="protection").due_on

    referral = allocated(awaiting, dev, willow, amara)

    assert referral.record.tasks.open().get(kind="protection").due_on == was


def test_an_exit_a_manager_gave_holds_when_the_same_category_is_decided(awaiting, dev, willow, amara):
    form = PoliceReferral.objects.get(state="needed")
    police.excuse(form.reference, actor=dev, exit_="not_sent_because", reason="The police brought the concern.")

    referral = allocated(awaiting, dev, willow, amara)

    assert not PoliceReferral.objects.filter(state="needed").exists()
    assert referral.police_outstanding is False


def test_a_manager_who_raises_the_category_makes_form_87a_needed(dot, dev, front_door, willow, amara):
    referral, _ = case_road.logged(dot, harmed=False)
    referral = case_road.assess_displayed(referral, dot, "1")

    deciding.allocate(
        referral.reference,
        actor=dev,
        destination=Destination(team=willow, worker=amara),
        judgement=deciding.Judgement(category="2", tier=4, category_reason="Pressure was used."),
    )

    assert PoliceReferral.objects.get().state == "needed"
    assert amara == owners(referral)["police_referral"]
