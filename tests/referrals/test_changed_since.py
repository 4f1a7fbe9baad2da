"""Returned work shows what it said when it was passed on, beside what it says now."""

import pytest

from referrals.models import SubmittedWork
from referrals.services import assessing, deciding, plans
from tests import cast
from tests.pages import assert_well_formed, page, queries_of
from tests.referrals import assessment_road, plans_road
from tests.referrals import case_road as road
from tests.referrals.plans_road import LINE

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, willow):
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


def text(client, url):
    answer = client.get(url)
    assert_well_formed(answer)
    return page(answer).text


def test_a_returned_plan_shows_each_line_that_changed(case, amara, mo, client_of):
    plan = plans_road.submitted(case, amara)
    agree, add = road.url(case, "plan/1/agree"), road.url(case, "plan/1/lines/add")
    first = text(client_of(mo), agree)
    plans.return_plan(plan.reference, actor=mo, reason="Say who walks home with the child.")
    asked = text(client_of(amara), add)
    plans.take_out_line(plan.reference, actor=amara, number=1, reason="Said anew.")
    plans_road.lined(plan, amara, what="The aunt walks the tanglefern path.", owner_name="The aunt")
    plans.submit_plan(plan.reference, actor=amara)
    again = text(client_of(mo), agree)

    assert "Changed since" not in first
    assert "Returned by Mo on" in asked
    assert "because: Say who walks home with the child." in asked
    assert "Changed since Amara passed it on" in again
    assert "Line 2 Before Nothing Now The aunt walks the tanglefern path. (The aunt, by" in again
    assert f"Line 1 Before {LINE} (The head of year, by" in again
    assert "What it is for Before" not in again
    # Nobody changes what was passed on: both are kept.
    assert [(each.about, each.number, each.by) for each in SubmittedWork.objects.filter(about=plan.reference)] == [
        (plan.reference, 1, amara),
        (plan.reference, 2, amara),
    ]


def test_a_returned_assessment_shows_each_answer_before_and_now(front_door, dot, dev, client_of):
    referral, assessment = assessment_road.ready(dot)
    assessment_road.submitted(assessment, dot)
    deciding.return_to_worker(referral.reference, actor=dev, reason="Say more.")
    said = {"protective_factors": "The wintergreen choir, every week.", "child_views": "", "family_views": ""}
    assessing.save_page(assessment.reference, actor=dot, page="strengths", answers=said)

    own = text(client_of(dot), road.url(referral, "assessment"))
    assessment_road.submitted(assessment, dot)
    deciding_on = text(client_of(dev), road.url(referral, "decide"))

    for shown in (own, deciding_on):
        assert "Changed since Dot passed it on" in shown
        assert "Now The wintergreen choir, every week." in shown


def test_the_tab_of_a_returned_assessment_asks_little(front_door, dot, dev, client_of):
    referral, assessment = assessment_road.ready(dot)
    assessment_road.submitted(assessment, dot)
    deciding.return_to_worker(referral.reference, actor=dev, reason="Say more.")
    said = {"protective_factors": "The wintergreen choir, every week.", "child_views": "", "family_views": ""}
    assessing.save_page(assessment.reference, actor=dot, page="strengths", answers=said)
    browser, tab = client_of(dot), road.url(referral, "assessment")
    browser.get(tab)

    asked = queries_of(browser, tab)

    assert asked.total() <= 8, asked
