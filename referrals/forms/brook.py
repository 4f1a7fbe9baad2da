"""A colour that somebody trained found with the Brook tool. No word of the tool stands here (A25)."""

from hsb.core.forms import CaseForm, ChoiceField, ColleagueField, DateField, IdempotencyMixin, LongTextField, TextField
from referrals.forms.judgements import COLOURS
from referrals.forms.restrict import reads
from referrals.selectors.brook import OVERALL
from referrals.selectors.colleagues import READS_CASES
from referrals.selectors.questions import QUESTIONS

ALL, NONE = "all", "none"


class BrookFindingForm(IdempotencyMixin, CaseForm):
    """`behaviours`: (key, words) of the child's own; `reports`: the documents."""

    about = ChoiceField(label="What is the colour of?", ask="Choose what the colour is of", initial=ALL)
    colour = ChoiceField(label="Colour", ask="Choose the colour", choices=COLOURS)
    found_on = DateField(
        label=QUESTIONS["brook_on"],
        ask="Enter the day the tool was used",
        subject="The day the tool was used",
        not_future=True,
    )
    found_by = ColleagueField(
        label="Who found it?",
        ask="Enter the name of who found it",
        roles=READS_CASES,
        check=reads,
        help_text="Their Brook training must be recorded and current on that day. What somebody without an account "
        "found is written in a note, and is not recorded as a colour.",
    )
    age_group = TextField(
        label=QUESTIONS["brook_age_group"], ask="Enter the age group, as the tool names it", max_length=20, width=10
    )
    tool_version = TextField(
        label=QUESTIONS["brook_tool_version"], ask="Enter the version of the tool", max_length=40, width=20
    )
    summary = LongTextField(
        label="Summary",
        ask="Enter the summary",
        rows=6,
        help_text="Why this colour, in your own words. Copy no text of the tool.",
    )
    report = ChoiceField(label="Which document is the report?", ask="Choose the report, or that there is none")

    sections = (
        ("The colour", ("about", "colour", "found_on", "found_by", "age_group", "tool_version")),
        ("What was found", ("summary",)),
        ("The report", ("report",), "It is uploaded under Documents first. The tool itself is not."),
    )
    submit = "Record this colour"

    def __init__(self, *args, behaviours, reports, **kwargs):
        super().__init__(*args, **kwargs)
        self.documents = {document.reference: document for document in reports}
        self.fields["about"].choices = [(ALL, OVERALL), *behaviours]
        self.fields["report"].choices = [
            *((reference, f"{document.title}, {reference}") for reference, document in self.documents.items()),
            (NONE, "None of these: there is no report"),
        ]

    def answers(self):
        """As the service takes them, with the behaviour by its key. Of a valid form."""
        typed = dict(self.cleaned_data)
        about = typed.pop("about")
        return typed | {
            "report": self.documents.get(typed["report"]),
            "behaviour": None if about == ALL else int(about),
        }


class ReplaceBrookForm(BrookFindingForm):
    reason = LongTextField(
        label="Why the colour is recorded anew",
        ask="Say why the colour is recorded anew",
        rows=3,
        help_text="For example: the report has come. What was recorded before stays, under “Recorded before”.",
    )
    sections = (*BrookFindingForm.sections, ("Recorded anew", ("reason",)))
