"""Forms: identifiers, days and times, sentences, reveals, and what the pack draws."""

import re
import uuid
from datetime import UTC, date, datetime, time

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError

from hsb.core import clock, govuk, identifiers, words
from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    DateTime,
    DayAndTime,
    EmailField,
    FileField,
    IdempotencyMixin,
    LongTextField,
    NHSNumberField,
    NumberField,
    OwnedForm,
    PostcodeField,
    ReasonField,
    SelectField,
    TextField,
    TickField,
    UPNField,
    VersionedForm,
    YesNo,
    date_parts,
    read_time,
)

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


class ConcernForm(VersionedForm, IdempotencyMixin, CaseForm):
    reported_on = DateField(
        label="When was the concern reported?",
        ask="Enter the date the concern was reported",
        subject="The date the concern was reported",
        not_future=True,
    )
    what = LongTextField(label="What is worrying", ask="Say what is worrying")
    police = YesNo(label="Have the police been told?", ask="Choose whether the police have been told")
    crime_reference = TextField(label="Crime reference", ask="Enter the crime reference")
    note = LongTextField(label="What they said", required=False)
    told = ChoicesField(label="Who knows", choices=(("school", "School"), ("family", "Family")), required=False)
    team = SelectField(label="Team", ask="Choose a team", choices=(("north", "North"),))
    starts = DateTime(label="First meeting", required=False)
    age = NumberField(label="Age", max_value=120, required=False)
    email = EmailField(label="E-mail", required=False)
    report = FileField(label="Report", required=False)
    reason = ReasonField(reader="the front door's manager")
    sure = TickField(label="I have checked this", ask="Tick to say that you have checked this")

    sections = (("The concern", ("reported_on", "what")), ("The police", ("police",), "Only what you know."))
    reveals = {("police", "yes"): ("crime_reference", "note")}
    choice_hints = {("police", "no"): "You can tell them next"}


ANSWERS = {
    **date_parts("reported_on", date(2026, 11, 20)),
    "what": "Worry",
    "police": "no",
    "team": "north",
    "reason": "Because",
    "sure": "on",
    "version": "3",
}


def drawn(form):
    return render_crispy_form(form)


def error(field, value):
    """The sentence that a lone field refuses a value with, "" when it takes it."""

    class Lone(CaseForm):
        answer = field

    names = value if isinstance(value, dict) else {"answer": value}
    form = Lone(names)
    return " ".join(form.errors.get("answer", []))


def answer(field, value):
    class Lone(CaseForm):
        answer = field

    form = Lone(value if isinstance(value, dict) else {"answer": value})
    assert form.is_valid(), form.errors
    return form.cleaned_data["answer"]


# --- identifiers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        pytest.param("9434765919", True, id="the example of the NHS Data Dictionary"),
        pytest.param("9434765918", False, id="one wrong check digit"),
        pytest.param("4505577104", True, id="another valid number"),
        pytest.param("0000000052", False, id="a check digit that does not fit"),
        pytest.param("943476591", False, id="nine digits"),
        pytest.param("94347659190", False, id="eleven digits"),
        pytest.param("٩٤٣٤٧٦٥٩١٩", False, id="digits of another script"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_an_nhs_number_carries_its_check_digit(digits, valid):
    assert identifiers.is_nhs_number(digits) is valid


def test_a_number_whose_check_digit_would_be_ten_is_never_valid():
    # 100000001: 10 + 2 = 12, 11 - 1 = 10.
    assert not any(identifiers.is_nhs_number(f"100000001{last}") for last in "0123456789")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("943 476 5919", "9434765919", id="with spaces"),
        pytest.param("943-476-5919", "9434765919", id="with hyphens"),
        pytest.param(" 9434765919 ", "9434765919", id="with spaces around"),
        pytest.param("943\u00a0476\u00a05919", "9434765919", id="pasted from a letter"),
        pytest.param("", "", id="left empty"),
    ],
)
def test_an_nhs_number_is_taken_as_people_write_it(typed, kept):
    assert answer(NHSNumberField(required=False), typed) == kept


def test_a_wrong_nhs_number_is_refused_in_a_sentence():
    assert error(NHSNumberField(), "943 476 5918") == "NHS number must be 10 digits with a valid check digit"


