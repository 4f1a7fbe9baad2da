"""What nobody types by mistake, and what somebody forges: a sentence, never a fault, and nothing typed is lost."""

from contextlib import contextmanager
from datetime import timedelta
from itertools import zip_longest

import pytest
from django import forms
from django.db import transaction

from hsb.core import clock
from hsb.core.forms import DateField, EmailField, NHSNumberField, PostcodeField, UPNField
from tests.house.the_scene import Scene
from tests.of_a_module import made_once
from tests.pages import assert_no_dead_error_links, filled, page
from tests.referrals.filled_forms import by_deed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("postgresql", "it takes less than SQLite"),
]

FORMS = by_deed()
ANY_SCRIPT = "Ŵyn ëo 你好 مرحبا 👩‍👧 <b>{{ 7*7 }}</b> ' OR 1=1 --"


@pytest.fixture(scope="module")
def borough(django_db_setup, django_db_blocker):
    """(the scene, {user: browser}), once for the module; each test's doings are rolled back."""

    def scene_and_browsers():
        scene = Scene(form.case for form in FORMS.values())
        return scene, scene.signed_in()

    with made_once(django_db_blocker, scene_and_browsers) as made:
        yield made


class Opened:
    """One form, opened by whoever fills it in: `fields`, what it would post, and `send`."""

    def __init__(self, borough, form):
        self.scene, browsers = borough
        self.form, self.browser = form, browsers[form.user(self.scene)]
        self.path = form.path(self.scene)
        self.page = self.browser.get(self.path)
        assert self.page.status_code == 200, self.page.status_code
        self.fields = self.page.context["form"].fields
        # What the tests of versions and keys are asked about is what the forms carry.
        told = {form.token, "version" if form.versioned else ""} - {""}
        assert {"version", "once", "key"} & set(self.fields) == told
        self.data = form.data(self.page, self.scene)

    def send(self, **changed):
        data = {name: value for name, value in (self.data | changed).items() if value is not None}
        return self.browser.post(self.path, data)

    def send_bytes_that_are_no_text(self):
        body = b"&".join(name.encode() + b"=%ED%A0%80%FF%FE%00" for name in self.data)
        return self.browser.post(self.path, body, content_type="application/x-www-form-urlencoded")

    def field_of(self, name):
        """The field that a box belongs to: a day has three."""
        return name if name in self.fields else name.rsplit("_", 1)[0]

    def of_kind(self, *kinds, but=()):
        shown = self.page.context["form"]
        return [name for name, each in shown.fields.items() if isinstance(each, kinds) and not isinstance(each, but)]

    @property
    def texts(self):
        """Names of the fields in which anybody may write what they like."""
        special = (EmailField, NHSNumberField, UPNField, PostcodeField, forms.UUIDField)
        free = self.of_kind(forms.CharField, but=special)
        return [n for n in free if not self.fields[n].widget.is_hidden and n not in ("local_id", "readers", "number")]

    @property
    def asked_days(self):
        """Those of the days that the page shows: not the ones that appear with an answer which was not given."""
        revealed = {child for children in self.page.context["form"].reveals.values() for child in children}
        shown = [name for name in self.of_kind(DateField) if f"{name}_day" in self.data]
        return [name for name in shown if name not in revealed or self.answered(name)]

    def answered(self, name):
        """Whether the form as it is filled in says something there."""
        return any("".join(v) for n, v in self.data.items() if n.startswith(f"{name}_"))

    @property
    def typed(self):
        """Those of the texts that are filled in."""
        return [name for name in self.texts if "".join(self.data.get(name, ""))]


@pytest.fixture(params=FORMS)
def opened(borough, request):
    return Opened(borough, FORMS[request.param])


def shown_back(response):
    """What stands in the page's own form now."""
    return filled(response) if response.status_code == 422 else {}


