"""What is asked at the panel: discussion, outcome, actions, feedback."""

from hsb.core.forms import (
    ONE_OF_THESE,
    WITH_A_NAME,
    CaseForm,
    ChoiceField,
    ColleagueField,
    DateField,
    IdempotencyMixin,
    LongTextField,
    OwnedForm,
    ReasonField,
    SelectField,
    TextField,
    VersionedForm,
)
from panels.states import ItemOutcome


class DiscussForm(VersionedForm, CaseForm):
    discussion = LongTextField(
        label="What was said",
        help_text="It stands in the minutes: nothing that is not for minutes, nothing for the police only.",
        required=False,
        rows=8,
    )
    outcome = ChoiceField(label="What it came to", choices=ItemOutcome.choices, required=False)
    choice_hints = {
        ("outcome", ItemOutcome.CARRIED): "It stands on the next agenda, before the others, and is counted."
    }
    submit = "Save"

    def __init__(self, *args, outcome_alone=False, **kwargs):
        """`outcome_alone`: what was said is not the reader's to see, and stays as it is."""
        super().__init__(*args, **kwargs)
        if outcome_alone:
            del self.fields["discussion"]


class PanelActionForm(OwnedForm, IdempotencyMixin, CaseForm):
    words = LongTextField(label="What is to be done", ask="Say what is to be done", rows=3)
    wording = LongTextField(
        label="Wording for the record",
        help_text="It stands on the child's record, and in the minutes of other agencies: nothing for the police only.",
        ask="Enter the wording for the child's record",
        rows=3,
    )
    agency = TextField(label="Agency", ask="Enter the agency that does it")
    owner = SelectField(label="Who does it", blank="Somebody without an account", required=False)
    owner_name = TextField(label="Their name, if they have no account", required=False)
    due_on = DateField(label="By which day", ask="Enter the day by which it is done", subject="The day")
    submit = "Add the action"

    def __init__(self, *args, people, on_a_record, **kwargs):
        """`people`: [(reference, name)]; `on_a_record`: whether a child's record gets the action."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "Somebody without an account"), *people]
        if not on_a_record:
            wording = self.fields["wording"]
            wording.required = False
            wording.label = "Wording for other agencies, where it differs"
            wording.help_text = "It stands in the minutes of the other agencies: nothing for the police only."


class AmendForm(IdempotencyMixin, CaseForm):
    text = LongTextField(
        label="What is corrected",
        ask="Say what is corrected",
        help_text="What was written stays. This stands under it in the minutes: nothing for the police only.",
        rows=4,
    )
    reason = ReasonField(
        label="Why it is corrected", ask="Say why it is corrected", reader="the coordinators and auditors"
    )
    agreed_user = ColleagueField(label="Their name, if they have an account", required=False, asked_when=ONE_OF_THESE)
    agreed_name = TextField(label="Their name, if they have no account", required=False, asked_when=ONE_OF_THESE)
    agreed_agency = TextField(label="Agency", required=False, asked_when=WITH_A_NAME)
    agreed_on = DateField(label="Agreed on", ask="Enter the day on which they agreed", not_future=True)
    sections = (
        ("The amendment", ("text", "reason")),
        ("Who agreed to it", ("agreed_user", "agreed_name", "agreed_agency", "agreed_on")),
    )
    submit = "Amend the minutes"


class DropActionForm(CaseForm):
    reason = ReasonField(reader="the coordinators and auditors")
    submit = "Take it out"


class PanelActionDoneForm(CaseForm):
    done_on = DateField(label="Done on", ask="Enter the day on which it was done", not_future=True)
    outcome = ReasonField(label="What came of it", ask="Say what came of it", reader="whoever opens the panel")
    submit = "Save"


class FeedbackForm(CaseForm):
    feedback = ReasonField(
        label="What came of it",
        ask="Say what came of it",
        help_text="The author of the form reads this. Nothing that is for the police only.",
        reader="the author of the form",
        rows=6,
    )
    submit = "Tell the author"
