"""A manager's review of an opening in an emergency."""

from django import forms

from hsb.core.forms import STALE, CaseForm, ChoiceField, ReasonField, TickField
from referrals.models import EmergencyOpening


class ReviewBreakGlassForm(CaseForm):
    """`is_live`: whether the leave still runs."""

    # Another one can wait at the same address by now: what was typed is about the one that was read.
    number = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    finding = ChoiceField(
        label="Was it justified to open this record?",
        ask="Say whether it was justified",
        choices=EmergencyOpening.Finding.choices,
    )
    what_follows = ReasonField(
        label="What follows from it",
        ask="Say what follows from it",
        reader="managers of the team that has the child, and auditors",
    )
    end_now = TickField(label="The record is closed to them now", required=False)
    submit = "Keep the review"

    def __init__(self, *args, is_live, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_live:
            del self.fields["end_now"]
