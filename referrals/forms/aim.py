"""A completed AIM assessment: what is recorded of it. No question of the instrument stands here (A26)."""

from hsb.core.forms import CaseForm, ChoiceField, ColleagueField, DateField, IdempotencyMixin, LongTextField, TextField
from referrals.forms.restrict import reads
from referrals.selectors.aim import age_that_does_not_fit
from referrals.selectors.colleagues import READS_CASES

NONE_YET = "none"


class AimForm(IdempotencyMixin, CaseForm):
    """`person`: the child; `tools`: the tools in which the reader is trained, as choices; `reports`: the documents."""

    tool = ChoiceField(label="Which tool was used?", ask="Choose the tool")
    tool_version = TextField(
        label="Version of the tool",
        ask="Enter the version of the tool",
        max_length=60,
        width=20,
        help_text="As it stands on the form that was used, for example its year.",
    )
    started_on = DateField(label="Day it started", ask="Enter the day it started", not_future=True)
    completed_on = DateField(label="Day it was completed", ask="Enter the day it was completed", not_future=True)
    assessor = ColleagueField(
        label="Who assessed?",
        ask="Enter the name of the assessor",
        roles=READS_CASES,
        check=reads,
        help_text="Their training must be recorded and current on the day of completion.",
    )
    age_reason = LongTextField(
        label="Why this tool, where the child's age does not fit it",
        subject="The reason",
        required=False,
        asked_when="Answer this where the child's age does not fit the tool.",
        rows=2,
    )
    summary = LongTextField(
        label="Summary",
        ask="Enter the summary",
        rows=8,
        help_text="What was found, in your own words. Copy no question, score sheet or guidance of the tool.",
    )
    recommendations = LongTextField(
        label="Recommendations in plain words",
        ask="Enter the recommendations",
        rows=5,
        help_text="What is to be done, so that the child, the family and a colleague in another service understand it.",
    )
    report = ChoiceField(label="Which document is the report?", ask="Choose the report, or that there is none yet")
    no_report_reason = LongTextField(label="Why there is no report yet", ask="Say why there is no report yet", rows=2)

    sections = (
        ("The assessment", ("tool", "tool_version", "started_on", "completed_on", "assessor", "age_reason")),
        ("What came of it", ("summary", "recommendations")),
        ("The report", ("report",), "It is uploaded under Documents first. The completed instrument is not."),
    )
    reveals = {("report", NONE_YET): ("no_report_reason",)}
    submit = "Record this assessment"

    def __init__(self, *args, person, tools, reports, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.documents = {document.reference: document for document in reports}
        self.fields["tool"].choices = tools
        self.fields["report"].choices = [
            *((reference, f"{document.title}, {reference}") for reference, document in self.documents.items()),
            (NONE_YET, "None of these: there is no report yet"),
        ]

    def clean(self):
        typed = super().clean() or self.cleaned_data
        started_on, completed_on = typed.get("started_on"), typed.get("completed_on")
        if started_on and completed_on and completed_on < started_on:
            self.add_error("completed_on", "Day it was completed must be on or after the day it started")
        said = age_that_does_not_fit(self.person, typed.get("tool"), started_on)
        if said and not typed.get("age_reason") and "age_reason" not in self.errors:
            self.add_error("age_reason", f"{said}: say why this tool was used")
        return typed

    def answers(self):
        """As the service takes them. Of a valid form."""
        return self.cleaned_data | {"report": self.documents.get(self.cleaned_data["report"])}


class ReplaceAimForm(AimForm):
    reason = LongTextField(
        label="Why the assessment is recorded anew",
        ask="Say why the assessment is recorded anew",
        rows=3,
        help_text="For example: the report has come. What was recorded before stays, under “Recorded before”.",
    )
    sections = (*AimForm.sections, ("Recorded anew", ("reason",)))