@pytest.mark.parametrize(
    ("upn", "valid"),
    [
        # 8x2 + 1x4 + 2x5 + 1x10 + 1x13 = 53 (the other digits are nought); 53 mod 23 = 7: H.
        pytest.param("H801200001001", True, id="a number worked out by hand"),
        pytest.param("A801200001001", False, id="with another letter"),
        pytest.param("H80120000100", False, id="too short"),
        pytest.param("I801200001001", False, id="a letter that is never used"),
        # 8x2 + 1x4 + 2x5 + 1x10 + 0x13 = 40, for A counts as 0; 40 mod 23 = 17: U.
        pytest.param("U80120000100A", True, id="a temporary number worked out by hand"),
        pytest.param("H80120000100A", False, id="a temporary number with another letter"),
        pytest.param("U80120000100I", False, id="a last letter that is never used"),
        pytest.param("8801200001001", False, id="a digit for a letter"),
    ],
)
def test_a_upn_carries_its_check_letter(upn, valid):
    assert identifiers.is_upn(upn) is valid


def test_a_upn_is_kept_in_capitals_without_spaces():
    assert answer(UPNField(), "h 801 2000 01001") == "H801200001001"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("sw1a1aa", "SW1A 1AA", id="small letters, no space"),
        pytest.param("M1  1AE", "M1 1AE", id="two spaces"),
        pytest.param("ec1a 1bb", "EC1A 1BB", id="a London district"),
        pytest.param("AA3 1AB", "AA3 1AB", id="an invented area"),
    ],
)
def test_a_postcode_is_tidied(typed, kept):
    assert answer(PostcodeField(), typed) == kept


@pytest.mark.parametrize("typed", ["SW1A", "12345", "SW1A 1A", "QW1 1AA", "<b>"])
def test_what_is_no_postcode_is_refused(typed):
    assert error(PostcodeField(), typed) == "Enter a full UK postcode, like AA3 1AB"


# --- days and times -------------------------------------------------------------------------------------------------


def parts(day, month, year, **more):
    return {"answer_day": day, "answer_month": month, "answer_year": year} | {f"answer_{k}": v for k, v in more.items()}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        pytest.param(("3", "5", "2012"), date(2012, 5, 3), id="numbers"),
        pytest.param(("03", "05", "2012"), date(2012, 5, 3), id="with noughts"),
        pytest.param((" 3 ", " nov ", "2012"), date(2012, 11, 3), id="a short name"),
        pytest.param(("3", "November", "2012"), date(2012, 11, 3), id="a whole name"),
        pytest.param(("3", "SEPT.", "2012"), date(2012, 9, 3), id="a four-letter name with a full stop"),
        pytest.param(("29", "2", "2024"), date(2024, 2, 29), id="a leap day"),
    ],
)
def test_a_date_is_read_as_people_write_it(typed, day):
    assert answer(DateField(label="Date of birth"), parts(*typed)) == day


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param(("3", "", "2012"), "Date of birth must include a month", id="no month"),
        pytest.param(("", "", "2012"), "Date of birth must include a day and month", id="only a year"),
        pytest.param(
            ("3", "5", "12"), "Date of birth must be a real date: the year has 4 numbers, like 2026", id="two digits"
        ),
        pytest.param(
            ("31", "2", "2012"),
            "Date of birth must be a real date: that month does not have so many days",
            id="31 February",
        ),
        pytest.param(
            ("29", "2", "2023"),
            "Date of birth must be a real date: that month does not have so many days",
            id="29 February of a common year",
        ),
        pytest.param(
            ("3", "13", "2012"),
            "Date of birth must be a real date: the month is a number from 1 to 12, or a name like May",
            id="a thirteenth month",
        ),
        pytest.param(
            ("3", "foo", "2012"),
            "Date of birth must be a real date: the month is a number from 1 to 12, or a name like May",
            id="no month's name",
        ),
        pytest.param(
            ("0", "5", "2012"), "Date of birth must be a real date: the day is a number from 1 to 31", id="day nought"
        ),
        pytest.param(
            ("٣", "5", "2012"),
            "Date of birth must be a real date: the day is a number from 1 to 31",
            id="a digit of another script",
        ),
        pytest.param(("3", "5", "1012"), "Date of birth must be between 1900 and 2199", id="a thousand years ago"),
        pytest.param(("", "", ""), "Enter date of birth", id="nothing"),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_a_sentence(typed, sentence):
    assert error(DateField(label="Date of birth"), parts(*typed)) == sentence


