"""Questions: fields that know their own sentences, and the form that lays them out (docs/components.md).

A field says what it asks (`label`) and what to do when it is left empty (`ask`). Every other sentence is built from
the label, or from `subject` where the label is a question. Nothing here writes.
"""

import re
import unicodedata
import uuid
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from crispy_forms.helper import FormHelper as CrispyHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import timezone
from django.utils.functional import cached_property

from hsb.core import clock, colleagues, identifiers, uploads, wording, words
from hsb.core.govuk import DateParts, NamesBox, Section, Typed
from hsb.people.models import User

SHORT = 200
LONG = 20_000
EARLIEST_YEAR = 1900
LATEST_YEAR = 2200
# The last word of a field's name where somebody, somewhere or something is named or numbered in it: the wording prompt
# lets names be (practice.md B16).
NAMES_AND_NUMBERS = {
    "address",
    "agency",
    "authority",
    "borough",
    "by",
    "chair",
    "council",
    "gp",
    "id",
    "name",
    "number",
    "officer",
    "person",
    "pick",
    "place",
    "recipient",
    "reference",
    "referral",
    "school",
    "service",
    "telephone",
    "to",
    "unit",
    "version",
}
# Before the name of a text field: its answer to the wording prompt.
KEEP_WORDS = "keep_words_"
# Line breaks and tabs are text; other controls, and halves of characters that no database stores, are not.
TYPED_CONTROLS = {"\n", "\t"}
UNSTORABLE = {"Cc", "Cs"}


# What stands under each of the fields of which one is answered.
ONE_OF_THESE = "Answer one of these."
# Under the service of somebody who is named, and has no account that tells it.
WITH_A_NAME = "Needed where you enter a name."
MOST_PEOPLE = 20
LONGEST_NAME = 400


class Asks:
    """What our fields add: `ask`, the sentence for an empty answer, and `subject`, the beginning of the others.

    `asked_when` ("Answer one of these.") is for a field that the form requires, not the field: its hint says so, and
    the label does not call it optional.

    `needed_before` ("the decisions are issued"): the answer can be left on this page, and is asked for before that; its
    hint says so, and the label does not call it optional.
    """

    def __init__(self, *args, ask="", subject="", needed_before="", asked_when="", **kwargs):
        self.ask = ask
        self.asked_when = asked_when
        self.subject = subject
        self.needed_before = needed_before
        super().__init__(*args, **kwargs)


# --- text -----------------------------------------------------------------------------------------------------


class TextField(Asks, forms.CharField):
    """One line in any script, stripped; 200 characters unless told.

    `about_words`: whether the wording prompt looks at it; where it is not said, the field's name says whether a name or
    a number is typed there (NAMES_AND_NUMBERS).
    """

    def __init__(self, *args, max_length=SHORT, width=None, autocomplete=None, about_words=None, **kwargs):
        super().__init__(*args, max_length=max_length, **kwargs)
        self.about_words = about_words
        if width:
            self.widget.attrs["class"] = f"govuk-input--width-{width}"
        if autocomplete:
            self.widget.attrs["autocomplete"] = autocomplete

    def to_python(self, value):
        return _seen(super().to_python(value))


def _seen(text):
    """The text; "" where it has nothing that a reader would see, like a space without width."""
    return text if any(unicodedata.category(each)[0] not in "CZ" for each in text) else ""


class LongTextField(Asks, forms.CharField):
    """Several lines in any script, stripped; 20,000 characters unless told."""

    def __init__(self, *args, max_length=LONG, rows=5, about_words=True, **kwargs):
        self.about_words = about_words
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(*args, max_length=max_length, **kwargs)

    def to_python(self, value):
        # Browsers end lines with two characters; one is kept.
        return _seen(super().to_python(value)).replace("\r\n", "\n")


class ReasonField(LongTextField):
    """Why: the hint says who will read it. `reader` completes "This will be read by ..."."""

    def __init__(self, *args, reader, **kwargs):
        kwargs.setdefault("help_text", f"This is kept on the record. It will be read by {reader}.")
        kwargs.setdefault("label", "Reason")
        kwargs.setdefault("ask", "Enter your reason")
        kwargs.setdefault("rows", 4)
        super().__init__(*args, **kwargs)


