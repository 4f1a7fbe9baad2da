"""Calls to the police, and what became of Form 87A."""

from hsb.core import clock
from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    DateTime,
    IdempotencyMixin,
    LongTextField,
    ReasonField,
    TextField,
    VersionedForm,
    YesNo,
)

SENT = "sent"
# The manager's two exits, as the service calls them.
EXITS = {
    "not_sent_because": "It is not sent",
    "no_longer_needed_because": "It is no longer needed",
}


class PoliceCallForm(IdempotencyMixin, CaseForm):
    emergency = YesNo(label="Was it a 999 call?", ask="Choose whether it was a 999 call")
    called = DateTime(
        label="When was the call?",
        ask="Enter the day of the call",
        subject="The day of the call",
        initial=clock.today,
        not_future=True,
        time_required=False,
    )
    spoke_to = TextField(label="Who did you speak to", ask="Enter who you spoke to")
    police_reference = TextField(label="Police reference", required=False, width=20, max_length=60)
    what_was_said = LongTextField(
        label="What was said",
        ask="Say what was said",
        help_text="This is kept on the record as something shared with the police.",
        rows=4,
    )
    advice = LongTextField(label="What the police advised", required=False, rows=3)
    submit = "Record the call"


class PoliceReferralForm(VersionedForm, CaseForm):
    """`may_excuse`: whether the manager's exits are among the choices."""

    about = TextField(label="Form 87A", required=False)
    decision = ChoiceField(label="What became of Form 87A?", ask="Choose what became of Form 87A")
    sent_to = TextField(
        label="Sent to", ask="Enter to whom it was sent", help_text="The team or the officer, and the mailbox"
    )
    sent_how = TextField(
        label="How it was sent", ask="Enter how it was sent", help_text="For example by secure e-mail", max_length=60
    )
    sent = DateTime(
        label="When was it sent?",
        ask="Enter the day it was sent",
        subject="The day it was sent",
        initial=clock.today,
        not_future=True,
        time_required=False,
    )
    consent = TextField(
        label="Consent",
        required=False,
        help_text="Who was asked and what they said, or why nobody was asked",
    )
    not_sent_reason = ReasonField(
        label="Why it is not sent",
        ask="Give the reason why Form 87A is not sent",
        reader="auditors and whoever has this child",
    )
    not_needed_reason = ReasonField(
        label="Why it is no longer needed",
        ask="Give the reason why Form 87A is no longer needed",
        reader="auditors and whoever has this child",
    )
    submit = "Save"

    reveals = {
        ("decision", SENT): ("sent_to", "sent_how", "sent", "consent"),
        ("decision", "not_sent_because"): ("not_sent_reason",),
        ("decision", "no_longer_needed_because"): ("not_needed_reason",),
    }

    def __init__(self, *args, may_excuse, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["about"].widget = self.fields["about"].hidden_widget()
        choices = [(SENT, "It was sent to the police, with the HSB risk assessment")]
        self.fields["decision"].choices = choices + (list(EXITS.items()) if may_excuse else [])
        if not may_excuse:
            self.fields[
                "decision"
            ].help_text = "Only a manager can decide that Form 87A is not sent or no longer needed."

    def reason(self):
        return self.cleaned_data["not_sent_reason"] or self.cleaned_data["not_needed_reason"] or ""
