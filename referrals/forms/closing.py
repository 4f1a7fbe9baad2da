"""Propose closing, close or return, and open a new episode."""

from hsb.core.forms import CaseForm, ChoiceField, LongTextField, ReasonField, VersionedForm
from referrals.forms.markers import EndsMarkers
from referrals.forms.weighing import WeighsForm
from referrals.states import CLOSING_REASONS


class ProposeClosingForm(VersionedForm, CaseForm):
    closed_as = ChoiceField(
        label="Why can this be closed?",
        ask="Choose why this can be closed",
        choices=[(reason.value, reason.label) for reason in CLOSING_REASONS],
    )
    what_changed = LongTextField(
        label="What has changed for the child", ask="Say what has changed for the child", rows=4
    )
    child_views = LongTextField(label="What the child and the family say about closing", required=False, rows=3)
    reason = ReasonField(
        label="Why this can be closed", ask="Say why this can be closed", reader="the manager who decides on closing"
    )
    submit = "Propose closing"

    def __init__(self, *args, reasons, **kwargs):
        """`reasons`: those of CLOSING_REASONS that can be true of the referral."""
        super().__init__(*args, **kwargs)
        self.fields["closed_as"].choices = [(reason.value, reason.label) for reason in reasons]


class CloseForm(WeighsForm, EndsMarkers, VersionedForm, CaseForm):
    reason = ReasonField(
        label="Reason for closing", ask="Give the reason for closing", reader="whoever opens this record later"
    )
    submit = "Continue"


class ReturnToServiceForm(VersionedForm, CaseForm):
    reason = ReasonField(
        label="What must be done before this can be closed",
        ask="Say what must be done before this can be closed",
        reader="the worker who proposed it",
    )
    submit = "Return to the service"


class ReopenForm(CaseForm):
    reason = ReasonField(
        label="What the new information is",
        ask="Say what the new information is",
        reader="the front door, and whoever has the new episode",
    )
    submit = "Open a new episode"
