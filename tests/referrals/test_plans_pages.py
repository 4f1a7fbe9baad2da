"""The tab "Plan" in a browser: a plan begun, written, agreed, reviewed, and a sheet for the school."""

from datetime import timedelta
from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord
from referrals.models import Disclosure, Plan
from tests import cast
from tests.pages import assert_same_queries, assert_well_formed, filled, page
from tests.referrals import case_road as road
from tests.referrals import consent_road, plans_road
from tests.referrals.plans_road import ADULTS, LINE, PURPOSE, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Documents of a test go away with it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }


@pytest.fixture
def case(front_door, amara, willow):
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


def main(answer):
    return road.text(answer).split("<main")[1].split("</main")[0]


def link(answer, words):
    return next(href for href, text in page(answer).links if text.startswith(words)).replace("&amp;", "&")


def follow(browser, referral, words, **answers):
    """Opens the page behind a link of the tab, and sends it filled in; returns the page and the answer."""
    path = link(browser.get(road.url(referral, "plan")), words)
    asked = browser.get(path)
    assert_well_formed(asked)
    return asked, browser.post(path, filled(asked, **answers))


def test_from_the_first_line_to_a_review_and_a_sheet(case, client_of, amara, mo):
    worker, manager = client_of(amara), client_of(mo)
    empty = worker.get(road.url(case, "plan"))
    assert_well_formed(empty)
    assert "No plan has been begun" in main(empty)
    days = {**date_parts("began_on", in_days(0)), **date_parts("review_on", in_days(28))}

    _, begun = follow(worker, case, "Begin a plan", kind="safety", purpose=PURPOSE, **days)
    line = {"what": LINE, "owner_name": "The head of year", **date_parts("due_on", in_days(7))}
    asked = worker.get(begun.url)
    both = worker.post(begun.url, filled(asked, **{**line, "owner": mo.email}))
    assert both.status_code == 422
    worker.post(begun.url, filled(asked, **line))
    written = worker.get(road.url(case, "plan"))
    assert_well_formed(written)
    assert "Take out line 1" in main(written)
    passed, _ = follow(worker, case, "Pass the plan")
    assert LINE in main(passed)
    assert "Agree to the plan" not in main(worker.get(road.url(case, "plan")))
    _, returned = follow(manager, case, "Agree to the plan", agrees="no", reason="Say who is there.")
    assert "Say who is there." in main(worker.get(returned.url))
    follow(worker, case, "Pass the plan")
    follow(manager, case, "Agree to the plan", agrees="yes")
    said = {
        **date_parts("held_on", in_days(0)),
        "took_part": "The mother",
        "child_views": "It is calmer.",
        "parents_views": "It helps.",
        "line_1": "partly",
        "line_1_said": "Most days.",
        "outcome": "goes_on",
    }
    review, refused = follow(worker, case, "Record a review", **said)
    assert "No concern about this child since the plan began" in main(review)
    assert "Enter the day of the next review" in page(refused).text
    worker.post(refused.wsgi_request.path, filled(refused, **said, **date_parts("next_review_on", in_days(30))))
    consent_road.answered(case, amara)
    sheet = {
        "kind": "school_safety_sheet",
        "adults_do": ADULTS,
        "recipient": "The head of year",
        "contact": "The duty line",
        "why": "Adults know what to do.",
        "basis": "consent",
    }
    follow(worker, case, "Make a paper", **sheet)

    tab = manager.get(road.url(case, "plan"))
    text = main(tab)
    assert_well_formed(tab)
    for words in (PURPOSE, LINE, "Partly", "Most days.", "Review 1", "It is calmer.", "School safety sheet", "Mo, "):
        assert words in text
    paper = manager.get(link(tab, "School safety sheet"))
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert AccessRecord.objects.filter(user=mo, page="plan_paper", kind="document").count() == 1
    assert Disclosure.objects.get().to_whom == "The head of year"
    assert Plan.objects.get().reviews.count() == 1
    assert manager.get(road.url(case, "plan/1/papers/9")).status_code == 404
    story = main(manager.get(road.url(case, "chronology")))
    for words in ("A plan begun", "Plan agreed by a manager", "Plan reviewed: it goes on", "school safety sheet"):
        assert words in story


def test_the_next_step_leads_to_the_plan(case, client_of, amara, mo):
    plans_road.submitted(case, amara)
    plans_road.submitted(case, mo, kind="child_in_need")

    overview = client_of(mo).get(f"/referrals/{case.reference}/")

    assert link(overview, "Agree to the plan") == road.url(case, "plan/1/agree")


def test_where_nothing_can_be_done_none_is_offered(case, client_of, amara, mo, aud):
    plans_road.agreed(case, amara, mo)

    read = main(client_of(aud).get(road.url(case, "plan")))

    assert LINE in read
    for words in ("Begin a plan", "Record a review", "Make a paper", "End the plan"):
        assert words not in read


def test_a_plan_of_a_referral_that_ended_waits_for_nothing(case, client_of, amara, mo, time_machine):
    plans_road.agreed(case, amara, mo)
    type(case).objects.filter(pk=case.pk).update(state="closed", closed_on=in_days(0), closed_as="moved")
    time_machine.move_to(clock.now() + timedelta(days=60))

    read = main(client_of(mo).get(road.url(case, "plan")))

    assert "Agreed, when the referral ended" in read
    for words in ("Next review", "overdue", "Late"):
        assert words not in read


def test_the_tab_asks_as_much_for_many_as_for_few(case, client_of, amara, mo):
    def more():
        kind = "child_in_need" if Plan.objects.exists() else "safety"
        plan = plans_road.agreed(case, amara, mo, kind=kind)
        plans_road.reviewed(plan, amara)
        plans_road.sheet(plan, amara)

    more()

    assert_same_queries(client_of(amara), road.url(case, "plan"), more)


def test_the_key_of_another_childs_paper_makes_none_and_keeps_what_was_typed(case, client_of, amara, mo, willow):
    other = cast.referral(amara, held_by=willow, state="statutory", worker=amara)
    once = uuid4()
    plans_road.sheet(plans_road.agreed(other, amara, mo), amara, once=once)
    plans_road.agreed(case, amara, mo)
    sheet = {"kind": "school_safety_sheet", "adults_do": ADULTS, "recipient": "The head", "contact": "The duty line"}

    sheet |= {"once": str(once), "why": "They act.", "basis": "without"}
    _, answer = follow(client_of(amara), case, "Make a paper", **sheet)

    assert answer.status_code == 422
    assert "This page was sent before, for something else." in page(answer).text
    assert filled(answer)["recipient"] == ["The head"]
    assert Disclosure.objects.count() == 1
