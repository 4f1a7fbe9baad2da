"""What follows at 18, and the decision, in a browser: asked for, answered, read on the tab "Plan"."""

from datetime import timedelta

import pytest

from hsb.core import clock, words
from hsb.core.calendar import months_after
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord
from referrals.models import DecisionAt18, WhatFollows
from referrals.services import coming_of_age
from tests import cast
from tests.pages import assert_same_queries, assert_well_formed, filled, page
from tests.referrals import case_road as road
from tests.referrals.age_road import CLOSE, SAYS, THE_PLAN, asked, child_of, planned

pytestmark = pytest.mark.django_db
SAID = {"young_person_says": SAYS, "plan": THE_PLAN}


@pytest.fixture
def case_of(front_door, amara, willow):
    def made(years, months=0, **fields):
        fields = {"held_by": willow, "state": "statutory", "worker": amara} | fields
        return cast.referral(amara, child=fields.pop("child", None) or child_of(years, months), **fields)

    return made


def main(answer):
    return road.text(answer).split("<main")[1].split("</main")[0]


def link(answer, said):
    return next(href for href, text in page(answer).links if text.startswith(said))


def goes_on(**fields):
    told = {"goes_on": "yes", "where": ["leaving_care", "health"], "asked": "Their adviser", **SAID}
    return told | date_parts("asked_on", clock.today()) | fields


def test_the_worker_is_led_to_it_and_what_is_planned_stands_on_the_tab(case_of, client_of, amara, aud):
    case = case_of(17, 6)
    coming_of_age.sweep()
    browser, tab = client_of(amara), road.url(case, "plan")
    turns = f"Turns 18 on {words.day(months_after(case.person.born_on, 216))}"

    overview = browser.get(f"/referrals/{case.reference}/")
    form = browser.get(link(overview, "Plan what follows when the young person turns 18"))
    answers = filled(form, **goes_on())
    incomplete = browser.post(form.wsgi_request.path, answers | {"asked": [""]})
    sent = [browser.post(form.wsgi_request.path, answers) for _ in range(2)]
    shown = browser.get(tab)

    assert turns in page(overview).text
    assert_well_formed(form)
    assert turns in main(form)
    assert incomplete.status_code == 422
    assert "Say who was asked there" in page(incomplete).text
    assert SAYS in main(incomplete)
    assert [each.url for each in sent] == [f"{tab}#at-18"] * 2
    assert WhatFollows.objects.count() == 1
    assert asked(case) == {}
    assert_well_formed(shown)
    for said in ("Leaving care and Health or adult mental health", "Their adviser, on", SAYS, THE_PLAN, turns):
        assert said in main(shown)
    assert SAYS in main(client_of(aud).get(tab))
    assert "Plan anew" not in main(client_of(aud).get(tab))
    chronology = main(browser.get(road.url(case, "chronology")))
    assert "What follows at 18 planned" in chronology
    assert SAYS not in chronology
    assert AccessRecord.objects.filter(record=case.record, page="what_follows", user=amara).exists()


def test_it_is_written_anew_and_the_one_before_is_folded(case_of, client_of, amara, mo):
    case = case_of(17, 8)
    planned(case, mo)
    browser, tab = client_of(amara), road.url(case, "plan")

    form = browser.get(link(browser.get(tab), "Plan anew what follows at 18"))
    nothing = {
        "goes_on": "no",
        "not_needed_because": "College has a place.",
        "young_person_says": "Fine.",
        "plan": "College.",
    }
    sent = browser.post(form.wsgi_request.path, filled(form, **nothing))
    shown = main(browser.get(tab))

    assert THE_PLAN in main(form)
    assert sent.status_code == 302
    assert shown.index("College has a place.") < shown.index("Recorded before") < shown.index(THE_PLAN)


def test_somebody_elses_version_meets_what_was_typed(case_of, client_of, amara, mo):
    case = case_of(17, 8)
    browser = client_of(amara)
    form = browser.get(road.url(case, "what-follows-at-18"))
    planned(case, mo)

    stale = browser.post(form.wsgi_request.path, filled(form, **goes_on(plan="A plan of my own.")))
    again = browser.get(form.wsgi_request.path)

    assert stale.status_code == 409
    assert "A plan of my own." in road.text(stale)
    assert THE_PLAN in road.text(stale)
    assert "A plan of my own." in main(again)
    assert WhatFollows.objects.count() == 1