class EmailField(Asks, forms.EmailField):
    """An e-mail address, in small letters."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 254)
        super().__init__(*args, **kwargs)
        self.widget.attrs.update({"autocomplete": "email", "spellcheck": "false"})

    def clean(self, value):
        return super().clean(value).lower()


class ColleagueField(Asks, forms.Field):
    """Somebody who uses the service, by name or e-mail address; gives the User, or None where an optional one is left.

    `many`: several; gives a list of different Users. `roles`: whose names are suggested (all, where it is empty).
    `check`: called with each User; raises ValidationError where they will not do. A name that may mean several brings
    the page back with those it may mean, and what was typed.
    """

    def __init__(self, *args, many=False, roles=(), check=None, **kwargs):
        kwargs.setdefault("help_text", "Enter a name, and choose from the list. An e-mail address will do too.")
        super().__init__(*args, widget=NamesBox(many=many), **kwargs)
        self.many, self.roles, self.check = many, tuple(roles), check

    def clean(self, value):
        typed = list(value or [])
        if not typed:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return [] if self.many else None
        if len(typed) > (MOST_PEOPLE if self.many else 1):
            raise ValidationError(f"Name {MOST_PEOPLE} people or fewer" if self.many else "Name one person")
        found, problems = {}, []
        for user, problem in self._read(typed):
            if problem is None:
                found[user.pk] = user
            else:
                problems += problem.messages
        if problems:
            raise ValidationError(problems)
        return list(found.values()) if self.many else next(iter(found.values()))

    def _read(self, typed):
        """(User or None, ValidationError or None) of each name."""
        known = colleagues.every() if any(not colleagues.is_address(text) for text in typed) else []
        for text in typed:
            try:
                if any(unicodedata.category(c) in UNSTORABLE for c in text) or len(text) > LONGEST_NAME:
                    raise ValidationError(f"{subject_of(self)} has a name that nobody can have. Type it again")
                user = colleagues.called(text, text.chosen, known)
                if self.check is not None:
                    self.check(user)
                yield user, None
            except colleagues.Unclear as unclear:
                yield None, ValidationError(unclear.sentence)
            except ValidationError as problem:
                yield None, problem

    # What the page shows (hsb.core.govuk.names_boxes)

    def prepare_value(self, value):
        """As it was typed; of somebody who is named already, their address, which is theirs alone."""
        named = [value] if isinstance(value, (str, User)) else value or []
        return [each if isinstance(each, Typed) else Typed.at(getattr(each, "email", each)) for each in named if each]

    def typed(self, bound):
        return self.prepare_value(bound.data if bound.form.is_bound else bound.initial)

    def is_wrong(self, bound, number):
        return number in self._problems(bound)

    def first_wrong(self, bound):
        return min(self._problems(bound), default=0)

    def like_it(self, bound, number):
        """Who may be meant by the name in that box, where it is not certain or was chosen among them."""
        return self._problems(bound).get(number) or self._chosen_among(bound, number)

    def _problems(self, bound):
        """{number of the box: who may be meant by it} of a form that was sent."""
        kept = bound.form.__dict__.setdefault("_names_unclear", {})
        if bound.name not in kept:
            kept[bound.name] = self._look(self.typed(bound)) if bound.errors else {}
        return kept[bound.name]

    def _look(self, typed):
        known, found = colleagues.every(), {}
        for number, text in enumerate(typed):
            try:
                user = colleagues.called(text, text.chosen, known)
                if self.check is not None:
                    self.check(user)
            except colleagues.Unclear as unclear:
                found[number] = unclear.like_it
            except ValidationError:
                found[number] = ()
        return found

    def _chosen_among(self, bound, number):
        """Of a page that came back for another reason: the choice that was made stays, and can be changed."""
        typed = self.typed(bound)
        if number >= len(typed) or not typed[number].chosen:
            return ()
        try:
            colleagues.called(typed[number])
        except colleagues.Unclear as unclear:
            return unclear.like_it
        return ()


class NumberField(Asks, forms.IntegerField):
    """A whole number; `min_value` and `max_value` as in Django."""

    def __init__(self, *args, max_value=1_000_000, min_value=0, width=4, **kwargs):
        super().__init__(*args, max_value=max_value, min_value=min_value, **kwargs)
        self.widget.attrs["class"] = f"govuk-input--width-{width}"


class FileField(Asks, forms.FileField):
    """A file to upload, looked through; gives a hsb.core.uploads.Upload."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.widget.attrs["accept"] = ",".join(f".{ending}" for ending in uploads.ENDINGS)

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        try:
            return uploads.read(file) if file else None
        except uploads.Refused as refusal:
            raise ValidationError(refusal.sentence, code="refused") from None


