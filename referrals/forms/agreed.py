"""What a meeting agreed and somebody has done; how a section 47 enquiry ends."""

from hsb.core.forms import CaseForm, ChoiceField, DateField, ReasonField, VersionedForm
from referrals.states import Section47State


class DoneForm(CaseForm):
    done_on = DateField(
        label="When was it done?", ask="Enter the day it was done", subject="The day it was done", not_future=True
    )
    outcome = ReasonField(
        label="What came of it, in a few sentences",
        ask="Say what came of it",
        reader="whoever has this child, their managers and auditors",
    )
    submit = "Save"


class ConcludeSection47Form(VersionedForm, CaseForm):
    conclusion = ChoiceField(
        label="How does the enquiry end?",
        ask="Choose how the enquiry ends",
        choices=[choice for choice in Section47State.choices if choice[0] != Section47State.OPEN],
    )
    concluded_on = DateField(
        label="When was it concluded?",
        ask="Enter the day it was concluded",
        subject="The day it was concluded",
        not_future=True,
    )
    reason = ReasonField(
        label="What it rests on", ask="Say what the conclusion rests on", reader="whoever has this child and auditors"
    )
    submit = "Conclude the enquiry"
    choice_hints = {
        ("conclusion", Section47State.CONTINUING_RISK): "An initial child protection conference is held next.",
    }