def test_only_the_box_that_is_wrong_is_marked_and_linked():
    form = ConcernForm(ANSWERS | {"reported_on_month": ""})

    html = drawn(form)

    assert 'href="#id_reported_on_month"' in html
    assert len(re.findall(r'id="id_reported_on_\w+"[^>]*', html)) == 3
    assert re.findall(r'govuk-input--error" id="(\w+)"', html) == ["id_reported_on_month"]


@pytest.mark.parametrize(
    ("options", "typed", "sentence"),
    [
        pytest.param(
            {"not_future": True},
            ("24", "11", "2026"),
            "The day must be today or in the past",
            id="tomorrow, not future",
        ),
        pytest.param({"not_future": True}, ("23", "11", "2026"), "", id="today, not future"),
        pytest.param(
            {"not_past": True}, ("22", "11", "2026"), "The day must be today or in the future", id="yesterday, not past"
        ),
        pytest.param({"not_past": True}, ("23", "11", "2026"), "", id="today, not past"),
        pytest.param(
            {"not_before": date(2026, 11, 20)},
            ("19", "11", "2026"),
            "The day must be on or after 20 November 2026",
            id="the day before the first",
        ),
        pytest.param(
            {"not_before": lambda: date(2026, 11, 20), "not_before_words": "the day the concern was reported"},
            ("19", "11", "2026"),
            "The day must be on or after the day the concern was reported, 20 November 2026",
            id="with what the first day is",
        ),
        pytest.param({"not_before": date(2026, 11, 20)}, ("20", "11", "2026"), "", id="the first day itself"),
        pytest.param(
            {"not_after": date(2026, 11, 20)},
            ("21", "11", "2026"),
            "The day must be on or before 20 November 2026",
            id="the day after the last",
        ),
    ],
)
def test_a_date_keeps_its_limits(options, typed, sentence):
    with clock.moved_to(MONDAY):
        assert error(DateField(label="The day", **options), parts(*typed)) == sentence


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("10:30am", time(10, 30)),
        ("10.30 AM", time(10, 30)),
        ("10:30 a.m.", time(10, 30)),
        ("2pm", time(14)),
        ("12am", time(0)),
        ("12:15pm", time(12, 15)),
        ("14:05", time(14, 5)),
        ("1405", time(14, 5)),
        ("9:05", time(9, 5)),
        ("midday", time(12)),
        ("midnight", time(0)),
        ("25:00", None),
        ("10:60", None),
        ("13pm", None),
        ("0am", None),
        ("10", None),
        ("soon", None),
        ("١٠:٣٠", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_write_it(text, meaning):
    assert read_time(text) == meaning


def test_a_day_and_time_give_an_instant_in_london():
    taken = answer(DateTime(label="The meeting"), parts("1", "7", "2026", time="10:30am"))

    assert taken == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


def test_a_time_that_is_not_known_is_not_made_up():
    taken = answer(DateTime(label="The meeting", time_required=False), parts("1", "7", "2026", time=""))

    assert taken == DayAndTime(date(2026, 7, 1), None)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param(
            parts("1", "7", "2026", time=""), "The meeting must include a time, like 10:30am", id="no time at all"
        ),
        pytest.param(
            parts("1", "7", "2026", time="half ten"),
            "The meeting must have a real time, like 10:30am or 14:05",
            id="a time in words",
        ),
        pytest.param(
            parts("", "", "", time="10am"), "The meeting must include a day, month and year", id="a time without a day"
        ),
        pytest.param(
            parts("29", "3", "2026", time="1:30am"),
            "The meeting must be a real time: the clocks went forward then",
            id="the hour that is skipped in March",
        ),
        pytest.param(parts("25", "10", "2026", time="1:30am"), "", id="the hour that comes twice in October"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_a_sentence(typed, sentence):
    assert error(DateTime(label="The meeting"), typed) == sentence


def test_a_day_and_time_are_shown_as_they_are_in_london():
    html = drawn(ConcernForm(initial={"starts": datetime(2026, 7, 1, 9, 30, tzinfo=UTC)}))

    assert re.search(r'name="starts_day"[^>]*value="1"', html)
    assert re.search(r'name="starts_time"[^>]*value="10:30am"', html)


# --- sentences ------------------------------------------------------------------------------------------------------


def test_an_empty_form_asks_for_each_answer_in_its_own_words():
    form = ConcernForm({})

    assert form.errors == {
        "reported_on": ["Enter the date the concern was reported"],
        "what": ["Say what is worrying"],
        "police": ["Choose whether the police have been told"],
        "team": ["Choose a team"],
        "reason": ["Enter your reason"],
        "sure": ["Tick to say that you have checked this"],
        "version": ["This page is out of date. Open the record again before you save"],
    }


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        pytest.param(TextField(label="Name"), "", "Enter name", id="no ask: built from the label"),
        pytest.param(TextField(label="NHS site"), "", "Enter NHS site", id="an abbreviation keeps its capitals"),
        pytest.param(forms.CharField(label="Name"), "", "Enter name", id="a field of Django's own"),
        pytest.param(TextField(label="Name"), "a" * 201, "Name must be 200 characters or fewer", id="too long a line"),
        pytest.param(
            forms.CharField(label="Name"), "a" * 201, "Name must be 200 characters or fewer", id="Django's own too long"
        ),
        pytest.param(
            LongTextField(label="Story"), "a" * 20_001, "Story must be 20,000 characters or fewer", id="too long a text"
        ),
        pytest.param(
            LongTextField(label="Story"),
            "a" * 100_000,
            "Story must be 20,000 characters or fewer",
            id="100,000 characters",
        ),
        pytest.param(NumberField(label="Age"), "ten", "Age must be a whole number, like 14", id="no number"),
        pytest.param(NumberField(label="Age"), "9" * 5000, "Age must be a whole number, like 14", id="5,000 digits"),
        pytest.param(NumberField(label="Age", max_value=120), "121", "Age must be 120 or less", id="too large"),
        pytest.param(NumberField(label="Age"), "-1", "Age must be 0 or more", id="too small"),
        pytest.param(
            EmailField(label="E-mail"),
            "amara",
            "E-mail must be an e-mail address, like name@example.org",
            id="no address",
        ),
        pytest.param(
            ChoiceField(label="Route", choices=(("a", "A"),)),
            "z",
            "Choose route: choose from the answers shown",
            id="an answer that was not offered",
        ),
        pytest.param(
            TextField(label="Name", error_messages={"required": "Enter what the child is called"}),
            "",
            "Enter what the child is called",
            id="a sentence of its author's",
        ),
    ],
)
def test_a_refusal_is_a_sentence(field, value, sentence):
    assert error(field, value) == sentence


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x0b", "\x85", "\ud83d"])
def test_characters_that_cannot_be_kept_are_refused(character):
    sentence = error(LongTextField(label="Story"), f"before{character}after")

    assert sentence.startswith("Story has a character that cannot be kept. Type it again")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Siân ŵyn Llanfairpwllgwyngyll", id="Welsh"),
        pytest.param("张伟", id="Chinese"),
        pytest.param("محمد الأمين", id="Arabic"),
        pytest.param("👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿", id="emoji of several parts"),
        pytest.param("O'Brien-Śmith", id="an apostrophe"),
        pytest.param("line\nline\ttab", id="line breaks and tabs"),
    ],
)
def test_any_script_is_taken_as_it_is(text):
    assert answer(LongTextField(label="Story"), f"  {text} ") == text


