"""What the service owes and has done: its assessment, the review of the Early Help plan; and another assessment."""

from hsb.core import clock
from hsb.core.forms import CaseForm, ChoiceField, DateField, ReasonField, TextField
from referrals.states import AssessmentOutcome, HelpAssessmentOutcome


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


class HelpAssessmentForm(ServiceStepForm):
    """An Early Help assessment, which somebody of another service may have done. `began_on`: the day its clock runs
    from; `by`: who has the child."""

    began_on = DateField(
        label="When did it begin?",
        ask="Enter the day it began",
        subject="The day it began",
        not_future=True,
    )
    done_by = TextField(
        label="Who did it?",
        ask="Enter who did it",
        help_text="Name, role and service.",
        max_length=200,
    )
    sections = (("", ("began_on", "done_on", "done_by", "outcome", "follows")),)

    def __init__(self, *args, since, began_on, by, **kwargs):
        super().__init__(*args, since=since, assessment=True, **kwargs)
        self.fields["began_on"].not_before = since
        self.fields["began_on"].not_before_words = "the day the team took the child"
        self.fields["began_on"].initial = began_on
        self.fields["done_by"].initial = by
        self.fields["follows"].choices = HelpAssessmentOutcome.choices
        self.choice_hints = {
            ("follows", HelpAssessmentOutcome.STEP_UP): "Ask the statutory team from the case: this does not ask.",
            ("follows", HelpAssessmentOutcome.NO_SERVICE): "Propose it from the case: a manager decides.",
        }

    def clean(self):
        cleaned = super().clean()
        began, done = cleaned.get("began_on"), cleaned.get("done_on")
        if began and done and done < began:
            self.add_error("done_on", "The day it was completed must be on or after the day it began")
        return cleaned


class AssessAgainForm(CaseForm):
    """`since`: the first day on which another assessment can have begun."""

    began_on = DateField(
        label="When did it begin?",
        ask="Enter the day it began",
        subject="The day it began",
        initial=clock.today,
        not_future=True,
        help_text="Its clock runs from this day.",
    )
    reason = ReasonField(
        label="Why the child is assessed again",
        ask="Say why the child is assessed again",
        reader="whoever has this child, their managers and auditors",
    )
    submit = "Begin the assessment"

    def __init__(self, *args, since, since_words, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["began_on"].not_before = since
        self.fields["began_on"].not_before_words = since_words