class NHSNumberField(TextField):
    """An NHS number, typed with or without spaces; gives ten digits."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label", "NHS number")
        kwargs.setdefault("help_text", "10 digits, like 943 476 5919")
        super().__init__(*args, width=10, **kwargs)

    def clean(self, value):
        digits = identifiers.without_spaces(super().clean(value))
        if digits and not identifiers.is_nhs_number(digits):
            raise ValidationError("NHS number must be 10 digits with a valid check digit")
        return digits


class UPNField(TextField):
    """A unique pupil number; gives a capital letter and twelve digits, of which the last may be a letter."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label", "Unique pupil number (UPN)")
        kwargs.setdefault("help_text", "A letter and 12 digits. A temporary one ends in a letter")
        super().__init__(*args, width=20, **kwargs)

    def clean(self, value):
        upn = identifiers.without_spaces(super().clean(value)).upper()
        if upn and not identifiers.is_upn(upn):
            raise ValidationError(
                "Unique pupil number must be a letter and 12 digits with a valid check letter. The last digit may be a "
                "letter, where the number is temporary"
            )
        return upn


class PostcodeField(TextField):
    """A UK postcode, typed in any way; gives capitals with one space."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label", "Postcode")
        super().__init__(*args, width=10, **kwargs)

    def clean(self, value):
        typed = super().clean(value)
        postcode = identifiers.tidy_postcode(typed)
        if typed and not postcode:
            raise ValidationError("Enter a full UK postcode, like AA3 1AB")
        return postcode


# --- choices ----------------------------------------------------------------------------------------------------


class ChoiceField(Asks, forms.ChoiceField):
    """Radios. `choices` as in Django; gives the chosen value, "" where an optional one is left."""

    widget = forms.RadioSelect


class SelectField(Asks, forms.ChoiceField):
    """A list to open, for more choices than a page should show at once; never children, referrals or users."""

    def __init__(self, *args, choices=(), blank="Choose one", **kwargs):
        options = list(choices() if callable(choices) else choices)
        super().__init__(*args, choices=[("", blank), *options], **kwargs)


class ChoicesField(Asks, forms.MultipleChoiceField):
    """Checkboxes; gives a list."""

    widget = forms.CheckboxSelectMultiple


class YesNo(Asks, forms.TypedChoiceField):
    """Yes or no, never one of them by default; gives True, False, or None where an optional one is left."""

    widget = forms.RadioSelect

    def __init__(self, *args, yes="Yes", no="No", **kwargs):
        kwargs.setdefault("choices", (("yes", yes), ("no", no)))
        super().__init__(*args, coerce=lambda answer: answer == "yes", empty_value=None, **kwargs)

    def prepare_value(self, value):
        return {True: "yes", False: "no"}.get(value, value)


class TickField(Asks, forms.BooleanField):
    """One checkbox whose label is the statement that is agreed to."""


# --- days and times -------------------------------------------------------------------------------------------------


class DayAndTime(NamedTuple):
    """A day, and the time of day where it is known."""

    day: date
    time: time | None


MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH_NAMES = {written: number for number, name in enumerate(MONTHS, start=1) for written in (name, name[:3], name[:4])}


def month_number(text):
    """5 of "5", "05", "may" or "May."; None of anything else."""
    text = text.strip().strip(".").lower()
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 2 else None
    return MONTH_NAMES.get(text)


def read_time(text):
    """The time that "10:30am", "10.30 am", "2pm", "14:05", "1405", "midday" or "midnight" says, or None."""
    text = re.sub(r"\s+", "", text).lower().replace(".", ":")
    if text in {"midday", "noon", "midnight"}:
        return time(0 if text == "midnight" else 12)
    text = re.sub(r"a:m:?$", "am", re.sub(r"p:m:?$", "pm", text))
    found = re.fullmatch(r"([0-9]{1,2}):?([0-9]{2})?(am|pm)?", text, re.ASCII)
    if not found or not (found[2] or found[3]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None


class _Reading(NamedTuple):
    """What three boxes say: a date, or a sentence about the boxes that stop them from saying one."""

    day: date | None
    problem: str = ""
    wrong: tuple = ()


def _read_date(day, month, year):
    typed = {"day": day.strip(), "month": month.strip(), "year": year.strip()}
    missing = tuple(part for part, text in typed.items() if not text)
    if missing:
        return _Reading(None, f"must include a {words.listed(missing)}", missing)
    if not re.fullmatch(r"[0-9]{1,2}", typed["day"], re.ASCII) or not 1 <= int(typed["day"]) <= 31:
        return _Reading(None, "must be a real date: the day is a number from 1 to 31", ("day",))
    number = month_number(typed["month"])
    if not number or number > 12:
        return _Reading(
            None,
            "must be a real date: the month is a number from 1 to 12, or a name like May",
            ("month",),
        )
    if not re.fullmatch(r"[0-9]{4}", typed["year"], re.ASCII):
        return _Reading(None, "must be a real date: the year has 4 numbers, like 2026", ("year",))
    if not EARLIEST_YEAR <= int(typed["year"]) < LATEST_YEAR:
        return _Reading(None, f"must be between {EARLIEST_YEAR} and {LATEST_YEAR - 1}", ("year",))
    try:
        return _Reading(date(int(typed["year"]), number, int(typed["day"])))
    except ValueError:
        return _Reading(None, "must be a real date: that month does not have so many days", ("day",))


class DateField(Asks, forms.Field):
    """A day in three boxes; gives a date.

    `not_future` refuses a day after today, `not_past` one before; `not_before` and `not_after` take a date, or a
    function without arguments that gives one, and `not_before_words` what that day is ("the day the concern was
    reported"), for the sentence.
    """

    widget = DateParts

    def __init__(
        self,
        *args,
        not_future=False,
        not_past=False,
        not_before=None,
        not_after=None,
        not_before_words="",
        **kwargs,
    ):
        kwargs.setdefault("help_text", "For example, 23 11 2026")
        self.not_future, self.not_past = not_future, not_past
        self.not_before, self.not_after, self.not_before_words = (
            not_before,
            not_after,
            not_before_words,
        )
        if autocomplete := kwargs.pop("autocomplete", None):
            kwargs["widget"] = self.widget(attrs={"autocomplete": autocomplete})
        super().__init__(*args, **kwargs)

    def read(self, value):
        """What the boxes say, as a `_Reading`; where nothing was typed, a reading without a problem."""
        texts = [str(text or "") for text in value or []] or [""] * len(self.widget.parts)
        if not any(text.strip() for text in texts[:3]):
            return _Reading(None)
        return _read_date(*texts[:3])

    def clean(self, value):
        reading = self.read(value)
        if reading.problem:
            raise ValidationError(f"{subject_of(self)} {reading.problem}", code="date")
        if reading.day is None:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        self._check_limits(reading.day)
        self.run_validators(reading.day)
        return reading.day

    def _check_limits(self, day):
        today = clock.today()
        first = self.not_before() if callable(self.not_before) else self.not_before
        last = self.not_after() if callable(self.not_after) else self.not_after
        if self.not_future and day > today:
            raise ValidationError(f"{subject_of(self)} must be today or in the past", code="future")
        if self.not_past and day < today:
            raise ValidationError(f"{subject_of(self)} must be today or in the future", code="past")
        if first and day < first:
            meaning = f"{self.not_before_words}, " if self.not_before_words else ""
            raise ValidationError(
                f"{subject_of(self)} must be on or after {meaning}{words.day(first)}",
                code="early",
            )
        if last and day > last:
            raise ValidationError(
                f"{subject_of(self)} must be on or before {words.day(last)}",
                code="late",
            )

    def wrong_parts(self, bound):
        """The boxes an error is about, first one first: all of them where the day itself is the trouble."""
        return self.read(bound.data).wrong or self.widget.parts

    def has_changed(self, initial, data):
        return self.read(data) != (_Reading(initial) if initial else _Reading(None))


class DatePartsAndTime(DateParts):
    """Three boxes for the day and one for the time."""

    parts = ("day", "month", "year", "time")

    def decompress(self, value):
        if isinstance(value, DayAndTime):
            return [*super().decompress(value.day), words.clock_time(value.time)]
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = timezone.localtime(value)
        time_of_day = words.clock_time(value) if isinstance(value, datetime) else ""
        return [*super().decompress(value), time_of_day] if value else [""] * 4


class DateTime(DateField):
    """A day and a time in London.

    Gives an aware datetime. With `time_required=False` it gives a `DayAndTime`, whose time is None where it is not
    known: an instant is never made up.
    """

    widget = DatePartsAndTime

    def __init__(self, *args, time_required=True, **kwargs):
        kwargs.setdefault(
            "help_text",
            "For example, 23 11 2026 at 10:30am"
            + ("" if time_required else ". Leave the time empty if it is not known"),
        )
        self.time_required = time_required
        super().__init__(*args, **kwargs)

    def read(self, value):
        reading = super().read(value)
        text = self._time_text(value)
        if reading.problem:
            return reading
        if reading.day is None:
            return _Reading(None, "must include a day, month and year", ("day", "month", "year")) if text else reading
        if not text and self.time_required:
            return _Reading(None, "must include a time, like 10:30am", ("time",))
        if text and read_time(text) is None:
            return _Reading(None, "must have a real time, like 10:30am or 14:05", ("time",))
        return reading

    def clean(self, value):
        day = super().clean(value)
        if day is None:
            return None
        at = read_time(self._time_text(value)) if self._time_text(value) else None
        instant = None if at is None else timezone.make_aware(datetime.combine(day, at))
        if instant and timezone.localtime(instant.astimezone(UTC)).time() != at:
            # Between 1am and 2am on the last Sunday of March.
            raise ValidationError(f"{subject_of(self)} must be a real time: the clocks went forward then")
        if instant and self.not_future and instant > clock.now():
            raise ValidationError(f"{subject_of(self)} and its time must be in the past", code="future")
        return instant if self.time_required else DayAndTime(day, at)

    @staticmethod
    def _time_text(value):
        return str(value[3] or "").strip() if value and len(value) > 3 else ""

    def has_changed(self, initial, data):
        return [str(text or "") for text in data or []] != self.widget.decompress(initial)


def date_parts(name, day, at=None):
    """What a browser sends for a date: {"born_on_day": "23", ...}; `at` ("10:30am") adds the time."""
    parts = {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }
    return parts | ({f"{name}_time": at} if at is not None else {})


# --- sentences ------------------------------------------------------------------------------------------------------


def subject_of(field):
    """What a sentence about the field's answer begins with."""
    return getattr(field, "subject", "") or str(field.label or "").rstrip("?").strip()


def _small_first(text):
    """The label inside a sentence: "Date of birth" becomes "date of birth", "NHS number" stays."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def _ask_of(field):
    if getattr(field, "ask", ""):
        return field.ask
    chosen = isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField))
    return f"{'Choose' if chosen else 'Enter'} {_small_first(subject_of(field))}"


def say_in_our_words(field):
    """Rewrites every error sentence of a field from its label; sentences given by the form's author stay."""
    subject = subject_of(field)
    ask = _ask_of(field)
    sentences = {
        "required": ask,
        "null_characters_not_allowed": f"{subject} has a character that cannot be kept. Type it again",
        "missing": ask,
        "empty": "The file is empty. Choose another file",
        "invalid_list": ask,
    }
    if isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField)):
        sentences["invalid_choice"] = f"{ask}: choose from the answers shown"
    elif isinstance(field, forms.EmailField):
        sentences["invalid"] = f"{subject} must be an e-mail address, like name@example.org"
    elif isinstance(field, forms.IntegerField):
        sentences["invalid"] = f"{subject} must be a whole number, like 14"
    if getattr(field, "max_length", None):
        sentences["max_length"] = f"{subject} must be {field.max_length:,} characters or fewer"
    if getattr(field, "min_length", None):
        sentences["min_length"] = f"{subject} must be {field.min_length:,} characters or more"
    if getattr(field, "max_value", None) is not None:
        sentences["max_value"] = f"{subject} must be {field.max_value:,} or less"
    if getattr(field, "min_value", None) is not None:
        sentences["min_value"] = f"{subject} must be {field.min_value:,} or more"
    field.error_messages = field.error_messages | sentences | _given_by_author(field)


