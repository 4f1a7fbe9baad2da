"""What was reported, and when it is logged (practice.md B3, B5)."""

from datetime import date, timedelta
from typing import NamedTuple

from hsb.core import clock, words
from hsb.core.borough_words import said
from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    DateTime,
    LongTextField,
    PostcodeField,
    SelectField,
    TextField,
)
from hsb.core.states import PlaceKind
from referrals.codes import Borough
from referrals.selectors.person_details import about_years
from referrals.states import Context, ReferralSource, YesNoUnknown

CRIME, SILENCE = "crime_suspected", "do_not_disclose"
ESTIMATE_MAY_BE_OUT = timedelta(days=366)


class Birth(NamedTuple):
    """When somebody in the concern was born, as far as it is known."""

    name: str
    born_on: date
    estimated: bool = False

    def is_after(self, day):
        """Whether this birth is certainly later than `day`: an estimate may be a year out."""
        return self.born_on - (ESTIMATE_MAY_BE_OUT if self.estimated else timedelta(0)) > day

    @property
    def too_late(self):
        """Said where it `is_after` the day of the incident."""
        if self.estimated:
            age = about_years(self.born_on)
            return f"{self.name}, {age} now, was not born on the day on which you say it happened. Check both"
        return (
            f"{self.name} was born on {words.day(self.born_on)}, after the day on which you say it happened. Check both"
        )


class FactsFields(CaseForm):
    """What is known of a concern beside what was reported, when it is logged and later.

    `births` are Birth of those in it: nothing happens to somebody before their birth.
    """

    source = SelectField(
        label="Who reported it",
        choices=ReferralSource.choices,
        ask="Choose who reported it",
    )
    reported_by = TextField(
        label="Name and contact of the person who reported it",
        required=False,
        help_text="Whoever is told the decision later",
    )
    happened_on = DateField(
        label="When it happened",
        subject="The day on which it happened",
        required=False,
        not_future=True,
        help_text="For example, 23 11 2026",
    )
    happened_in_words = TextField(
        label="Or when it happened, in words",
        required=False,
        help_text="Where the day is not known: in the summer holidays, for some months",
    )
    place_kind = SelectField(
        label="Where it happened", choices=PlaceKind.choices, ask="Choose where it happened, or 'Not known'"
    )
    place_name = TextField(
        label="Name of the place",
        required=False,
        help_text="The same words as last time, so that a place that comes up again is noticed",
    )
    place_postcode = PostcodeField(label="Postcode of the place", required=False)
    borough = ChoiceField(label="In whose area did it happen?", choices=Borough.choices, required=False)
    other_borough = TextField(
        label="Which council's area", max_length=120, ask="Enter the council in whose area it happened"
    )
    reveals = {("borough", Borough.OTHER): ("other_borough",)}

    def __init__(self, *args, births=(), **kwargs):
        self.births = births
        super().__init__(*args, **kwargs)

    def reported_on(self, answers):
        """The day on which it was reported: it happened before."""
        return answers.get("reported_on")

    def clean(self):
        answers = super().clean()
        happened, reported = answers.get("happened_on"), self.reported_on(answers)
        if happened and reported and happened > reported:
            self.add_error(
                "happened_on",
                f"The day on which it happened must be on or before the day it was reported, {words.day(reported)}",
            )
        for birth in self.births:
            if happened and birth.is_after(happened):
                self.add_error("happened_on", birth.too_late)
        if answers.get("place_postcode") and not answers.get("place_name") and "place_name" in self.fields:
            self.add_error("place_name", "Enter the name of the place, so that its postcode can be kept")
        return answers


class WhatForm(FactsFields):
    """What was reported."""

    what_was_reported = LongTextField(
        label="What was reported",
        ask="Enter what was reported",
        rows=8,
        help_text=(
            "Who said it, what was seen or heard, in their words where you have them. Say what was done, "
            "not what anybody is. Never copy in a picture."
        ),
    )
    reported_on = DateField(
        label="When it was reported",
        subject="The date the concern was reported",
        ask="Enter the date the concern was reported",
        initial=clock.today,
        not_future=True,
    )
    protection_needed = ChoiceField(
        label="Did any child need protection at once?",
        choices=YesNoUnknown.choices,
        ask="Choose whether any child needed protection at once",
        subject="Whether any child needed protection at once",
    )
    protection_what = LongTextField(
        label="What was done", ask="Say what was done to protect the child", max_length=4000, rows=3
    )
    protection_when = DateTime(
        label="When it was done",
        subject="When the protection was given",
        ask="Enter the day on which the protection was given",
        initial=clock.today,
        not_future=True,
        time_required=False,
    )
    protection_told = LongTextField(
        label="Who was told", ask="Say who was told of the protection", max_length=1000, rows=2
    )
    contexts = ChoicesField(
        label="Where in the children's lives does it belong?",
        choices=Context.choices,
        required=False,
        help_text="Tick all that fit. It can be said later",
    )
    marks = ChoicesField(
        label="Is any of this so?",
        choices=((CRIME, "A crime is suspected"), (SILENCE, "Do not tell the child or the family yet")),
        required=False,
    )

    sections = (
        ("", ("what_was_reported", "source", "reported_by", "reported_on")),
        (
            "When and where",
            ("happened_on", "happened_in_words", "place_kind", "place_name", "place_postcode", "borough", "contexts"),
        ),
        ("Safety", ("protection_needed", "marks")),
    )
    reveals = {
        ("protection_needed", YesNoUnknown.YES): ("protection_what", "protection_when", "protection_told"),
        **FactsFields.reveals,
    }
    choice_hints = {
        ("protection_needed", YesNoUnknown.YES): "Record what was already done. It needs nobody's approval",
        ("marks", CRIME): said("{form} is then asked for at once. Where it cannot wait, call the police first"),
        ("marks", SILENCE): "For example because the police asked. It stands out wherever this is read",
    }
    submit = "Save and continue"
    more_buttons = (("later", "Save and come back later"),)

    def facts(self):
        """What the service takes beside the people, as keywords. Of a valid form."""
        answers = self.cleaned_data
        names = (
            "what_was_reported",
            "source",
            "reported_by",
            "reported_on",
            "happened_on",
            "happened_in_words",
            "place_kind",
            "place_name",
            "place_postcode",
            "protection_needed",
        )
        return {
            **{name: answers[name] for name in names},
            "borough": answers["borough"] or Borough.UNKNOWN,
            "other_borough": answers["other_borough"] or "",
            "contexts": answers["contexts"],
            CRIME: CRIME in answers["marks"],
            SILENCE: SILENCE in answers["marks"],
        }

    def protection(self):
        """The protection that was given, as keywords for the service; None where none was. Of a valid form."""
        answers = self.cleaned_data
        if answers["protection_needed"] != YesNoUnknown.YES:
            return None
        when = answers["protection_when"]
        return {
            "what": answers["protection_what"],
            "done_on": when.day,
            "done_at": when.time,
            "who_was_told": answers["protection_told"],
        }


class CheckForm(CaseForm):
    """The answers have been checked: log it."""

    submit = "Log the concern"


class RemoveForm(CaseForm):
    """Yes, take somebody out again."""

    submit = "Remove from the concern"


class ThrowAwayForm(CaseForm):
    """Yes, forget the unfinished concern."""

    submit = "Throw it away"
