"""What a meeting agreed and somebody has done; how a section 47 enquiry ends."""

from django import forms

from hsb.core.forms import STALE, CaseForm, ChoiceField, DateField, IdempotencyMixin, ReasonField, VersionedForm
from referrals.states import CONCLUSIONS, ChildSeen, Section47State

CONFERENCE_NEXT = "An initial child protection conference is held next."


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


DONE, NOT_NEEDED = "done", "not_needed"


class ActionForm(DoneForm):
    """What became of an agreed action: done; for managers also no longer needed."""

    became = ChoiceField(
        label="What became of it?",
        ask="Choose what became of it",
        choices=[(DONE, "It is done"), (NOT_NEEDED, "It is no longer needed")],
    )
    not_needed_reason = ReasonField(
        label="Why it is no longer needed",
        ask="Give the reason why it is no longer needed",
        reader="whoever has this child, their managers and auditors",
    )
    field_order = ("became", "done_on", "outcome", "not_needed_reason")
    reveals = {("became", DONE): ("done_on", "outcome"), ("became", NOT_NEEDED): ("not_needed_reason",)}

    def __init__(self, *args, may_end, **kwargs):
        """`may_end`: whether the reader may say that it is no longer needed."""
        super().__init__(*args, **kwargs)
        if not may_end:
            del self.fields["became"], self.fields["not_needed_reason"]
            self.reveals = {}


class EnquiryForm(CaseForm):
    """Mixed into a form about one enquiry: a child can have another one later, at the same address."""

    enquiry = forms.CharField(widget=forms.HiddenInput, error_messages={"required": STALE})


class ReportSection47Form(IdempotencyMixin, EnquiryForm):
    seen = ChoiceField(
        label="Was the child seen in the enquiry?", ask="Say whether the child was seen", choices=ChildSeen.choices
    )
    findings = ReasonField(
        label="What was found",
        ask="Say what was found",
        reader="the managers who conclude, whoever has this child, and auditors",
        rows=10,
    )
    recommended = ChoiceField(label="What do you recommend?", ask="Choose what you recommend", choices=CONCLUSIONS)
    reported_on = DateField(
        label="When did you finish the enquiry?",
        ask="Enter the day you finished the enquiry",
        subject="The day you finished the enquiry",
        not_future=True,
    )
    submit = "Send to the managers"
    choice_hints = {
        ("seen", ChildSeen.NOT_SEEN): "Say below why not, and what is done about it.",
        ("recommended", Section47State.CONTINUING_RISK): CONFERENCE_NEXT,
    }


class ConcludeSection47Form(VersionedForm, EnquiryForm):
    conclusion = ChoiceField(
        label="How does the enquiry end?",
        ask="Choose how the enquiry ends",
        choices=CONCLUSIONS,
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
        ("conclusion", Section47State.CONTINUING_RISK): CONFERENCE_NEXT,
    }