def test_twenty_thousand_characters_of_any_script_are_taken():
    assert len(answer(LongTextField(label="Story"), "👧" * 20_000)) == 20_000


# --- reveals --------------------------------------------------------------------------------------------------------


def test_a_revealed_question_must_be_answered():
    assert ConcernForm(ANSWERS | {"police": "yes"}).errors == {"crime_reference": ["Enter the crime reference"]}


def test_what_is_not_revealed_is_dropped_and_not_asked():
    form = ConcernForm(ANSWERS | {"police": "no", "crime_reference": "X1", "note": "\x00"})

    assert form.is_valid()
    assert (form.cleaned_data["crime_reference"], form.cleaned_data["note"]) == ("", "")
    assert form.cleaned_data["police"] is False


class NestedForm(CaseForm):
    a = YesNo(label="A?")
    b = YesNo(label="B?")
    c = TextField(label="C")
    reveals = {("b", "yes"): ("c",), ("a", "yes"): ("b",)}


def test_a_question_inside_a_hidden_question_is_dropped_too():
    form = NestedForm({"a": "no", "b": "yes", "c": "kept by the browser"})

    assert form.is_valid()
    assert form.cleaned_data == {"a": False, "b": None, "c": ""}


def test_one_question_under_two_choices_is_refused_when_the_form_is_written():
    with pytest.raises(ImproperlyConfigured, match="under two choices"):
        type("Twice", (CaseForm,), {"reveals": {("a", "x"): ("c",), ("a", "y"): ("c",)}})


