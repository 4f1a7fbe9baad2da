"""What was discussed about one referral, on the supervision sheet."""

from hsb.core import clock
from hsb.core.forms import CaseForm, ChoiceField, DateField, IdempotencyMixin, LongTextField
from referrals.states import NoteBasis


class DiscussedForm(IdempotencyMixin, CaseForm):
    happened_on = DateField(
        label="When was it discussed?",
        ask="Enter the day it was discussed",
        subject="The day it was discussed",
        initial=clock.today,
        not_future=True,
    )
    text = LongTextField(label="What was discussed", ask="Say what was discussed", rows=4)
    agreed = LongTextField(
        label="What was agreed",
        ask="Say what was agreed, or that nothing is to be done",
        help_text="Who does what, and by when.",
        rows=3,
    )
    basis = ChoiceField(
        label="Is this fact or opinion?", ask="Say whether it is fact or opinion", choices=NoteBasis.choices
    )
    submit = "Write the oversight note"
