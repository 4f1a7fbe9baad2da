"""The services' own assessments, with their days: Early Help's, and a further one of either (practice.md section 3)."""

from datetime import timedelta

import pytest

from hsb.core import clock
from hsb.core.calendar import add_working_days
from hsb.core.forms import date_parts
from hsb.core.models import Task
from hsb.core.refusals import Denied, NotReady
from referrals.services import working
from tests.pages import filled, page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db

FAMILY = {"kind": "family_assessment", "outcome": "The family agrees.", "follows": "child_in_need"}
HELP = {"kind": "early_help_assessment", "outcome": "Help at home.", "follows": "plan", "done_by": "The mentor"}


def due(referral, kind):
    return list(Task.objects.open().filter(record=referral.record, kind=kind).values_list("started_on", "due_on"))


@pytest.fixture
def worked(front_door, amara, bea, mo, willow):
    return road.with_statutory(amara, mo, willow, worker=bea)


@pytest.fixture
def helped(front_door, amara, dev, eli, hazel):
    return road.with_early_help(amara, dev, hazel, worker=eli)


def test_early_help_owes_an_assessment_in_ten_working_days_and_a_page_records_it(helped, eli, client_of):
    today, browser, path = clock.today(), client_of(eli), road.url(helped, "early-help-assessment")
    assert due(helped, "early_help_assessment") == [(today, add_working_days(today, 10))]

    answers = {**date_parts("done_on", today), "outcome": "Help at home.", "follows": "plan"}
    refused = browser.post(path, filled(browser.get(path), **answers, done_by=""))
    done = browser.post(path, filled(browser.get(path), **answers, done_by="The school's mentor"))

    assert (refused.status_code, done.status_code) == (422, 302)
    kept = helped.early_help_assessments.get()
    assert (kept.started_on, kept.due_on, kept.completed_on) == (today, add_working_days(today, 10), today)
    assert (kept.done_by, kept.by, kept.outcome, kept.summary) == ("The school's mentor", eli, "plan", "Help at home.")
    assert due(helped, "early_help_assessment") == []
    assert len(due(helped, "early_help_review")) == 1, "the plan's review runs on"
    told = page(browser.get(road.url(helped, "chronology"))).text
    assert "Early Help assessment completed" in told
    plan = page(browser.get(road.url(helped, "plan"))).text
    assert "by The school's mentor" in plan
    assert browser.get(path).status_code == 409


def test_it_ends_on_or_after_the_day_it_began(helped, eli, client_of):
    browser, path = client_of(eli), road.url(helped, "early-help-assessment")
    with pytest.raises(NotReady, match="before it began"):
        began = clock.today() + timedelta(days=1)
        working.finish_service_step(helped.reference, actor=eli, done_on=clock.today(), began_on=began, **HELP)

    future = {**date_parts("began_on", clock.today() + timedelta(days=1)), "outcome": "x", "follows": "plan"}
    assert browser.post(path, filled(browser.get(path), **future)).status_code == 422
    assert not helped.early_help_assessments.exists()


def test_a_child_who_steps_down_is_assessed_by_early_help(worked, mo, esi, hazel, bea):
    road.at_work(worked, bea)
    family = working.FamilyAnswer(agreed=True, given_by="The mother", given_on=clock.today())
    told = {"kind": "step_down", "to_team": hazel, "reason": "Calm.", "family": family, "weighed": road.weighed()}
    offer = working.offer(worked.reference, actor=mo, **told)
    working.accept_offer(offer.reference, actor=esi, answer="Yes.")

    assert len(due(worked, "early_help_assessment")) == 1
    assert due(worked, "family_assessment") == []


def test_a_met_plan_is_not_closed_over_an_assessment_that_runs(helped, eli):
    road.at_work(helped, eli)
    road.reassessed(road.again(helped), eli)
    told = {"closed_as": "plan_met", "plan_met": True, "what_changed": "Calm.", "reason": "The plan is met."}

    with pytest.raises(NotReady, match="Early Help assessment has begun"):
        working.propose_closing(helped.reference, actor=eli, **told)
    road.assessed_by_help(helped, eli)
    working.propose_closing(helped.reference, actor=eli, **told)

    assert road.again(helped).state == "closing_proposed"


def test_a_second_child_and_family_assessment_has_its_own_days(worked, bea, client_of):
    today, browser = clock.today(), client_of(bea)
    working.finish_service_step(worked.reference, actor=bea, done_on=today, **FAMILY)
    path = road.url(worked, "assess-again")

    begun = browser.post(path, filled(browser.get(path), reason="The father has moved in."))

    assert begun.status_code == 302
    assert due(worked, "family_assessment") == [(today, add_working_days(today, 45))]
    assert road.again(worked).next_due_on is not None
    assert browser.get(path).status_code == 409, "one at a time"
    entry = road.last_entry(worked, "begin_service_assessment")
    assert (entry.reason, entry.facts["assessment_number"]) == ("The father has moved in.", 2)

    working.finish_service_step(worked.reference, actor=bea, done_on=today, **FAMILY | {"follows": "no_service"})

    assert [each.outcome for each in worked.family_assessments.all()] == ["child_in_need", "no_service"]
    assert "2. Started" in page(browser.get(road.url(worked, "plan"))).text
    told = page(browser.get(road.url(worked, "chronology"))).text
    assert "Another assessment begun: Child and Family assessment" in told
    assert "Number 2" in told


def test_another_one_begins_after_the_last_and_while_no_other_runs(worked, bea, carl):
    today = clock.today()
    with pytest.raises(NotReady, match="record that one first"):
        working.begin_assessment_again(worked.reference, actor=bea, began_on=today, reason="Again.")
    working.finish_service_step(worked.reference, actor=bea, done_on=today, **FAMILY)

    with pytest.raises(NotReady, match="check the day"):
        working.begin_assessment_again(worked.reference, actor=bea, began_on=today - timedelta(days=1), reason="Again.")
    with pytest.raises(Denied):
        working.begin_assessment_again(worked.reference, actor=carl, began_on=today, reason="Again.")
    assert due(worked, "family_assessment") == []


def test_another_early_help_assessment_begins_after_the_last(helped, eli):
    today = clock.today()
    done = {
        "actor": eli,
        "kind": "early_help_assessment",
        "outcome": "It is better.",
        "follows": "plan",
        "done_by": "Eli",
    }
    working.finish_service_step(helped.reference, done_on=today, began_on=today, **done)
    working.begin_assessment_again(helped.reference, actor=eli, began_on=today, reason="Again.")

    with pytest.raises(NotReady, match="before the last one was completed"):
        working.finish_service_step(helped.reference, done_on=today, began_on=today - timedelta(days=1), **done)
