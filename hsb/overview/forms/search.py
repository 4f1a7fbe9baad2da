"""One box for everything a child can be found by: what was typed is told apart here, and kept as it was typed."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.urls import reverse

from hsb.core import clock, identifiers
from hsb.core.forms import EARLIEST_YEAR, CaseForm, TextField, month_number
from hsb.core.states import REFERENCE_PREFIX, RecordKind

HINT = (
    "A reference, a name, a date of birth like 14 5 2012, an NHS number, a UPN, or a postcode or its first part with a "
    "name. A name with a date finds best"
)
REFERENCE = re.compile(
    rf"\b({REFERENCE_PREFIX[RecordKind.REFERRAL]}|{REFERENCE_PREFIX[RecordKind.PERSON]})"
    r"[\s\-]*([0-9]{4})[\s\-]*([0-9]{1,5})(?:-[a-z]+[0-9]+)?\b",
    re.IGNORECASE,
)
UPN = re.compile(r"\b[a-z](?:[ \-]?[0-9]){12}\b", re.IGNORECASE)
NHS_NUMBER = re.compile(r"(?<![0-9])[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{4}(?![0-9])")
POSTCODE = re.compile(r"\b[a-z]{1,2}[0-9][0-9a-z]?\s*[0-9][a-z]{2}\b", re.IGNORECASE)
# Each gives day, month and year by name.
DATES = (
    re.compile(r"(?<![0-9])(?P<year>[0-9]{4})[\-/.](?P<month>[0-9]{1,2})[\-/.](?P<day>[0-9]{1,2})(?![0-9])"),
    re.compile(
        r"(?<![0-9])(?P<day>[0-9]{1,2})\s*[/.\-\s]\s*(?P<month>[0-9]{1,2})\s*[/.\-\s]\s*(?P<year>[0-9]{4}|[0-9]{2})(?![0-9])"
    ),
    re.compile(
        r"(?<![0-9])(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[\s\-]*(?:of\s+)?(?P<month>[a-z]{3,9})\.?,?[\s\-]*"
        r"(?P<year>[0-9]{4}|[0-9]{2})(?![0-9])",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?P<month>[a-z]{3,9})\.?\s+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>[0-9]{4})(?![0-9])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![0-9a-z])(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>(?:19|20)[0-9]{2})(?![0-9a-z])", re.IGNORECASE
    ),
)
# Said beside a number or a date, and no part of a name.
NAMES_OF_NUMBERS = {"dob", "d.o.b", "d.o.b.", "dob:", "nhs", "nhs:", "upn", "upn:", "number", "number:", "no", "no."}
CENTURY = 100


class SearchForm(CaseForm):
    """Gives `wanted`: the terms of referrals.selectors.people.search, ready to keep, with `typed` as it was typed."""

    asks_about_words = False
    terms = TextField(
        label="Who are you looking for?",
        help_text=HINT,
        ask="Enter a reference, a name, a date of birth, an NHS number or a UPN",
        subject="What you are looking for",
        autocomplete="off",
    )
    submit = "Search"

    def _build_helper(self):
        helper = super()._build_helper()
        # The same box stands on the page of results.
        helper.form_action = reverse("overview:search")
        return helper

    def clean_terms(self):
        typed = self.cleaned_data["terms"]
        wanted = read_terms(typed)
        if not wanted:
            raise ValidationError(self.fields["terms"].ask)
        self.cleaned_data["wanted"] = {"typed": typed, **wanted}
        return typed


def read_terms(typed):
    """What was typed, told apart: a dict with some of reference, numbers, born_on (ISO text), postcode and words.

    Raises ValidationError for something that is written like a date and is none. Empty where nothing can be sought.
    """
    left = unicodedata.normalize("NFKC", typed)
    wanted = {}
    if found := REFERENCE.search(left):
        wanted["reference"] = f"{found[1].upper()}-{found[2]}-{int(found[3]):05d}"
        left = _without(left, found)
    numbers = []
    for pattern in (UPN, NHS_NUMBER):
        if found := pattern.search(left):
            numbers.append(identifiers.without_spaces(found[0]).upper())
            left = _without(left, found)
    if (found := POSTCODE.search(left)) and (postcode := identifiers.tidy_postcode(found[0])):
        wanted["postcode"] = postcode
        left = _without(left, found)
    born_on, left = _read_date(left)
    if born_on:
        wanted["born_on"] = born_on.isoformat()
    names = []
    for word in left.replace(",", " ").split():
        if any(char.isdigit() for char in word):
            numbers.append(identifiers.without_spaces(word))
        elif any(char.isalpha() for char in word):
            names.append(word)
    if numbers or born_on:
        names = [word for word in names if word.lower() not in NAMES_OF_NUMBERS]
    if part := next((part for number in numbers if (part := identifiers.tidy_part_of_postcode(number))), ""):
        # "E8" alone is a number of some system; beside a name it may be the first part of a postcode too.
        wanted |= {"postcode": part} if names or born_on else {}
    if numbers:
        wanted["numbers"] = numbers
    if names:
        wanted["words"] = " ".join(names)
    return wanted


def _without(text, found):
    return f"{text[: found.start()]} {text[found.end() :]}"


def _read_date(text):
    """(the first date in the text or None, the text without it)."""
    for pattern in DATES:
        for found in pattern.finditer(text):
            month = month_number(found["month"])
            if month is None:
                continue  # "2 Sample 2012" is no date
            return _real_date(found, month), _without(text, found)
    return None, text


def _real_date(found, month):
    today = clock.today()
    year = int(found["year"])
    if year < CENTURY:
        year += today.year // CENTURY * CENTURY
        if year > today.year:
            year -= CENTURY
    try:
        day = date(year, month, int(found["day"]))
    except ValueError:
        day = None
    # An expected birth lies ahead.
    if day is None or not EARLIEST_YEAR <= day.year <= today.year + 1:
        raise ValidationError(f"{found[0].strip()} is not a real date of birth. Enter it like 14 5 2012", code="date")
    return day
