"""The wording prompt: asked once, never refused; quotations and names are let be; the list is the borough's."""

import pytest
from django import forms as django_forms
from django.urls import reverse

from hsb.core import wording
from hsb.core.forms import CaseForm, ChoiceField, LongTextField, ReasonField, TextField
from hsb.core.models import Draft, PreferredWord
from hsb.core.refusals import Denied, NotReady
from hsb.core.states import WordKind
from tests.core import a_page
from tests.pages import filled, page

pytestmark = pytest.mark.django_db

LABEL = "The young offender was seen."


def said(text):
    return [each.typed for each in wording.found(text, wording.in_force())]


# --- What is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He is a perpetrator.", ["perpetrator"]),
        ("PERPETRATORS", ["PERPETRATORS"]),
        ("the offender's brother", ["offender's"]),
        ("the offender’s brother", ["offender’s"]),
        ("a young sex\noffender", ["young sex offender"]),
        ("a sex-offender", ["sex-offender"]),
        ("An abuser, an Abuser and a predator", ["abuser", "predator"]),
        ("offender/victim", ["offender"]),
    ],
)
def test_a_word_of_the_list_is_found(text, found):
    assert said(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The victim was abused; the behaviour was abusive, predatory, an offence.",
        "The Youth Offending Team and the Offender Management Unit were told.",
        "the offender   management\nunit",
        "His name is on the Sex Offenders’ Register.",
        "Offenders (persons of concern): nobody yet.",
        'Nan said "he\'s an offender" and cried.',
        "Nan said “he’s an offender” and cried.",
        "Nan said 'he's an offender' and cried.",
        "Nan said ‘he’s an offender’ and cried.",
        "coffenders abusers1 _predator",
    ],
)
def test_other_words_quotations_and_names_are_let_be(text):
    assert said(text) == []


def test_an_open_quotation_mark_hides_no_more_than_its_line():
    assert said('5\'10" tall.\nThe offender said "no"') == ["offender"]
    assert said("the boys' room, the offender and the girls' room") == ["offender"]


def test_a_label_beside_a_name_is_found():
    assert said("The Offender Manager met the offender.") == ["offender"]


def test_each_word_comes_with_the_words_preferred():
    (found,) = wording.found("a perpetrator", wording.in_force())

    assert found.instead == "child who displayed harmful behaviour; of an adult: person of concern"


# --- The form ---------------------------------------------------------------------------------------------------------


class StoryForm(CaseForm):
    story = LongTextField(label="What happened?", required=False)
    why = ReasonField(reader="your manager", required=False)
    title = TextField(label="Title", required=False)
    told = ChoiceField(label="Told", choices=(("yes", "Yes"), ("no", "No")), required=False)
    whom = LongTextField(label="Whom", required=False)
    kept = django_forms.CharField(widget=django_forms.HiddenInput, required=False)

    reveals = {("told", "yes"): ("whom",)}


def test_a_long_text_and_a_reason_are_asked_about():
    form = StoryForm({"story": LABEL, "why": "An abuser."})

    assert not form.is_valid()
    assert form.errors == {}
    assert form.words_asked == ["story", "why"]


def test_each_keeps_its_words_by_a_tick_of_its_own():
    posted = {"story": LABEL, "why": "An abuser.", "keep_words_why": "on"}

    assert StoryForm(posted).words_asked == ["story"]
    assert StoryForm(posted | {"keep_words_story": "on"}).is_valid()


def test_a_hidden_field_and_one_that_is_not_shown_are_not_asked_about():
    assert StoryForm({"kept": LABEL, "told": "no", "whom": LABEL}).is_valid()
    assert StoryForm({"told": "yes", "whom": LABEL}).words_asked == ["whom"]


def test_what_stood_already_is_not_asked_about_again():
    stood = {"story": f"{LABEL}\nAnd later."}

    assert StoryForm({"story": f"{LABEL}\r\nAnd later. "}, initial=stood).is_valid()
    assert StoryForm({"story": f"{LABEL} And now."}, initial=stood).words_asked == ["story"]


def test_a_form_with_a_prefix_has_ticks_of_its_own():
    form = StoryForm({"a-story": LABEL, "keep_words_story": "on"}, prefix="a")

    assert form.words_asked == ["story"]
    assert StoryForm({"a-story": LABEL, "a-keep_words_story": "on"}, prefix="a").is_valid()


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def laptop(client_of, amara):
    return client_of(amara)


