"""Immediate protection and its follow-up: few questions, none of which waits for anybody."""

from hsb.core import clock
from hsb.core.forms import CaseForm, ChoiceField, DateField, DateTime, IdempotencyMixin, LongTextField


class ProtectionForm(IdempotencyMixin, CaseForm):
    what = LongTextField(
        label="What was done to protect the child", ask="Say what was done to protect the child", rows=4
    )
    done = DateTime(
        label="When was it done?",
        ask="Enter the day it was done",
        subject="The day it was done",
        initial=clock.today,
        not_future=True,
        time_required=False,
    )
    who_was_told = LongTextField(
        label="Who was told",
        ask="Say who was told",
        help_text="Names or roles, and their service: for example the duty manager, the school's safeguarding lead",
        rows=2,
    )
    submit = "Record immediate protection"


class FollowUpProtectionForm(CaseForm):
    """`protections`: (key, words) of those not yet followed up."""

    protection = ChoiceField(label="Which protection?", ask="Choose which protection was followed up")
    followed_up_on = DateField(
        label="When was it followed up?",
        ask="Enter the day it was followed up",
        subject="The day it was followed up",
        initial=clock.today,
        not_future=True,
    )
    follow_up = LongTextField(
        label="What came of it",
        ask="Say what came of it",
        help_text="This is kept on the record. It will be read by whoever has this child.",
        rows=4,
    )
    submit = "Record the follow-up"

    def __init__(self, *args, protections, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["protection"].choices = protections
        if len(protections) == 1:
            self.fields["protection"].initial = protections[0][0]
