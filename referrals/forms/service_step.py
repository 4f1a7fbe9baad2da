"""What the service owes and has done: the Child and Family assessment, the review of the Early Help plan."""

from hsb.core.forms import CaseForm, DateField, ReasonField


class ServiceStepForm(CaseForm):
    """`since` is the first day it can have been done."""

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
    submit = "Save"

    def __init__(self, *args, since, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["done_on"].not_before = since
        self.fields["done_on"].not_before_words = "the day the team took the child"