def _given_by_author(field):
    """The messages that differ from the field class's own: somebody wrote them for this question."""
    defaults = {}
    for ancestor in reversed(type(field).__mro__):
        defaults.update(getattr(ancestor, "default_error_messages", {}))
    return {code: text for code, text in field.error_messages.items() if text != defaults.get(code)}


def _refuse_unstorable(subject, *, lines):
    """A validator: refuses control characters (and line breaks where there is one line) with a sentence."""
    allowed = TYPED_CONTROLS if lines else {"\t"}

    def check(text):
        if any(c not in allowed and unicodedata.category(c) in UNSTORABLE for c in text):
            raise ValidationError(
                f"{subject} has a character that cannot be kept. Type it again",
                code="unstorable",
            )

    return check


# --- the form ---------------------------------------------------------------------------------------------------------


class FormHelper(CrispyHelper):
    """Crispy's helper, but the form's address is a URL or empty: it is never looked up as a name at each drawing."""

    form_action = ""


class CaseForm(forms.Form):
    """A form of the service. Class attributes describe the page:

    sections        ((heading, (field names)), ...) or (heading, (names), a sentence under the heading);
                    fields that are not named come last
    reveals         {(field, choice): (fields,)}: shown when that choice is chosen; dropped when it is not.
                    A revealed field that is `required` must be answered only when it is shown
    choice_hints    {(field, choice): a sentence under that choice}
    single_question the name of the field whose label is the page's <h1>
    submit          the words on the button ("" for none); more_buttons ((name, words), ...) stand beside it
    """

    sections = ()
    reveals = {}
    choice_hints = {}
    single_question = ""
    submit = "Save and continue"
    more_buttons = ()
    autosave_url = ""
    # False where what is typed is written nowhere about anybody: a search, the list of words itself.
    asks_about_words = True
    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            self._prepare(field)

    def _prepare(self, field):
        if isinstance(field, forms.CharField) and not isinstance(field, (forms.UUIDField, forms.JSONField)):
            long = isinstance(field.widget, forms.Textarea)
            if field.max_length is None and not isinstance(field.widget, forms.PasswordInput):
                field.max_length = LONG if long else SHORT
                field.validators.append(forms.fields.validators.MaxLengthValidator(field.max_length))
            field.validators = [
                *field.validators,
                _refuse_unstorable(subject_of(field), lines=long),
            ]
        say_in_our_words(field)

    # What is shown

    @property
    def helper(self):
        """The crispy helper, built once for this form: layout, buttons, no browser validation."""
        if not hasattr(self, "_helper"):
            self._helper = self._build_helper()
        return self._helper

    # Words that label somebody: asked about once, never refused (practice.md B16)

    def is_valid(self):
        return super().is_valid() and not self.words_asked

    @cached_property
    def words_found(self):
        """{name: [wording.Found]} of the texts that were written now and say a word of the borough's list: long ones,
        and single lines that are no names (titles, headings)."""
        texts = self._texts_written() if self.is_bound else {}
        listed = wording.in_force() if texts else ()
        return {name: told for name, text in texts.items() if (told := wording.found(text, listed))}

    @property
    def words_asked(self):
        """Names of the fields whose words were found, and are not kept by a tick."""
        return [name for name in self.words_found if not self.keeps_words(name)]

    def keeps_words(self, name):
        """Whether the author of the text ticked that the words stay."""
        return bool(self.data.get(self.keep_words_name(name)))

    def keep_words_name(self, name):
        return self.add_prefix(f"{KEEP_WORDS}{name}")

    def _texts_written(self):
        hidden = self.not_revealed()
        texts = {}
        for name, field in self.fields.items():
            if not self._looks_at_words(name, field) or field.disabled or name in hidden:
                continue
            text = _one_line_end(self[name].data)
            # What stood already was asked about when it was written.
            if text and text != _one_line_end(self.get_initial_for_field(field, name)):
                texts[name] = text[:LONG]
        return texts

    def _looks_at_words(self, name, field):
        if not self.asks_about_words or field.widget.is_hidden:
            return False
        if isinstance(field.widget, forms.Textarea):
            return getattr(field, "about_words", True)
        if type(field) is not TextField:
            return False
        told = field.about_words
        return name.rpartition("_")[2] not in NAMES_AND_NUMBERS if told is None else told

    def _build_helper(self):
        helper = FormHelper()
        helper.render_hidden_fields = True
        helper.attrs = {"novalidate": True}
        if self.autosave_url:
            helper.attrs["data-autosave-url"] = self.autosave_url
        if self.is_multipart():
            helper.attrs["enctype"] = "multipart/form-data"
        helper.layout = Layout(*(Section(heading, *names, lead=lead) for heading, names, lead in self.laid_out()))
        if self.submit:
            helper.add_input(Submit("", self.submit))
        for name, words_on_it in self.more_buttons:
            helper.add_input(Submit(name, words_on_it))
        return helper

    def laid_out(self):
        """(heading, names, lead) of every section of which the form has a field, with the fields that no section and no
        choice names in the last."""
        inside = {name for names in self.reveals.values() for name in names}
        sections = [
            (heading, here, *(rest or ("",)))
            for heading, names, *rest in self.sections
            if (here := tuple(n for n in names if n in self.fields))
        ]
        named = inside | {name for _, names, _ in sections for name in names}
        left = tuple(n for n, field in self.fields.items() if n not in named and not field.widget.is_hidden)
        return [*sections, ("", left, "")] if left else sections

    def reading_order(self):
        """Every field's name in the order of the page, a choice's own questions after it, hidden fields last."""
        order = []

        def walk(name):
            order.append(name)
            for (parent, _), children in self.reveals.items():
                if parent == name:
                    for child in children:
                        walk(child)

        for _, names, _ in self.laid_out():
            for name in names:
                walk(name)
        return [n for n in order if n in self.fields] + [n for n in self.fields if n not in order]

    # What is taken

    def _clean_fields(self):
        hidden = self.not_revealed()
        every = self.fields
        self.fields = {name: field for name, field in every.items() if name not in hidden}
        try:
            super()._clean_fields()
        finally:
            self.fields = every
        for name in hidden:
            self.cleaned_data[name] = _nothing(every[name])

    def not_revealed(self):
        """Names of the fields whose choice was not chosen in what was sent: their answers are dropped."""
        hidden = set()
        for (parent, choice), children in self._reveals_outside_in():
            if parent in hidden or str(choice) not in self._chosen(parent):
                hidden.update(child for child in children if child in self.fields)
        return hidden

    def _reveals_outside_in(self):
        order = {name: place for place, name in enumerate(self.reading_order())}
        return sorted(self.reveals.items(), key=lambda item: order.get(item[0][0], 0))

    def _chosen(self, name):
        data = self[name].data
        if isinstance(data, bool):
            return {"on"} if data else set()
        return {str(d) for d in data} if isinstance(data, (list, tuple)) else {str(data)}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        shown = [child for children in cls.reveals.values() for child in children]
        if len(shown) != len(set(shown)):
            # Two choices with the same question would draw one id twice.
            raise ImproperlyConfigured(f"{cls.__name__}.reveals shows a field under two choices.")