@contextmanager
def undone():
    """What is written inside is taken back at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def says(response, *any_of):
    """Whether the page has an error summary whose links lead to fields, and says one of these things."""
    assert_no_dead_error_links(response)
    told = page(response).text
    return not any_of or any(words in told for words in any_of)


# --- On every form ---


def wrong_texts(opened):
    """A control character, more characters than a field takes; of a NUL only the sentence, for no page can hold it."""
    return [dict.fromkeys(opened.typed, text) for text in ("Before\x07after", "Wörter " * 3_000, "Before\x00after")]


IMPOSSIBLE_DAYS = [("31", "2", "2026"), ("²", "1", "99999"), ("1" * 5000, "-1", "\x00")]


def impossible_days(opened):
    boxes = ("day", "month", "year")
    asked = opened.asked_days
    return [
        {f"{name}_{box}": text for box, text in zip(boxes, day, strict=True) for name in asked}
        for day in IMPOSSIBLE_DAYS
    ]


def forged_versions(opened):
    return [{"version": version} for version in (None, "-1", "9" * 5000) if "version" in opened.fields]


def unknown_choices(opened):
    """By themselves: a text or a day is asked for by the choice that reveals it."""
    choices = [name for name in opened.of_kind(forms.ChoiceField) if not opened.fields[name].widget.is_hidden]
    return [dict.fromkeys(choices, value) for value in (["2", "no-such-choice"], "\x00") if choices]


def rounds(opened):
    """What is sent at once, as a list of {field: value}: each of its parts must draw a sentence of its own."""
    together = zip_longest(wrong_texts(opened), impossible_days(opened), forged_versions(opened), fillvalue={})
    alone = [[choices] for choices in unknown_choices(opened)]
    return [found for parts in [*together, *alone] if (found := [part for part in parts if part])]


def test_what_cannot_be_is_explained_and_stays_where_it_was_typed(opened):
    """Every wrong answer, to every field of every form: a sentence, a link to the field, and nothing typed is lost.
    At the end every script is taken, and shown as it was typed."""
    faults = []
    for parts in rounds(opened):
        typed = {name: value for part in parts for name, value in part.items()}
        with undone():
            answer = opened.send(**typed)
            faults += _not_explained(opened, answer, parts) or _lost(opened, shown_back(answer), typed)
    with undone():
        if (code := opened.send_bytes_that_are_no_text().status_code) not in (302, 409, 422):
            faults.append(("no text", code))
    assert faults == []

    answer = opened.send(**{name: ANY_SCRIPT[: opened.fields[name].max_length] for name in opened.typed})

    assert answer.status_code == 302, page(answer).text
    shown = opened.browser.get(answer.url)
    assert b"<b>{{ 7*7 }}</b>" not in shown.content
    assert b"<b>49</b>" not in shown.content


def _not_explained(opened, answer, parts):
    if answer.status_code != 422:
        return [(short(parts[0]), answer.status_code)]
    assert_no_dead_error_links(answer)
    blamed = set(answer.context["form"].errors)
    return [short(part) for part in parts if not blamed & {opened.field_of(name) for name in part}]


def _lost(opened, back, typed):
    boxes = {name: text for name, text in typed.items() if name in back and is_shown_back(opened, name, text)}
    return [(name, back[name][0][:20]) for name, text in boxes.items() if back[name][0].strip() != text.strip()]


def is_shown_back(opened, name, text):
    """A page can show again what somebody typed into a box; no choice that there is not, no NUL, no token."""
    in_a_box = name in opened.typed or name.endswith(("_day", "_month", "_year"))
    return in_a_box and "\x00" not in text


def short(typed):
    return {name: str(text)[:12] for name, text in typed.items()}


def test_days_of_a_child_that_cannot_be(borough):
    opened = Opened(borough, FORMS["concern_new_person"])
    says = {
        ("known", "1 1 1990"): "the child would be",
        ("known", "1 1 2150"): "Date of birth is in the future. For a child who is not yet born, choose 'Expected'",
        ("expected", "1 1 2150"): "must be within the next 10 months",
        ("expected", "1 1 2020"): "must be within the next 10 months",
        ("estimated", "1 1 1980"): "the child would be",
    }
    for (precision, day), sentence in says.items():
        parts = dict(zip(("day", "month", "year"), day.split(), strict=True))
        typed = {f"born_{precision}_{part}": text for part, text in parts.items()}

        answer = opened.send(birth_precision=precision, **typed)

        assert answer.status_code == 422, (precision, day)
        assert sentence in page(answer).text


def test_nothing_happens_before_a_birth(borough):
    scene, browsers = borough
    person = Opened(borough, FORMS["concern_person"])
    born = {"birth_precision": "known", "born_known_day": "1", "born_known_month": "1", "born_known_year": "2020"}
    assert person.send(**born).status_code == 302
    opened = Opened(borough, FORMS["concern_what"])

    answer = opened.send(happened_on_day="31", happened_on_month="12", happened_on_year="2019")

    assert answer.status_code == 422
    assert "Ash" in page(answer).text
    assert says(answer)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("nhs_number", "943 476 5918"),
        ("nhs_number", "9434765919٣"),
        ("nhs_number", "１２３４５６７８９０"),
        ("upn", "A123456789012"),
        ("upn", "I123456789012"),
        ("local_id", "'; DROP TABLE --"),
        ("local_id", "x" * 21),
        ("postcode", "not one"),
        ("about_how_old", "9" * 5000),
        ("about_how_old", "-3"),
        ("about_how_old", "²"),
    ],
)
def test_a_number_that_cannot_be_is_explained_and_stays(borough, name, number):
    opened = Opened(borough, FORMS["concern_new_person"])

    answer = opened.send(**{"more": "on", "birth_precision": "estimated", name: number})

    assert answer.status_code == 422
    assert says(answer)
    assert shown_back(answer)[name] == [number]


# --- Tokens ---


@pytest.mark.parametrize("deed", [deed for deed, form in FORMS.items() if form.token == "version" or form.versioned])
def test_a_version_that_never_was_meets_a_conflict_and_keeps_what_was_typed(borough, deed):
    opened = Opened(borough, FORMS[deed])

    answer = opened.send(version="2147483647")

    assert answer.status_code == 409
    if "description" in opened.typed:
        assert "".join(opened.data["description"]) in page(answer).text


@pytest.mark.parametrize("deed", [deed for deed, form in FORMS.items() if form.token in ("once", "key")])
def test_a_broken_key_is_simply_a_new_one(borough, deed):
    opened, wrong = Opened(borough, FORMS[deed]), {}
    for once in (None, "", "not a UUID", "\x00", "0" * 5000, ["1", "2"]):
        with undone():
            answer = opened.send(**{opened.form.token: once})
        if answer.status_code != 302:
            wrong[str(once)[:12]] = answer.status_code

    assert wrong == {}


# --- Whatever else ---


@pytest.mark.parametrize("sent", [{f"extra_{number}": "x" for number in range(1_001)}, {"advice": "x" * 6_000_000}])
def test_too_much_is_refused_with_a_sentence(borough, sent):
    opened = Opened(borough, FORMS["police_call"])

    answer = opened.send(**sent)

    assert answer.status_code == 400
    assert "too much at once" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", "x\x00"])
def test_a_body_of_another_kind_is_no_fault(borough, kind):
    opened = Opened(borough, FORMS["police_call"])

    answer = opened.browser.generic("POST", opened.path, b'{"reason": "x"}', content_type=kind)

    assert answer.status_code in (400, 422)


KEPT = ["police_call", "decide", "concern_what", "concern_new_person", "person_edit", "assessment_page-short", "search"]


@pytest.mark.parametrize("deed", KEPT)
def test_what_no_database_keeps_is_kept_without_it_while_the_session_is_locked(borough, deed, time_machine):
    opened = Opened(borough, FORMS[deed])
    time_machine.move_to(clock.now() + timedelta(minutes=31))

    answer = opened.send(**dict.fromkeys(opened.data, "Before\x00after"), **{"na\x00me": "x"})

    assert answer.status_code == 302
    assert answer.url.startswith("/account/reauthenticate/")


@pytest.mark.parametrize("deed", KEPT)
def test_autosave_of_what_no_database_keeps_is_no_fault(borough, deed):
    opened = Opened(borough, FORMS[deed])
    sent = {name: "Before\x00after" for name in opened.data if name not in ("version", "once", "key")}

    answer = opened.browser.post("/keep-draft/", sent | {"page": opened.path, "na\x00me": "x"})

    assert answer.status_code == 200
    assert opened.browser.get(opened.path).status_code == 200


def test_step_two_kept_for_later_with_what_no_database_keeps_is_no_fault(borough):
    opened = Opened(borough, FORMS["concern_what"])

    answer = opened.send(later="1", what_was_reported="Before\x00after")

    assert answer.status_code == 302
    assert opened.browser.get(opened.path).status_code == 200
