"""What a service owes is recorded as done: its assessment, the review of its plan (practice.md section 3)."""

from datetime import timedelta

import pytest

from hsb.core import clock
from hsb.core.models import AccessRecord, Task
from tests.pages import filled, page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


def record(browser, referral, **answers):
    path = road.url(referral, "service-step")
    day = clock.today()
    today = {"done_on_day": day.day, "done_on_month": day.month, "done_on_year": day.year}
    return browser.post(path, filled(browser.get(path), **{**today, "outcome": "The family agrees.", **answers}))


def due(referral, kind):
    return list(Task.objects.open().filter(record=referral.record, kind=kind).values_list("due_on", flat=True))


def test_the_child_and_family_assessment_is_completed(amara, bea, mo, front_door, willow, client_of):
    referral = road.with_statutory(amara, mo, willow, worker=bea)

    refused = record(client_of(bea), referral)
    answer = record(client_of(bea), referral, follows="child_in_need")

    assert (refused.status_code, answer.status_code) == (422, 302)
    done = referral.family_assessments.get()
    assert (done.completed_on, done.outcome, done.summary) == (clock.today(), "child_in_need", "The family agrees.")
    assert done.due_on > done.started_on
    assert due(referral, "family_assessment") == []
    entry = road.last_entry(referral, "complete_family_assessment")
    assert (entry.actor, entry.reason) == (bea, "The family agrees.")
    assert client_of(bea).get(road.url(referral, "service-step")).status_code == 409


def test_a_plan_that_was_reviewed_is_reviewed_again_in_six_weeks(amara, dev, eli, front_door, hazel, client_of):
    referral = road.with_early_help(amara, dev, hazel, worker=eli)

    record(client_of(eli), referral)

    assert due(referral, "early_help_review") == [clock.today() + timedelta(days=42)]


def test_it_cannot_have_been_done_before_the_team_had_the_child(amara, bea, mo, front_door, willow, client_of):
    referral = road.with_statutory(amara, mo, willow, worker=bea)

    answer = record(client_of(bea), referral, done_on_year=clock.today().year - 1)

    assert answer.status_code == 422
    assert "the day the team took the child" in page(answer).text
    assert len(due(referral, "family_assessment")) == 1


def test_who_asks_for_a_record_and_is_not_let_in_stands_on_it(amara, carl, front_door, client_of):
    referral, _ = road.logged(amara)

    assert client_of(carl).get(f"/referrals/{referral.reference}/").status_code == 404

    assert AccessRecord.objects.filter(record=referral.record, user=carl, kind="refused").count() == 1
