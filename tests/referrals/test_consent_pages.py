"""Consent in a browser: what stands, recorded, recorded anew; beside what is shared; Early Help decided again."""

from datetime import timedelta

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord
from referrals.models import ConsentAnswer, Disclosure
from tests import cast
from tests.pages import assert_no_dead_error_links, assert_same_queries, assert_well_formed, filled, page
from tests.referrals import case_road as road
from tests.referrals import plans_road, police_road
from tests.referrals.consent_road import OWN_WORDS, TOLD, answered, by_parent, mother, replaced

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, willow):
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


def main(answer):
    return road.text(answer).split("<main")[1].split("</main")[0]


def link(answer, words):
    return next(href for href, text in page(answer).links if text.startswith(words))


def ago(days):
    return clock.today() - timedelta(days=days)


def test_an_answer_is_recorded_from_the_tab_people_and_recorded_anew(case, client_of, amara, mo):
    lin, browser = mother(case, amara), client_of(amara)
    tab = road.url(case, "consent")

    shown = browser.get(link(browser.get(road.url(case, "people")), "Consent"))
    asked = browser.get(link(shown, "Record an answer"))
    answers = filled(
        asked,
        purpose="school",
        whose=str(lin.once),
        asked="asked",
        answer="agreed",
        **date_parts("holds_until", ago(1)),
        how="telephone",
        told=TOLD,
        own_words=OWN_WORDS,
        **date_parts("happened_on", clock.today()),
    )
    too_short = browser.post(asked.wsgi_request.path, answers)
    answers = {**answers, **{name: [value] for name, value in date_parts("holds_until", clock.today()).items()}}
    sent = [browser.post(asked.wsgi_request.path, answers) for _ in range(2)]
    after = browser.get(tab)
    anew = browser.get(link(after, "Record it anew"))
    corrected = filled(anew, own_words="Yes, the brindle one.", reason="The words were hers.")
    twice = [browser.post(anew.wsgi_request.path, corrected) for _ in range(2)]
    said = main(client_of(mo).get(tab))

    for each in (shown, asked, after, anew):
        assert_well_formed(each)
    assert "No answer is recorded" in main(shown)
    assert "no age decides it" in main(asked)
    assert "cannot consent in law" not in main(asked)
    assert "Has parental responsibility" in main(asked)
    assert too_short.status_code == 422
    assert_no_dead_error_links(too_short)
    assert "must be on or after the day of the answer" in main(too_short)
    assert OWN_WORDS in main(too_short)
    assert [each.url for each in (*sent, *twice)] == [tab] * 4
    assert [row.number for row in ConsentAnswer.objects.all()] == [1, 2]
    for words in ("Lin Sample (Mother): agreed", TOLD, "By telephone", OWN_WORDS):
        assert words in main(after)
    assert said.index("Yes, the brindle one.") < said.index("Earlier answers") < said.index(OWN_WORDS)
    assert "Replaced by</dt>" in said
    assert browser.get(anew.wsgi_request.path).status_code == 409
    story = main(browser.get(road.url(case, "chronology")))
    assert "An answer about consent recorded anew" in story
    assert "Information shared with school or college: agreed" in story
    assert OWN_WORDS not in story
    assert AccessRecord.objects.filter(user=mo, record=case.record, page="consent").count() == 1


def test_a_form_that_says_nothing_comes_back_and_why_nobody_was_asked_is_kept(case, client_of, amara):
    browser, url = client_of(amara), road.url(case, "consent/record")

    for reason in ({}, {"not_asked_words": "They are abroad."}):
        asked = browser.get(url)
        typed = {"purpose": "therapy", "whose": "child", "asked": "not_asked", "not_asked_because": "other", **reason}
        sent = browser.post(url, filled(asked, told="Not kept: nobody was asked.", **typed))

        assert sent.status_code == (302 if reason else 422)
    empty = browser.post(url, {})
    assert empty.status_code == 422
    for words in ("Choose what it is about", "Choose whose answer it is", "Choose whether they were asked"):
        assert words in main(empty)
    row = ConsentAnswer.objects.get()
    assert (row.answer, row.not_asked_words, row.told) == ("not_asked", "They are abroad.", "")
    years = case.person.age_on(clock.today())
    said = page(browser.get(road.url(case, "consent"))).text
    assert f"Age that day {years} years old" in said
    assert "They are abroad." in said


def test_withdrawing_what_was_never_agreed_keeps_what_was_typed(case, client_of, amara):
    browser, url = client_of(amara), road.url(case, "consent/record")
    typed = {"purpose": "health", "whose": "named", "answerer_name": "Pat Sample, aunt", "asked": "asked"}
    said = {"answer": "withdrew", "how": "writing", "told": TOLD, "own_words": OWN_WORDS}

    refused = browser.post(url, filled(browser.get(url), **typed, **said))

    assert refused.status_code == 422
    assert "never agreed to" in page(refused).text
    assert "Pat Sample, aunt" in main(refused)
    assert OWN_WORDS in main(refused)
    assert not ConsentAnswer.objects.exists()


def test_who_may_read_reads_and_who_may_not_record_is_offered_nothing(case, client_of, amara, aud, carl, dee):
    answered(case, amara)

    read = client_of(aud).get(road.url(case, "consent"))

    assert OWN_WORDS in main(read)
    assert "Record it anew" not in main(read)
    assert "Record an answer" not in main(read)
    for user in (carl, dee):
        for path in ("consent", "consent/record", "consent/1/replace"):
            assert client_of(user).get(road.url(case, path)).status_code == 404
    assert client_of(amara).get(road.url(case, "consent/9/replace")).status_code == 404


