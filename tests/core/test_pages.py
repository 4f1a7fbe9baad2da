"""What every page does with a refusal: the sentence, the status, and nothing typed lost."""

import pytest

from hsb.core.models import AccessRecord, Draft
from tests.core import a_page

pytestmark = pytest.mark.django_db

TYPED = {"note": "My own words.", "version": "1"}


@pytest.fixture
def laptop(client_of, amara):
    return client_of(amara)


def test_a_form_that_is_not_answered_stays_with_its_sentences(laptop, note_page):
    response = laptop.post(note_page, {"note": "", "version": "1"})

    assert response.status_code == 422
    assert "Enter a note" in response.content.decode()
    assert a_page.SAVED == []


def test_what_must_be_true_first_stands_beside_what_was_typed(laptop, note_page):
    response = laptop.post(note_page, TYPED | {"note": "too early"})

    html = response.content.decode()
    assert response.status_code == 422
    assert "Do this first." in html
    assert "And that." in html
    assert "too early" in html


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({"note": "too early"}, id="refused by the service"),
        pytest.param({"note": "Half of it.", "version": "none"}, id="refused by the form"),
    ],
)
def test_what_was_refused_is_there_again_for_whoever_comes_back(laptop, note_page, typed):
    laptop.post(note_page, TYPED | typed)

    html = laptop.get(note_page).content.decode()

    assert typed["note"] in html
    assert "not saved on the record yet" in html


def test_saved_in_the_end_nothing_of_what_was_refused_is_kept(laptop, note_page, amara):
    laptop.post(note_page, TYPED | {"note": "too early"})

    laptop.post(note_page, TYPED)

    assert not Draft.objects.filter(user=amara).exists()


def test_after_saving_one_is_told_so(laptop, note_page):
    response = laptop.post(note_page, TYPED)

    assert (response.status_code, response.url) == (302, "/a-note/saved/")
    assert "The note was saved." in laptop.get(note_page).content.decode()


def test_no_permission_is_403(laptop, note_page):
    assert laptop.post(note_page, TYPED | {"note": "forbidden"}).status_code == 403


def test_somebody_who_was_first_is_named(laptop, note_page):
    response = laptop.post(note_page, TYPED | {"note": "moved"})

    html = response.content.decode()
    assert response.status_code == 409
    assert "Bea" in html
    assert "HSB-2026-00001" in html


def test_a_stale_form_shows_both_versions_and_keeps_what_was_typed(laptop, note_page, amara):
    a_page.ROW.update(version=2, note="What Bea wrote.")

    response = laptop.post(note_page, TYPED)

    html = response.content.decode()
    assert response.status_code == 409
    assert "What Bea wrote." in html
    assert "My own words." in html
    assert "Bea" in html
    assert Draft.objects.get().data["note"] == ["My own words."]
    assert a_page.SAVED == []


def test_after_seeing_both_versions_one_can_save(laptop, note_page):
    a_page.ROW.update(version=2, note="What Bea wrote.")
    laptop.post(note_page, TYPED)

    page = laptop.get(note_page)
    form = page.context["form"]
    assert form["note"].value() == "My own words."
    answer = laptop.post(note_page, {name: form[name].value() or "" for name in ("note", "version")})

    assert answer.status_code == 302
    assert a_page.SAVED == ["My own words."]


def test_of_a_third_change_after_both_versions_were_shown_one_is_told_as_well(laptop, note_page):
    a_page.ROW.update(version=2, note="What Bea wrote.")
    laptop.post(note_page, TYPED)
    a_page.ROW.update(version=3, note="What Bea wrote then.")

    form = laptop.get(note_page).context["form"]
    answer = laptop.post(note_page, {name: form[name].value() or "" for name in ("note", "version")})

    assert answer.status_code == 409
    assert "What Bea wrote then." in answer.content.decode()
    assert a_page.SAVED == []


def test_the_key_that_a_page_was_given_once_is_not_kept(laptop, note_page):
    """With it, the next thing that is sent from this page would be taken for the one that was sent already."""
    laptop.post(note_page, TYPED | {"note": "too early", "once": "3f2504e0-4f89-11d3-9a0c-0305e82c3301"})

    assert "once" not in Draft.objects.get().data


def test_what_is_too_large_for_a_draft_is_refused_and_not_kept(laptop, note_page, amara):
    answer = laptop.post(note_page, TYPED | {"note": "too early" + " " * 400_000})

    assert answer.status_code == 422
    assert not Draft.objects.filter(user=amara).exists()


def test_a_draft_from_before_somebody_elses_change_is_still_told_of_it(laptop, note_page):
    laptop.post("/keep-draft/", TYPED | {"page": note_page})
    a_page.ROW.update(version=2, note="What Bea wrote.")

    form = laptop.get(note_page).context["form"]

    assert laptop.post(note_page, {name: form[name].value() or "" for name in ("note", "version")}).status_code == 409


def test_a_page_without_a_rule_opens_for_nobody(laptop, client, note_page):
    assert laptop.get("/no-rule/").status_code == 404
    assert client.get("/no-rule/").status_code == 404


def test_a_page_that_breaks_tells_nobody_why(laptop, note_page):
    laptop.raise_request_exception = False

    response = laptop.get("/broken/")

    html = response.content.decode()
    assert response.status_code == 500
    assert "Robin" not in html
    assert "Invented" not in html
    assert "Traceback" not in html


def test_a_get_that_writes_is_found_out(laptop, note_page):
    with pytest.raises(AssertionError, match="wrote to people_user"):
        laptop.get("/writing/")


def test_a_page_about_nobody_leaves_no_access_record(laptop, note_page):
    laptop.get(note_page)

    assert not AccessRecord.objects.exists()
