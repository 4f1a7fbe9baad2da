"""The status of somebody's part in a concern, where a concern belongs, and what two concerns mean together."""

from django import forms

from hsb.core import clock
from hsb.core.forms import STALE, CaseForm, ChoiceField, ChoicesField, DateField, ReasonField, VersionedForm
from referrals.states import FINDINGS, Context, InvolvementStatus, StatusBasis

READER = "whoever opens this record"


class StatusForm(VersionedForm, CaseForm):
    """`finds`: whether the reader is a manager who may say established or unfounded; `was`: what stands now."""

    was = forms.CharField(widget=forms.HiddenInput, max_length=20, error_messages={"required": STALE})
    status = ChoiceField(label="What is the status now?", ask="Choose the status")
    basis = ChoiceField(
        label="What does it rest on?", choices=StatusBasis.choices, ask="Choose what the status rests on"
    )
    since = DateField(
        label="Since when?",
        subject="The day since when it holds",
        ask="Enter the day since when it holds",
        initial=clock.today,
        not_future=True,
        help_text="The day of the outcome. For example, 23 11 2026",
    )
    reason = ReasonField(label="Why the status changes", ask="Say why the status changes", reader=READER)
    submit = "Save the status"

    def __init__(self, *args, was, finds, **kwargs):
        super().__init__(*args, **kwargs)
        open_to_reader = [
            choice for choice in InvolvementStatus.choices if choice[0] != was and (finds or choice[0] not in FINDINGS)
        ]
        self.fields["status"].choices = open_to_reader
        if not finds:
            self.fields["status"].help_text = "A manager records that it is established or unfounded"


class ContextsForm(VersionedForm, CaseForm):
    """`concerns` are (reference, words); asked only where there are several."""

    concern = ChoiceField(label="Which concern?", ask="Choose the concern")
    contexts = ChoicesField(
        label="Where in the children's lives does it belong?",
        choices=Context.choices,
        required=False,
        help_text="Tick all that fit. What is ticked now takes the place of what stood before",
    )
    submit = "Save"

    def __init__(self, *args, concerns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["concern"].choices = concerns
        if len(concerns) == 1:
            del self.fields["concern"]


class ReadBothForm(CaseForm):
    meaning = ReasonField(
        label="What does it mean that the child is in both?",
        ask="Say in a sentence what it means that the child is in both",
        reader=READER,
        rows=3,
    )
    submit = "I have read both"