def test_the_page_comes_back_once_with_the_words_and_is_saved_by_the_tick(note_page, laptop):
    asked = laptop.post(note_page, {"version": 1, "note": LABEL, "groups": ["b"]})

    assert asked.status_code == 422
    assert a_page.SAVED == []
    told = page(asked).text
    assert "Please look at some of your words before this is saved" in told
    assert "You wrote “young offender”. We prefer: child who displayed harmful behaviour" in told
    assert "There is a problem" not in told
    again = filled(asked)
    assert again["note"] == [LABEL]
    assert again["groups"] == ["b"]
    assert "keep_words_note" not in again

    saved = laptop.post(note_page, filled(asked, keep_words_note="on"))

    assert saved.status_code == 302
    assert a_page.SAVED == [LABEL]


def test_other_words_are_saved_without_a_tick(note_page, laptop):
    asked = laptop.post(note_page, {"version": 1, "note": LABEL})

    saved = laptop.post(note_page, filled(asked, note="The child was seen."))

    assert saved.status_code == 302
    assert a_page.SAVED == ["The child was seen."]


def test_with_something_missing_both_are_said_at_once(note_page, laptop):
    asked = laptop.post(note_page, {"version": 1, "note": LABEL, "groups": ["no-such-group"]})

    told = page(asked).text
    assert "There is a problem" in told
    assert "We prefer:" in told


def test_who_leaves_the_page_finds_what_was_typed(note_page, laptop, amara):
    laptop.post(note_page, {"version": 1, "note": LABEL})

    assert Draft.objects.get(user=amara).data["note"] == [LABEL]
    assert LABEL in page(laptop.get(note_page)).text


def test_a_tick_stays_when_the_page_comes_back_for_another_reason(note_page, laptop):
    back = laptop.post(note_page, {"version": 1, "note": LABEL, "groups": ["no-such"], "keep_words_note": "on"})

    assert back.status_code == 422
    assert filled(back)["keep_words_note"] == ["on"]
    assert "Please look at some of your words" not in page(back).text


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_administrator_adds_a_word_and_takes_it_off(dee, client_of):
    desk = client_of(dee)

    added = desk.post(
        reverse("people:add_word"), {"kind": "word", "word": "Deviant", "instead": "child who displayed the behaviour"}
    )

    assert added.status_code == 302
    assert said("a deviant") == ["deviant"]
    row = PreferredWord.objects.get(folded="deviant")
    assert (row.added_by, row.ended_at) == (dee, None)
    assert "Deviant" in page(desk.get(added.url)).text

    ended = desk.post(reverse("people:end_word", args=[row.number]))

    assert ended.status_code == 302
    assert said("a deviant") == []
    row.refresh_from_db()
    assert row.ended_by == dee
    assert "Deviant" in page(desk.get(f"{ended.url}?state=ended")).text
    assert desk.get(reverse("people:end_word", args=[row.number])).status_code == 404


def test_a_name_lets_its_words_be(dee):
    assert said("The Perpetrator Unit came.") == ["Perpetrator"]

    wording.add(actor=dee, kind=WordKind.NAME, word="Perpetrator Unit", instead="left out")

    assert said("The Perpetrator Unit came.") == []
    assert PreferredWord.objects.get(folded="perpetrator unit").instead == ""


def test_a_word_is_on_the_list_once_in_whatever_spelling(dee):
    with pytest.raises(NotReady, match="on the list already"):
        wording.add(actor=dee, kind=WordKind.WORD, word=" Sex-Offender ", instead="person of concern")


def test_only_an_administrator_keeps_the_list(mo):
    with pytest.raises(Denied):
        wording.add(actor=mo, kind=WordKind.WORD, word="deviant", instead="child")
    with pytest.raises(Denied):
        wording.end(1, actor=mo)


def test_a_list_without_words_asks_nothing(dee):
    for row in PreferredWord.objects.all():
        wording.end(row.number, actor=dee)

    assert said(LABEL) == []


# --- Single lines -----------------------------------------------------------------------------------------------------


class Lines(CaseForm):
    title = TextField(label="Title", required=False)
    agency = TextField(label="Agency", required=False)
    said_by = TextField(label="Who says so", required=False)
    name = TextField(label="Name of the group", required=False, about_words=True)


def test_titles_and_headings_are_looked_at_and_names_are_let_be():
    form = Lines({"title": LABEL, "agency": LABEL, "said_by": LABEL, "name": "The offenders"})

    assert not form.is_valid()
    assert not form.errors
    assert form.words_asked == ["title", "name"]
    assert Lines({"title": LABEL, "keep_words_title": "on"}).is_valid()
    assert Lines({"title": LABEL}, initial={"title": LABEL}).is_valid()


def test_a_search_and_the_list_itself_ask_nothing(dee, client_of, amara):
    assert client_of(amara).post("/search/", {"terms": "Sam Offender"}).status_code == 302
    added = {"kind": "word", "word": "deviant", "instead": "not offender"}
    assert client_of(dee).post(reverse("people:add_word"), added).status_code == 302
