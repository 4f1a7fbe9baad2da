"""The search of the header: one box, an opaque id, and a record of who searched (practice.md A28, B8)."""

import logging
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from hsb.core import clock
from hsb.core.models import AccessRecord, SearchTerms
from hsb.core.states import AccessKind
from hsb.overview.forms.search import SearchForm, read_terms
from referrals.services.person_keys import index_person
from referrals.states import ReferralState
from tests import cast

BORN = date(2012, 5, 14)

pytestmark = pytest.mark.both_databases("what is found, counted and sorted is the database's")


@pytest.fixture
def robin(db):
    """An invented child, findable."""
    return known("Robin", "Sample", born_on=BORN, nhs_number="9434765919")


def known(*names, **fields):
    person = cast.person(*names, **fields)
    index_person(person)
    return person


def searched(browser, terms):
    """The page of results that comes after typing `terms` in the header."""
    return browser.post("/search/", {"terms": terms}, follow=True)


def text_of(response):
    return " ".join(response.content.decode().split())


# --- One box ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        pytest.param("Robin Sample", {"words": "Robin Sample"}, id="a name"),
        pytest.param("Sample, Robin", {"words": "Sample Robin"}, id="a name with a comma"),
        pytest.param("May Sample", {"words": "May Sample"}, id="a name that is also a month"),
        pytest.param("王小明", {"words": "王小明"}, id="a name in another script"),
        pytest.param("hsb-2026-00042", {"reference": "HSB-2026-00042"}, id="a reference"),
        pytest.param("HSB 2026 42", {"reference": "HSB-2026-00042"}, id="a reference read over the telephone"),
        pytest.param("HSB-2026-00042-A1", {"reference": "HSB-2026-00042"}, id="an assessment's reference"),
        pytest.param("943 476 5919", {"numbers": ["9434765919"]}, id="an NHS number with spaces"),
        pytest.param("NHS number 9434765919", {"numbers": ["9434765919"]}, id="an NHS number that says so"),
        pytest.param("h801200001001", {"numbers": ["H801200001001"]}, id="a UPN"),
        pytest.param("A12345", {"numbers": ["A12345"]}, id="a number of another system"),
        pytest.param("14/5/2012", {"born_on": "2012-05-14"}, id="a date with strokes"),
        pytest.param("14.05.2012", {"born_on": "2012-05-14"}, id="a date with stops"),
        pytest.param("14-5-12", {"born_on": "2012-05-14"}, id="a date with a short year"),
        pytest.param("14 5 2012", {"born_on": "2012-05-14"}, id="a date with spaces"),
        pytest.param("2012-05-14", {"born_on": "2012-05-14"}, id="a date with the year first"),
        pytest.param("14 May 2012", {"born_on": "2012-05-14"}, id="a date with a month's name"),
        pytest.param("14th of may, 2012", {"born_on": "2012-05-14"}, id="a date as it is said"),
        pytest.param("May 14, 2012", {"born_on": "2012-05-14"}, id="a date with the month first"),
        pytest.param("14May2012", {"born_on": "2012-05-14"}, id="a date without spaces"),
        pytest.param("14052012", {"born_on": "2012-05-14"}, id="a date in eight digits"),
        pytest.param("3/2/75", {"born_on": "1975-02-03"}, id="an adult's date with a short year"),
        pytest.param("Robin Sample DOB 14/5/2012", {"words": "Robin Sample", "born_on": "2012-05-14"}, id="both"),
        pytest.param(
            "sample 14 may 2012 943-476-5919",
            {"words": "sample", "born_on": "2012-05-14", "numbers": ["9434765919"]},
            id="everything at once",
        ),
        pytest.param("sample aa31ab", {"words": "sample", "postcode": "AA3 1AB"}, id="a postcode"),
        pytest.param(
            "sample AA3", {"words": "sample", "numbers": ["AA3"], "postcode": "AA3"}, id="the first part of a postcode"
        ),
        pytest.param("2 Sample 2012", {"words": "Sample", "numbers": ["2", "2012"]}, id="numbers that are no date"),
        pytest.param("?", {}, id="nothing to look for"),
    ],
)
def test_what_was_typed_is_told_apart(typed, terms):
    assert read_terms(typed) == terms