def test_a_parent_whom_the_reader_may_not_read_is_not_named(case, client_of, amara, aud):
    lin = mother(case, amara)
    answered(case, amara, answered_by="parent", relationship=lin)
    type(lin.other.record).objects.filter(pk=lin.other.record_id).update(restricted=True)

    for path in ("consent", "what-may-i-say"):
        said = main(client_of(aud).get(road.url(case, path)))
        assert "A parent or carer" in said
        assert "Lin Sample" not in said


def test_what_stands_is_shown_where_it_is_asked_what_may_be_said(case, client_of, amara):
    answered(case, amara, happened_on=ago(9), holds_until=ago(1))
    by_parent(case, amara, purpose="health", answer="refused")

    said = page(client_of(amara).get(road.url(case, "what-may-i-say"))).text

    assert "Information shared with school or college The child" in said
    assert "Past its day" in said
    assert "Lin Sample, mother" in said
    assert "Said no" in said


def test_a_sheet_for_the_school_is_refused_beside_its_basis_until_it_is_agreed(case, client_of, amara, mo):
    plans_road.agreed(case, amara, mo)
    browser, url = client_of(amara), road.url(case, "plan/1/papers/make")
    by_parent(case, amara, answer="refused")
    typed = {
        "kind": "school_safety_sheet",
        "adults_do": plans_road.ADULTS,
        "recipient": "The head of year",
        "contact": "The duty line",
        "why": "Adults know what to do.",
        "basis": "consent",
    }

    asked = browser.get(url)
    refused = browser.post(url, filled(asked, **typed))
    by_parent(case, amara)
    sent = browser.post(url, filled(refused))

    assert_well_formed(asked)
    assert "Lin Sample, mother refused on" in main(asked)
    assert link(asked, "Read what was said about consent") == road.url(case, "consent")
    assert refused.status_code == 422
    assert_no_dead_error_links(refused)
    assert "basis-error" in road.text(refused)
    assert "With consent it cannot be: a parent or carer refused on" in page(refused).text
    assert plans_road.ADULTS in main(refused)
    assert sent.status_code == 302
    assert Disclosure.objects.get().basis == f"With consent: {case.reference}-CON2"


def test_the_familys_page_names_the_answer_on_which_it_rests(case, client_of, amara, mo):
    plans_road.agreed(case, amara, mo)
    browser, url = client_of(amara), road.url(case, "plan/1/papers/make")
    typed = {
        "kind": "plan_for_family",
        "recipient": "The family",
        "contact": "The duty line",
        "why": "It is theirs.",
        "basis": "consent",
    }

    nothing = browser.post(url, filled(browser.get(url), **typed))
    yes = answered(case, amara, purpose="therapy")
    unnamed = browser.post(url, filled(browser.get(url), **typed))
    sent = browser.post(url, filled(browser.get(url), **typed, agreed_answer=str(yes.number)))

    for refused in (nothing, unnamed):
        assert refused.status_code == 422
        assert "choose the answer on which it rests" in page(refused).text
    assert sent.status_code == 302
    assert Disclosure.objects.get().basis == f"With consent: {yes.reference}"


def test_form_87a_is_refused_beside_its_basis_and_shows_what_stands(front_door, amara, client_of):
    referral, other = road.awaiting(amara, "2", harmed=True)
    police_road.called(referral, amara)
    answered(referral, amara, purpose="police", answer="refused")
    about = police_road.of(referral).reference
    browser, url = client_of(amara), road.url(referral, f"police-forms/{about}/draft")

    asked = browser.get(url)
    refused = browser.post(url, filled(asked, **police_road.CONTENT | {"basis": "consent"}))

    assert asked.status_code == 200
    assert "the child refused on" in main(asked)
    assert "Sky Other: No answer about it is recorded." in main(asked)
    assert refused.status_code == 422
    assert "basis-error" in road.text(refused)
    assert police_road.CONTENT["asked"] in main(refused)
    assert AccessRecord.objects.filter(user=amara, record=other.record, page="police_draft").exists()


def test_a_manager_of_early_help_decides_again_from_her_next_step(front_door, amara, dev, eli, esi, hazel, client_of):
    referral = road.with_early_help(amara, dev, hazel, worker=eli)
    by_parent(referral, eli, purpose="early_help", answer="refused")
    browser = client_of(esi)

    asked = browser.get(link(browser.get(f"/referrals/{referral.reference}/"), "Decide again"))
    refused = browser.post(asked.wsgi_request.path, filled(asked, decision="step_up", reason=" "))
    sent = browser.post(asked.wsgi_request.path, filled(asked, decision="step_up", reason="The risk is too high."))
    plan = main(client_of(eli).get(road.url(referral, "plan")))
    review = main(client_of(eli).get(road.url(referral, "service-step")))

    assert "Lin Sample, mother refused on" in main(asked)
    assert refused.status_code == 422
    assert sent.url == road.url(referral, "step-up")
    assert browser.get(asked.wsgi_request.path).status_code == 409
    for shown in (plan, review):
        assert "Support from Early Help: Lin Sample, mother refused on" in shown
    assert "Ask to step up" in main(browser.get(road.url(referral, "chronology")))


def test_the_page_asks_as_much_for_many_as_for_few(case, client_of, amara):
    lin = mother(case, amara)

    def more():
        for purpose in ("school", "health", "therapy"):
            replaced(answered(case, amara, answered_by="parent", relationship=lin, purpose=purpose), amara)

    more()

    assert assert_same_queries(client_of(amara), road.url(case, "consent"), more) < 60
