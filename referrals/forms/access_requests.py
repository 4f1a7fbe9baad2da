"""A manager's answer to somebody who asked for access."""

from django import forms

from hsb.core.forms import STALE, CaseForm, NumberField, ReasonField, YesNo
from referrals.services.access_requests import MOST_DAYS


class AnswerAccessForm(CaseForm):
    # Another one can wait at the same address by now: what was typed is about the one that was read.
    number = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    granted = YesNo(
        label="May they open this record?",
        ask="Choose whether they may open this record",
        yes="Yes, for some days",
        no="No",
    )
    days = NumberField(
        label="For how many days?",
        ask="Enter for how many days",
        subject="The number of days",
        min_value=1,
        max_value=MOST_DAYS,
        help_text="Today is the first. It ends by itself.",
    )
    reason = ReasonField(
        label="Why they may not",
        ask="Say why they may not",
        help_text="Whoever asked reads this. Leave the child's name, and what happened, out of it.",
        reader="whoever asked",
    )
    reveals = {("granted", "yes"): ("days",), ("granted", "no"): ("reason",)}
    choice_hints = {
        (
            "granted",
            "yes",
        ): "They work on it like a reader who is named: they can write in it too. Every page they open is recorded."
    }
    submit = "Send the answer"
