"""Significant events: the event; and the day as it stood on which a chronology is read."""

from django import forms

from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    DateField,
    IdempotencyMixin,
    LongTextField,
    ReasonField,
    TextField,
    TickField,
)
from referrals.forms.notes import WHO_READS, AsOfForm, CorrectionForm
from referrals.states import NoteBasis


class SignificantEventForm(IdempotencyMixin, CaseForm):
    happened_on = DateField(
        label="When did it happen?",
        ask="Enter the day it happened",
        subject="The day it happened",
        not_future=True,
    )
    about_then = TickField(label="It was about that day: the day itself is not known", required=False)
    text = LongTextField(
        label="What happened",
        ask="Say what happened",
        subject="What happened",
        help_text="In a few plain sentences, without detail of a behaviour: that stands in the assessment.",
        rows=5,
    )
    meaning = LongTextField(
        label="Why it matters",
        ask="Say why it matters",
        subject="Why it matters",
        help_text="What it means for the child: what changed, what it adds to what was known.",
        rows=5,
    )
    source = TextField(
        label="Where this is from",
        ask="Say where this is from",
        help_text="For example the school's letter, or the worker who was there",
        max_length=200,
    )
    basis = ChoiceField(
        label="Is this fact or opinion?", ask="Say whether it is fact or opinion", choices=NoteBasis.choices
    )
    sections = (
        ("What happened", ("happened_on", "about_then", "text", "source", "basis")),
        ("What it means", ("meaning",)),
    )
    submit = "Record the event"


class EventCorrectionForm(CorrectionForm):
    reason = ReasonField(
        label="Why the event is corrected", ask="Say why the event is corrected", reader=WHO_READS, rows=3
    )


class ChronologyAsOfForm(AsOfForm):
    order = forms.Field(required=False, widget=forms.HiddenInput)
    as_of = DateField(
        label="Read the chronology as it stood at the end of a day",
        ask="Enter the day",
        subject="The day",
        not_future=True,
    )
    submit = "Show it"
