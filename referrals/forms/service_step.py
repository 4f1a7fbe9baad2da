"""What the service owes and has done: the Child and Family assessment, the review of the Early Help plan."""

from hsb.core.forms import CaseForm, ChoiceField, DateField, ReasonField
from referrals.states import AssessmentOutcome


class ServiceStepForm(CaseForm):
    """`since` is the first day it can have been done; `assessment` says that it is the Child and Family assessment."""

    done_on = DateField(
        label="When was it completed?",
        ask="Enter the day it was completed",
        subject="The day it was completed",
        not_future=True,
    )
    outcome = ReasonField(
        label="What came of it, in a few sentences",
        ask="Say what came of it",
        reader="whoever has this child, their managers and auditors",
        help_text="The document itself stays in the service's own records.",
    )
    follows = ChoiceField(
        label="What follows the assessment?",
        ask="Choose what follows the assessment",
        choices=AssessmentOutcome.choices,
    )
    submit = "Save"
    choice_hints = {
        ("follows", AssessmentOutcome.SECTION_47): "Ask for the strategy discussion from the case: this does not ask.",
        ("follows", AssessmentOutcome.STEP_DOWN): "Your manager offers the child to Early Help from the case.",
    }

    def __init__(self, *args, since, assessment, **kwargs):
        super().__init__(*args, **kwargs)
        if not assessment:
            del self.fields["follows"]
            self.choice_hints = {}
        self.fields["done_on"].not_before = since
        self.fields["done_on"].not_before_words = "the day the team took the child"