@pytest.mark.parametrize("verb", ["what-follows-at-18", "decide-at-18"])
def test_too_early_and_too_late(case_of, client_of, amara, mo, verb):
    browser = client_of(mo)

    young = browser.get(road.url(case_of(17, 5), verb))
    unknown = browser.get(road.url(case_of(17, child=cast.person(born_on=None)), verb))
    closed = browser.get(road.url(case_of(18, state="closed"), verb))

    assert [each.status_code for each in (young, unknown, closed)] == [409] * 3
    assert "Not yet 17 and a half, or the date of birth is not known" in main(young)


def test_between_17_and_a_half_and_18_nothing_is_decided(case_of, client_of, mo):
    case = case_of(17, 11)

    answer = client_of(mo).get(road.url(case, "decide-at-18"))

    assert answer.status_code == 409
    assert "Turns 18 on" in main(answer)


def test_the_manager_decides_and_the_worker_is_led_to_closing(front_door, client_of, willow, amara, mo):
    case = cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=child_of(18))
    planned(case, amara)
    coming_of_age.sweep()
    browser, tab = client_of(mo), road.url(case, "plan")

    overview = browser.get(f"/referrals/{case.reference}/")
    form = browser.get(link(overview, "Decide: the young person is 18"))
    answers = filled(form, outcome="close", reason="The work is done.")
    without = browser.post(form.wsgi_request.path, answers | {"reason": [""]})
    sent = [browser.post(form.wsgi_request.path, answers) for _ in range(2)]
    shown = browser.get(tab)
    workers = client_of(amara).get(f"/referrals/{case.reference}/")

    assert "18 since" in page(overview).text
    assert_well_formed(form)
    assert THE_PLAN in main(form)
    assert without.status_code == 422
    assert [each.url for each in sent] == [f"{tab}#at-18"] * 2
    assert DecisionAt18.objects.count() == 1
    assert list(asked(case)) == [CLOSE]
    assert_well_formed(shown)
    assert "The work ends, and is closed here" in main(shown)
    assert "ropose closing: the young person is 18" in page(workers).text
    assert "because the young person is 18: the work ends" in main(browser.get(road.url(case, "chronology")))


def test_passed_on_and_going_on_are_asked_for_in_full(case_of, client_of, mo):
    case = case_of(18)
    browser, path = client_of(mo), road.url(case, "decide-at-18")
    form = browser.get(path)
    later = clock.today() + timedelta(days=30)

    passed = browser.post(path, filled(form, outcome="pass", reason="They have the case."))
    no_day = browser.post(path, filled(form, outcome="go_on", reason="The enquiry runs."))
    on = browser.post(path, filled(form, outcome="go_on", reason="It runs.", **date_parts("until_on", later)))
    after = browser.get(path)
    sent = browser.post(
        path,
        filled(
            after,
            outcome="pass",
            reason="They have the case.",
            passed_to="Adult social care",
            **date_parts("passed_on", clock.today()),
            accepted_by="The manager there",
        ),
    )

    assert (passed.status_code, no_day.status_code) == (422, 422)
    for said in ("Say to whom it is passed", "Say who there accepted it", "Enter the day on which it was passed"):
        assert said in page(passed).text
    assert "Enter until which day it goes on" in page(no_day).text
    assert (on.status_code, sent.status_code) == (302, 302)
    shown = main(browser.get(road.url(case, "plan")))
    assert shown.index("Adult social care, on") < shown.index("Recorded before") < shown.index("It runs.")


def test_where_closing_is_proposed_the_decision_leads_on_to_it(case_of, client_of, willow, amara, mo):
    case = cast.referral(amara, held_by=willow, state="closing_proposed", worker=amara, child=child_of(18))
    browser, path = client_of(mo), road.url(case, "decide-at-18")

    sent = browser.post(path, filled(browser.get(path), outcome="close", reason="The work is done."))

    assert sent.status_code == 302
    assert sent.url == road.url(case, "close")


def test_who_may_not(case_of, client_of, amara, bea, carl, mo, max):
    case = case_of(18)

    assert client_of(carl).get(road.url(case, "what-follows-at-18")).status_code == 404
    assert client_of(max).get(road.url(case, "decide-at-18")).status_code == 404
    assert client_of(amara).get(road.url(case, "decide-at-18")).status_code == 403
    assert "Decide, because" not in main(client_of(amara).get(road.url(case, "plan")))


def test_a_young_childs_tab_says_nothing_of_it(case_of, client_of, amara):
    shown = main(client_of(amara).get(road.url(case_of(12), "plan")))

    assert "turns 18" not in shown
    assert "Turns 18" not in shown


def test_the_tab_asks_as_much_for_many_versions_as_for_one(case_of, client_of, amara):
    case = case_of(17, 9)

    def more():
        for _ in range(3):
            planned(case, amara)

    more()

    assert_same_queries(client_of(amara), road.url(case, "plan"), more)