def _one_line_end(text):
    return str(text or "").replace("\r\n", "\n").strip()


def _nothing(field):
    if isinstance(field, forms.MultipleChoiceField):
        return []
    if isinstance(field, forms.BooleanField):
        return False
    return getattr(field, "empty_value", None)


STALE = "This page is out of date. Open the record again before you save"


class VersionField(forms.IntegerField):
    """The version of the row that the person was looking at, hidden."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.HiddenInput,
            min_value=0,
            max_value=2**31 - 1,
            label="This page",
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), STALE),
            **kwargs,
        )


class VersionedForm(forms.Form):
    """Mixed into a form that edits: the version of the row that the person was looking at.

    Give it as `initial={"version": row.version}`; the service refuses a stale one.
    """

    version = VersionField()


class OwnedForm(forms.Form):
    """Mixed into a form whose fields `owner` (somebody with an account) and `owner_name` say who does something: one of
    them is answered. Both would keep one and lose the other."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("owner", "owner_name"):
            self.fields[name].asked_when = ONE_OF_THESE

    def clean(self):
        typed = super().clean()
        if "owner_name" in self.errors:
            return typed
        if not typed.get("owner") and not typed.get("owner_name"):
            self.add_error("owner_name", "Enter who does it, or choose somebody")
        elif typed.get("owner") and typed.get("owner_name"):
            self.add_error("owner_name", "Choose somebody, or enter a name: one of them does it")
        return typed


