"""What must never be dropped stays with whoever has the child: protection, Form 87A, what a meeting agreed."""

from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.actions import task_key
from hsb.core.refusals import Denied, NotReady
from referrals.models import PoliceReferral
from referrals.services import agreed, deciding, meetings, police, section47, urgent, working
from referrals.services.deciding import Destination, FamilyAnswer
from strategy_meetings.services import sitting
from tests.referrals import case_road
from tests.strategy_meetings import meeting_road

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
    police.excuse(
        form.reference,
        actor=dev,
        exit_="not_sent_because",
        reason="The police brought the concern.",
        weighed=case_road.weighed(),
    )

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


# --- What a meeting agreed -------------------------------------------------------------------------------------------


@pytest.fixture
def met(front_door, juniper, amara, mo, willow, cho):
    """Amara's, with Willow: a section 47 enquiry, immediate action, and two actions: a school's, and Amara's own."""
    referral = case_road.with_statutory(amara, mo, willow, amara)
    meeting = meeting_road.planned(meeting_road.convened(referral, mo), cho)
    meeting_road.held(meeting, cho)
    meeting_road.agreed(
        meeting, 1, cho, category="1", section_47=True, immediate_action=True, immediate_what="Two classes."
    )
    own = {"what": "A visit.", "agency": "Willow", "due_on": clock.today(), "owner": amara}
    sitting.agree_action(meeting.reference, 1, actor=cho, once=uuid4(), **own)
    sitting.issue_decisions(meeting.reference, actor=cho)
    return case_road.again(referral)


def owed(referral):
    """[(kind, whose it is, its due date)] of what a meeting agreed; the actions in their order."""
    kinds = ("section_47", "conference", "immediate_action", "action")
    tasks = referral.record.tasks.open().filter(kind__in=kinds).order_by("kind", "about")
    return [(task.kind, task.owner or task.team, task.due_on) for task in tasks]


def test_another_worker_has_all_of_it_but_what_somebody_took_upon_herself(met, mo, amara, bea):
    (_, _, school), (_, _, own), (_, _, at_once), (_, _, enquiry) = owed(met)

    working.name_worker(met.reference, actor=mo, worker=bea, reason="Amara is on leave.")

    assert owed(met) == [
        ("action", bea, school),
        ("action", amara, own),
        ("immediate_action", bea, at_once),
        ("section_47", bea, enquiry),
    ]


def test_after_a_refused_allocation_the_team_that_decides_has_it(met, mo, amara, front_door):
    due = [day for _, _, day in owed(met)]

    referral = working.refuse_allocation(met.reference, actor=mo, reason="Nobody is free.")

    assert [(kind, whose) for kind, whose, _ in owed(referral)] == [
        ("action", front_door),
        ("action", amara),
        ("immediate_action", front_door),
        ("section_47", front_door),
    ]
    assert [day for _, _, day in owed(referral)] == due


def concluded(met, by, conclusion):
    how = {"conclusion": conclusion, "reason": "What was found.", "concluded_on": clock.today()}
    section47.conclude_section_47(met.section_47s.get().reference, actor=by, **how)


def test_a_child_protection_conference_passes_on_as_well(met, mo, bea):
    concluded(met, mo, "continuing_risk")

    working.name_worker(met.reference, actor=mo, worker=bea, reason="Amara is on leave.")

    assert owners(met)["conference"] == bea


def test_another_team_has_it(met, mo, amara, esi, eli, hazel):
    concluded(met, mo, "not_substantiated")
    family = FamilyAnswer(agreed=True, given_by="The mother", given_on=clock.today())
    asked = {"kind": "step_down", "to_team": hazel, "reason": "Calm months.", "family": family}
    asked["weighed"] = case_road.weighed()
    offer = working.offer(met.reference, actor=mo, **asked)

    working.accept_offer(offer.reference, actor=esi, answer="There is room.", worker=eli)

    assert [(kind, whose) for kind, whose, _ in owed(met)] == [
        ("action", eli),
        ("action", amara),
        ("immediate_action", eli),
    ]


# --- An action is done once it is asked for --------------------------------------------------------------------------


@pytest.fixture
def undecided(met, mo, cho):
    """A second meeting, held: what it agrees for the child is typed and not issued. Returns it."""
    decision = meetings.request_meeting(met.reference, actor=mo, grounds="New facts.")
    meetings.decide_meeting(decision.reference, actor=mo, convene=True)
    meeting = meeting_road.planned(met.meeting_decisions.last(), cho)
    meeting_road.held(meeting, cho)
    meeting_road.agreed(meeting, 1, cho, section_47=True)
    return meeting


def test_an_action_is_not_recorded_as_done_before_the_decisions_are_issued(met, undecided, amara, client_of):
    of = {"source": undecided.reference, "number": 1}
    done = {"done_on": clock.today(), "outcome": "Written."}
    address = case_road.url(met, f"actions/{undecided.reference}/1")

    shown = client_of(amara).get(address)
    with pytest.raises(NotReady, match="not open"):
        agreed.finish_action(met.reference, actor=amara, **of, **done)

    assert shown.status_code == 409
    assert undecided.record.agreed_actions.get().is_open
    assert case_road.last_entry(met, "finish_action") is None


def test_a_manager_says_that_an_action_is_no_longer_needed(met, undecided, cho, amara, mo, client_of):
    sitting.save_child(undecided.reference, 1, actor=cho, answers={"category": "1", "category_reason": "As assessed."})
    sitting.issue_decisions(undecided.reference, actor=cho)
    action = undecided.record.agreed_actions.get()
    address = case_road.url(met, f"actions/{undecided.reference}/{action.number}")
    with pytest.raises(Denied):
        agreed.end_action(met.reference, actor=amara, source=undecided.reference, number=action.number, reason="No.")

    assert "no longer needed" not in client_of(amara).get(address).content.decode()
    ended = client_of(mo).post(address, {"became": "not_needed", "not_needed_reason": "The school has another plan."})

    action.refresh_from_db()
    assert ended.status_code == 302
    assert (action.is_open, action.cancelled_reason) == (False, "The school has another plan.")
    assert not met.record.tasks.open().filter(about=task_key(action)).exists()
    assert case_road.last_entry(met, "end_action").actor == mo


def test_nor_does_it_ask_anybody_for_anything_when_the_child_passes_on(met, undecided, mo, bea):
    was = len(owed(met))

    working.name_worker(met.reference, actor=mo, worker=bea, reason="Amara is on leave.")

    assert len(owed(met)) == was


def test_once_they_are_issued_it_is_recorded(met, undecided, cho, amara):
    meeting_road.agreed(undecided, 1, cho, category="1", section_47=True)
    sitting.issue_decisions(undecided.reference, actor=cho)

    done = {"source": undecided.reference, "number": 1, "done_on": clock.today(), "outcome": "Written."}
    action = agreed.finish_action(met.reference, actor=amara, **done)

    assert not action.is_open
    assert case_road.last_entry(met, "finish_action").actor == amara
