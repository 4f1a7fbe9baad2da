"""Transfer to another borough: the child stays until they have accepted, and is closed then (practice.md B23)."""

from datetime import timedelta

import pytest

from hsb.core import clock, work
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord
from hsb.core.refusals import AlreadyMoved, Denied, NotReady
from hsb.people.states import Role
from referrals.models import BoroughTransfer, Referral
from referrals.services import transferring, working
from referrals.states import ClosedAs
from tests import cast
from tests.pages import page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db

SENT = {
    "borough": "Otherborough",
    "person": "The duty manager there",
    "sent_by": "secure_mail",
    "what_was_sent": "The summary and the plan.",
    "reason": "The family has moved.",
}


@pytest.fixture
def case(amara, bea, mo, willow, front_door):
    """Bea of Willow works with Robin; an assessment of the service is due."""
    made = cast.referral(amara, held_by=willow, state="statutory", worker=bea)
    work.ask(made.record, "family_assessment", owner=bea)
    return made


@pytest.fixture
def offered(case, mo):
    return transferring.offer_transfer(case.reference, actor=mo, sent_on=clock.today(), **SENT)


def answer(**more):
    return {
        "answered_by": "Their manager",
        "answered_on": clock.today(),
        "answer": "We have the family.",
        **more,
    }


def test_until_they_answer_holder_and_clocks_stay(case, client_of, mo, bea):
    due = case.record.tasks.open().get(kind="family_assessment").due_on
    browser = client_of(mo)
    form = {"version": case.version, **SENT, **date_parts("sent_on", clock.today())}

    empty = browser.post(road.url(case, "transfer"), {"version": case.version})
    done = browser.post(road.url(case, "transfer"), form)

    after = road.again(case)
    assert empty.status_code == 422 and "Enter the borough or council" in page(empty).text
    assert done.status_code == 302
    assert (after.state, after.worker, after.record.holding_team.name) == ("statutory", bea, "Willow")
    assert after.record.tasks.open().get(kind="family_assessment").due_on == due
    waits = after.record.tasks.open().get(kind="borough_transfer")
    assert (waits.team.name, waits.role) == ("Willow", Role.MANAGER)
    shared = after.record.disclosures.get()
    assert (shared.what, shared.to_whom) == (SENT["what_was_sent"], "The duty manager there, Otherborough")
    shown = page(browser.get(f"/referrals/{case.reference}/")).text
    assert "Transfer to Otherborough" in shown and "Waiting for the other borough" in shown
    assert browser.get(road.url(case, "transfer")).status_code == 409


def test_when_they_accept_it_is_closed_as_transferred(case, offered, client_of, mo):
    browser = client_of(mo)
    form = {
        "version": offered.version,
        "decision": "accepted",
        "answered_by": "Their manager",
        **date_parts("answered_on", clock.today()),
        "answer": "We have the family.",
    }

    asked = browser.post(road.url(case, "transfer-answer"), form)
    assert asked.status_code == 200 and "is closed today as transferred" in page(asked).text
    assert road.again(case).state == "statutory"
    done = browser.post(road.url(case, "transfer-answer"), form | {"confirmed": "1"})

    after = road.again(case)
    assert done.status_code == 302
    assert (after.state, after.closed_as, after.closed_on) == ("closed", ClosedAs.TRANSFERRED, clock.today())
    assert not after.record.tasks.open().exists()
    assert after.allocations.filter(ends_on=None).count() == 0
    kept = BoroughTransfer.objects.get()
    assert (kept.state, kept.recorded_by, kept.answer) == ("accepted", mo, "We have the family.")
    assert road.last_entry(after, "transfer_out").facts["transfer"] == kept.reference
    told = page(browser.get(f"/referrals/{case.reference}/chronology/")).text
    assert "Closed: transferred to another borough" in told and "Transfer to Otherborough accepted" in told


@pytest.mark.parametrize(
    ("task", "sentence"),
    [("action", "An agreed action is open"), ("confirm_nfa", "A manager decides on no further action first")],
)
def test_what_closing_asks_is_asked_here_too(case, offered, client_of, mo, task, sentence):
    work.ask(case.record, task, team=case.record.holding_team, role=Role.MANAGER, about="X-1")

    with pytest.raises(NotReady, match=sentence):
        transferring.accept(offered.reference, actor=mo, **answer())

    assert road.again(case).state == "statutory"
    assert BoroughTransfer.objects.get().state == "offered"


@pytest.mark.parametrize("verb", ["refuse", "withdraw"])
def test_refused_or_withdrawn_the_child_stays_and_another_can_be_asked(case, offered, mo, verb):
    getattr(transferring, verb)(offered.reference, actor=mo, **answer(answer="They know nothing of the family."))

    after = road.again(case)
    assert (after.state, after.record.tasks.open().filter(kind="borough_transfer").count()) == ("statutory", 0)
    again = transferring.offer_transfer(case.reference, actor=mo, sent_on=clock.today(), **SENT)
    assert again.reference.endswith("-T2")
    with pytest.raises(AlreadyMoved):
        transferring.accept(offered.reference, actor=mo, **answer())


def test_one_is_asked_at_a_time_and_nothing_else_ends_it_meanwhile(case, offered, mo, bea, hazel, carl, max):
    with pytest.raises(NotReady, match="Another borough was asked"):
        transferring.offer_transfer(case.reference, actor=mo, sent_on=clock.today(), **SENT)
    with pytest.raises(NotReady, match="Another borough was asked"):
        working.propose_closing(
            case.reference, actor=bea, closed_as="moved", plan_met=False, what_changed="Moved.", reason="Moved."
        )
    with pytest.raises(NotReady, match="before it was sent"):
        transferring.accept(offered.reference, actor=mo, **answer(answered_on=clock.today() - timedelta(days=1)))
    for user in (bea, max):
        with pytest.raises(Denied):
            transferring.accept(offered.reference, actor=user, **answer())
    assert Referral.objects.get(pk=case.pk).state == "statutory"


def test_while_a_team_of_ours_is_asked_no_borough_is(amara, eli, esi, rowan, hazel, front_door):
    case = cast.referral(amara, held_by=hazel, state="early_help", worker=eli)
    working.offer(case.reference, actor=eli, kind="step_up", to_team=rowan, reason="More is needed.")

    with pytest.raises(NotReady, match="Another team was asked"):
        transferring.offer_transfer(case.reference, actor=esi, sent_on=clock.today(), **SENT)


def test_the_page_that_asks_once_more_is_a_look_too(case, offered, client_of, mo):
    address = road.url(case, "transfer-answer")
    typed = {"version": "1", "decision": "accepted", "answered_by": "Their manager", "answer": "We have the family."}

    asked = client_of(mo).post(address, typed | date_parts("answered_on", clock.today()))

    assert asked.status_code == 200 and "Are you sure?" in page(asked).text
    assert AccessRecord.objects.filter(user=mo, record=case.record, page="answer_transfer").count() == 1