class PartOfPostcodeField(TextField):
    """A postcode or its first part, typed in any way; gives capitals."""

    def clean(self, value):
        typed = super().clean(value)
        part = identifiers.tidy_part_of_postcode(typed)
        if typed and not part:
            raise ValidationError("Enter a postcode, like AA3 1AB, or its first part, like AA3")
        return part


class PersonSearchForm(CaseForm):
    """Looks for somebody we may know: one of these is enough."""

    words = TextField(label="Name", required=False, asked_when=ONE_OF_THESE)
    born_on = DateField(label="Date of birth", required=False, asked_when=ONE_OF_THESE, not_future=True)
    number = TextField(
        label="Reference or number",
        required=False,
        asked_when=ONE_OF_THESE,
        width=20,
        help_text="A referral's reference, an NHS number, a UPN, or the number in the main case system",
    )
    postcode = PartOfPostcodeField(
        label="Postcode",
        required=False,
        asked_when=ONE_OF_THESE,
        width=10,
        help_text="All of it, or its first part, like AA3. It helps most beside a name",
        autocomplete="off",
    )
    submit = "Search"
    asks_about_words = False

    def clean(self):
        answers = super().clean()
        if not self.errors and not any(answers.get(name) for name in ("words", "born_on", "number", "postcode")):
            self.add_error("words", "Enter a name, a date of birth, a number or a postcode")
        return answers

    def terms(self):
        """What is searched for, as JSON holds it. Of a valid form."""
        born_on = self.cleaned_data["born_on"]
        return {
            "words": self.cleaned_data["words"],
            "born_on": born_on.isoformat() if born_on else "",
            "number": self.cleaned_data["number"],
            **({"postcode": self.cleaned_data["postcode"]} if self.cleaned_data["postcode"] else {}),
        }


class OnceField(forms.Field):
    """A key that a page is given once: sent twice, it makes one row. Missing or broken, it is simply a new one."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, initial=uuid.uuid4, **kwargs)

    def to_python(self, value):
        try:
            return uuid.UUID(str(value))
        except ValueError:
            return uuid.uuid4()

    def bound_data(self, data, initial):
        return self.to_python(data)


class IdempotencyMixin(forms.Form):
    """Mixed into a form that creates: `cleaned_data["once"]` is a UUID, the same for a double click."""

    once = OnceField()