def test_a_revealed_question_is_drawn_inside_its_choice_once():
    html = drawn(ConcernForm())

    assert html.count('id="id_crime_reference"') == 1
    assert (
        html.index('id="conditional-id_police"')
        < html.index('id="id_crime_reference"')
        < html.index('id="id_police-2"')
    )
    assert "aria-expanded" not in html
    assert "data-aria-controls" not in html


# --- hidden fields --------------------------------------------------------------------------------------------------


def once(html):
    return re.search(r'name="once" value="([^"]*)"', html)[1]


def test_each_blank_form_has_its_own_key():
    first, second = once(drawn(ConcernForm())), once(drawn(ConcernForm()))

    assert uuid.UUID(first) != uuid.UUID(second)


def test_the_key_stays_when_the_form_comes_back():
    key = str(uuid.uuid4())
    form = ConcernForm(ANSWERS | {"once": key, "what": ""})

    assert not form.is_valid()
    assert once(drawn(form)) == key
    assert form.cleaned_data["once"] == uuid.UUID(key)


@pytest.mark.parametrize("key", ["", "x", '"><script>'])
def test_a_broken_key_is_a_new_key(key):
    form = ConcernForm(ANSWERS | {"once": key})

    assert form.is_valid()
    assert isinstance(form.cleaned_data["once"], uuid.UUID)
    assert uuid.UUID(once(drawn(form)))


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_broken_version_says_to_open_the_record_again(version):
    form = ConcernForm(ANSWERS | {"version": version})

    assert form.errors["version"] == ["This page is out of date. Open the record again before you save"]
    assert 'href="#main-content"' in drawn(form)


def test_the_version_comes_back_as_a_number():
    form = ConcernForm(ANSWERS)

    assert form.is_valid()
    assert form.cleaned_data["version"] == 3


# --- what is drawn --------------------------------------------------------------------------------------------------


def test_every_error_links_to_an_id_that_exists():
    form = ConcernForm({"police": "yes", "starts_time": "10am", "age": "x", "email": "x", "told": ["nobody"]})
    form.add_error(None, "Something about the whole")

    html = drawn(form)
    links = re.findall(r'<a href="#([^"]+)"', html)
    ids = set(re.findall(r' id="([^"]+)"', html)) | {"main-content"}

    assert len(links) == sum(len(errors) for errors in form.errors.values())
    assert set(links) <= ids
    assert links[0] == "main-content"


def test_errors_stand_in_the_order_of_the_page():
    html = drawn(ConcernForm({"police": "yes"}))

    links = re.findall(r'<a href="#([^"]+)"', html)

    assert links[:4] == ["id_reported_on_day", "id_what", "id_crime_reference", "id_team"]


def test_no_id_is_drawn_twice():
    ids = re.findall(r' id="([^"]+)"', drawn(ConcernForm({})))

    assert sorted(ids) == sorted(set(ids))


HOSTILE = "\"><script>alert('x')</script>"


def test_everything_typed_is_escaped():
    form = ConcernForm(dict.fromkeys([*ConcernForm.base_fields, "reported_on_day", "starts_time"], HOSTILE))

    assert "<script>" not in drawn(form)


def test_labels_hints_and_choices_are_escaped():
    class Hostile(CaseForm):
        a = TextField(label=HOSTILE, help_text=HOSTILE, required=False)
        b = ChoiceField(label=HOSTILE, help_text=HOSTILE, choices=((HOSTILE, HOSTILE),))
        c = SelectField(label=HOSTILE, choices=((HOSTILE, HOSTILE),))
        d = ChoicesField(label=HOSTILE, choices=((HOSTILE, HOSTILE),))
        e = TickField(label=HOSTILE)
        f = LongTextField(label=HOSTILE)
        g = DateField(label=HOSTILE, help_text=HOSTILE)
        choice_hints = {("b", HOSTILE): HOSTILE}
        sections = ((HOSTILE, ("a", "b"), HOSTILE),)
        submit = HOSTILE
        more_buttons = ((HOSTILE, HOSTILE),)

    form = Hostile({"c": HOSTILE})
    form.add_error(None, HOSTILE)

    assert "<script>" not in drawn(form)


def test_long_text_comes_back_as_it_was_typed_even_inside_a_choice():
    text = "\nfirst\n  second\n\nthird"
    html = drawn(ConcernForm(ANSWERS | {"police": "yes", "note": text}))

    box = re.search(r'name="note"[^>]*>(.*?)</textarea>', html, re.DOTALL)[1]

    assert "\n" not in box
    # The browser drops the first line break after the tag.
    assert box.replace("&#10;", "\n") == "\n" + text