@pytest.mark.parametrize("typed", ["31/2/2012", "14/13/2012", "1/1/1850", "Robin 14 May 2099"])
def test_a_date_that_cannot_be_is_sent_back(typed):
    with pytest.raises(ValidationError, match="is not a real date of birth. Enter it like 14 5 2012"):
        read_terms(typed)


@pytest.mark.parametrize("typed", ["", "   ", "?!"])
def test_an_empty_box_asks_for_something(typed):
    form = SearchForm({"terms": typed})

    assert form.errors == {"terms": ["Enter a reference, a name, a date of birth, an NHS number or a UPN"]}


# --- The pages -------------------------------------------------------------------------------------------------------


def test_the_form_stands_alone_on_its_page(client_of, carl):
    page = client_of(carl).get("/search/")

    assert page.status_code == 200
    assert "Who are you looking for?" in text_of(page)


def test_a_mistake_is_explained_and_what_was_typed_stays(client_of, carl):
    page = searched(client_of(carl), "Robin 31/2/2012")

    assert page.status_code == 422
    assert "31/2/2012 is not a real date of birth. Enter it like 14 5 2012" in text_of(page)
    assert 'value="Robin 31/2/2012"' in text_of(page)
    assert not SearchTerms.objects.exists()


def test_a_search_shows_who_may_be_meant(client_of, carl, amara, willow, robin):
    cast.referral(amara, held_by=willow, child=robin)

    page = searched(client_of(carl), "robyn sampel 15/5/2012")

    assert page.context["title"] == "1 person found"
    assert "Robin Sample" in text_of(page)
    assert "14 May 2012" in text_of(page)
    assert "Willow" in text_of(page)
    assert "Name sounds alike, date of birth nearly the same" in text_of(page)
    assert 'href="/referrals/' not in text_of(page).split("<main")[1].split("Search again")[0]


def test_the_worker_gets_a_link_to_the_case(client_of, amara, willow, robin):
    referral = cast.referral(amara, held_by=willow, child=robin)

    page = searched(client_of(amara), referral.reference)

    assert f'href="/referrals/{referral.reference}/"' in text_of(page)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        pytest.param("robin sample", "1 person found", id="one"),
        pytest.param("sample", "2 people found", id="two"),
        pytest.param("sample 14/5/2012", "2 people and 1 restricted record found", id="two and a restricted one"),
        pytest.param("943 476 5870", "1 restricted record found", id="a restricted one"),
        pytest.param("wherewithal", "Nobody found", id="nobody"),
    ],
)
def test_the_title_says_how_many(client_of, carl, amara, willow, robin, typed, title):
    known("Terry", "Sample", born_on=BORN)
    hidden = known("Avery", "Sample", born_on=BORN, nhs_number="9434765870")
    cast.referral(amara, held_by=willow, child=hidden, restricted=True)

    page = searched(client_of(carl), typed)

    assert page.context["title"] == title
    assert f"<title>{title}" in text_of(page)


def test_a_restricted_record_says_only_whom_to_ask(client_of, carl, amara, willow, robin):
    cast.referral(amara, held_by=willow, child=robin, restricted=True)

    page = searched(client_of(carl), "943 476 5919")

    assert "Restricted record: contact the front door duty desk" in text_of(page)
    assert "Robin" not in text_of(page)
    assert "May 2012" not in text_of(page)


def test_nobody_found_says_what_to_do(client_of, carl, cho):
    hers, his = searched(client_of(cho), "wherewithal"), searched(client_of(carl), "wherewithal")

    assert "Check the spelling, or search by family name and date of birth" in text_of(his)
    assert "Log a concern</a>: you can add a person who is not yet known there" in text_of(his)
    assert "Log a concern" not in text_of(hers)


def test_more_than_a_page_is_said(client_of, carl):
    for _ in range(21):
        known("Robin", "Sample")

    page = searched(client_of(carl), "robin sample")

    assert page.context["title"] == "More than 20 people found: the 20 closest"
    assert len(page.context["rows"]) == 20
    assert "Add a date of birth or a second name to see fewer" in text_of(page)


