"""Offering a child to another borough, and what they answered."""

from hsb.core import clock
from hsb.core.forms import CaseForm, ChoiceField, DateField, LongTextField, ReasonField, TextField, VersionedForm
from referrals.forms.weighing import WeighsForm
from referrals.states import SentBy, TransferState


class OfferTransferForm(WeighsForm, VersionedForm, CaseForm):
    borough = TextField(label="Which borough or council?", ask="Enter the borough or council", max_length=160)
    person = TextField(
        label="Who there was asked?",
        ask="Enter who there was asked",
        help_text="Name, role and how to reach them.",
    )
    sent_by = ChoiceField(label="How it was sent", ask="Choose how it was sent", choices=SentBy.choices)
    sent_on = DateField(
        label="When it was sent",
        ask="Enter the day it was sent",
        subject="The day it was sent",
        initial=clock.today,
        not_future=True,
    )
    what_was_sent = LongTextField(
        label="What was sent",
        ask="Say what was sent",
        help_text="This stands under what was shared from this record.",
        rows=3,
    )
    reason = ReasonField(
        label="Why the child goes to another borough",
        ask="Say why the child goes to another borough",
        reader="whoever opens this record later",
    )
    submit = "Record the offer"


class AnswerTransferForm(VersionedForm, CaseForm):
    decision = ChoiceField(
        label="What was answered?",
        ask="Choose what was answered",
        choices=(
            (TransferState.ACCEPTED, "The other borough takes the child"),
            (TransferState.REFUSED, "The other borough does not take the child"),
            (TransferState.WITHDRAWN, "Nothing: we withdraw the offer"),
        ),
    )
    answered_by = TextField(
        label="Who there answered, or was told that it is withdrawn?",
        ask="Enter who there answered, or was told",
        help_text="Name and role.",
    )
    answered_on = DateField(
        label="When?", ask="Enter the day", subject="The day of the answer", initial=clock.today, not_future=True
    )
    answer = ReasonField(
        label="What they said, or why it is withdrawn",
        ask="Say what they said, or why it is withdrawn",
        reader="whoever opens this record later",
    )
    submit = "Continue"
    choice_hints = {
        ("decision", TransferState.ACCEPTED): "The referral is closed here. Before that you are asked once more.",
        ("decision", TransferState.REFUSED): "The child stays with the present team, and its clocks go on.",
    }

    def __init__(self, *args, sent_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answered_on"].not_before = sent_on
        self.fields["answered_on"].not_before_words = "the day it was sent"