def test_a_form_is_drawn_whole():
    html = drawn(ConcernForm(initial={"version": 3}))

    assert "novalidate" in html
    assert 'enctype="multipart/form-data"' in html
    assert "Age (optional)" in html
    assert "What is worrying (optional)" not in html
    assert "It will be read by the front door&#39;s manager." in html
    assert "You can tell them next" in html
    assert html.index("The concern</h2>") < html.index("The police</h2>") < html.index('name="team"')
    assert not re.search(r"\srequired(\s|>|=)", html)
    assert "maxlength=" not in html.replace("data-maxlength=", "")


def test_of_fields_of_which_one_is_answered_none_is_called_optional():
    html = drawn(WhoDoesIt())

    assert "(optional)" not in html
    assert html.count("Answer one of these.") == 2


def test_a_yes_that_was_kept_is_shown_as_yes():
    html = drawn(ConcernForm(initial={"police": True}))

    assert re.search(r'name="police" type="radio" value="yes" checked', html)


def test_what_need_not_be_answered_may_be_left():
    class Lone(CaseForm):
        told = YesNo(label="Told?", required=False)
        day = DateField(label="Day", required=False)

    form = Lone({})

    assert form.is_valid()
    assert form.cleaned_data == {"told": None, "day": None}


def test_one_question_may_be_the_heading_of_its_page():
    class Lone(CaseForm):
        route = ChoiceField(label="What should happen next?", choices=(("a", "Early help"),))
        single_question = "route"

    assert re.search(r"<h1 class=\"govuk-fieldset__heading\">\s*What should happen next\?", drawn(Lone()))


def test_a_form_that_is_not_ours_says_what_to_do_too():
    class Theirs(forms.Form):
        code = forms.CharField(label="Code")

    form = Theirs({"code": ""})

    assert "Enter code" in govuk.error_summary(form)
    assert "This field is required" not in govuk.field(form["code"]) + govuk.error_summary(form)


def test_a_date_field_works_outside_our_form():
    with pytest.raises(ValidationError):
        DateField(label="Day").clean(["1", "", "2026"])


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "said"),
    [
        pytest.param(date(2026, 11, 23), "due today", id="today"),
        pytest.param(date(2026, 11, 24), "due tomorrow", id="tomorrow"),
        pytest.param(date(2026, 11, 26), "due in 3 working days", id="on Thursday"),
        pytest.param(date(2026, 11, 30), "due in 5 working days", id="over a weekend"),
        pytest.param(date(2026, 11, 19), "2 working days late", id="last Thursday"),
        pytest.param(date(2026, 11, 20), "1 working day late", id="last Friday"),
        pytest.param(None, "", id="no deadline"),
    ],
)
@pytest.mark.django_db
def test_a_deadline_is_said_in_words(due_on, said):
    assert words.due(due_on, today=date(2026, 11, 23)) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 23, 10, 30, tzinfo=UTC), "23 November 2026 at 10:30am"),
        (datetime(2026, 7, 1, 13, 0, tzinfo=UTC), "1 July 2026 at 2pm"),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), "2 July 2026 at midnight"),
        (datetime(2026, 1, 1, 12, 0, tzinfo=UTC), "1 January 2026 at midday"),
        (datetime(2026, 1, 1, 0, 5, tzinfo=UTC), "1 January 2026 at 12:05am"),
    ],
)
def test_an_instant_is_said_as_london_has_it(at, said):
    assert words.instant(at) == said


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2012, 11, 23), date(2026, 11, 23), 14),
        (date(2012, 11, 24), date(2026, 11, 23), 13),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (None, date(2026, 3, 1), None),
    ],
)
def test_an_age_counts_whole_years(born, on, years):
    assert words.age(born, on) == years


class WhoDoesIt(OwnedForm, CaseForm):
    owner = SelectField(label="Who does it", choices=[("U-1", "Mo")], required=False)
    owner_name = TextField(label="Their name", required=False)


@pytest.mark.parametrize(
    ("owner", "name", "errors"),
    [
        ("U-1", "", {}),
        ("", "The lead", {}),
        ("", "", {"owner_name": ["Enter who does it, or choose somebody"]}),
        ("U-1", "The lead", {"owner_name": ["Choose somebody, or enter a name: one of them does it"]}),
    ],
)
def test_one_person_does_it(owner, name, errors):
    assert WhoDoesIt({"owner": owner, "owner_name": name}).errors == errors