# --- Who, and what is kept -------------------------------------------------------------------------------------------


def test_a_search_is_kept_under_an_opaque_id_and_recorded_once(client_of, carl, robin):
    browser = client_of(carl)

    answer = browser.post("/search/", {"terms": "Robin Sample 14/5/2012"})
    browser.get(answer["Location"])
    browser.get(answer["Location"])

    kept, left = SearchTerms.objects.get(), AccessRecord.objects.get(kind=AccessKind.SEARCH)
    assert answer["Location"] == f"/search/{kept.reference}/"
    assert kept.terms == {"typed": "Robin Sample 14/5/2012", "words": "Robin Sample", "born_on": "2012-05-14"}
    assert (left.user, left.record, left.page, left.terms) == (carl, None, "search", kept.terms)


def test_a_search_that_met_a_restricted_record_says_which(client_of, carl, amara, willow, robin):
    cast.referral(amara, held_by=willow, child=robin, restricted=True)

    searched(client_of(carl), "sample 14/5/2012")

    assert AccessRecord.objects.get(kind=AccessKind.SEARCH).record == robin.record


def test_a_search_is_its_authors_alone(client_of, carl, amara, robin):
    answer = client_of(carl).post("/search/", {"terms": "Robin Sample"})

    assert client_of(amara).get(answer["Location"]).status_code == 404
    assert client_of(carl).get(answer["Location"]).status_code == 200
    assert client_of(carl).get(f"/search/{uuid4()}/").status_code == 404


@pytest.mark.parametrize("reader", ["dee", "coo", "min"])
def test_who_does_not_search_finds_no_page(request, client_of, carl, reader, robin):
    results = client_of(carl).post("/search/", {"terms": "Robin Sample"})["Location"]
    browser = client_of(request.getfixturevalue(reader))

    assert browser.get("/search/").status_code == 404
    assert browser.post("/search/", {"terms": "Robin Sample"}).status_code == 404
    assert browser.get(results).status_code == 404
    assert SearchTerms.objects.count() == 1


@pytest.mark.parametrize("reader", ["amara", "mo", "cho", "aud"])
def test_who_searches(request, client_of, reader, robin):
    page = searched(client_of(request.getfixturevalue(reader)), "Robin Sample")

    assert page.context["title"] == "1 person found"


def test_nobody_searches_without_signing_in(client, robin):
    answer = client.post("/search/", {"terms": "Robin Sample"})

    assert answer["Location"] == "/account/login/?next=%2Fsearch%2F"
    assert not SearchTerms.objects.exists()


def test_no_word_of_a_search_is_logged_or_stands_in_a_url(client_of, carl, robin, caplog):
    caplog.set_level(logging.DEBUG)

    page = searched(client_of(carl), "Robin Sample")

    assert "Sample" not in caplog.text
    assert "sample" not in page.request["PATH_INFO"].lower() + page.request["QUERY_STRING"].lower()


def test_results_cost_the_same_for_one_and_for_twenty(
    client_of, carl, amara, willow, robin, django_assert_max_num_queries
):
    cast.referral(amara, held_by=willow, child=robin, state=ReferralState.STATUTORY)
    browser = client_of(carl)
    address = browser.post("/search/", {"terms": "Robin Sample"})["Location"]
    browser.get(address)
    with django_assert_max_num_queries(20) as for_one:
        browser.get(address)

    for _ in range(19):
        cast.referral(amara, held_by=willow, child=known("Robin", "Sample"))
    with django_assert_max_num_queries(len(for_one)) as for_twenty:
        page = browser.get(address)

    assert page.context["title"] == "20 people found"
    assert len(for_twenty) == len(for_one)


def test_a_search_is_forgotten_after_half_a_day(client_of, carl, robin):
    address = client_of(carl).post("/search/", {"terms": "Robin Sample"})["Location"]
    SearchTerms.objects.update(at=clock.now().replace(year=2020))

    assert client_of(carl).get(address).status_code == 404
