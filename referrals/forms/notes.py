"""Case notes: the note, a correction under it, and the day as it stood on which they are read."""

from django import forms

from hsb.core import clock
from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ColleagueField,
    DateField,
    DateTime,
    IdempotencyMixin,
    LongTextField,
    ReasonField,
    TextField,
    TickField,
    VersionedForm,
    YesNo,
)
from referrals.forms.restrict import reads
from referrals.selectors.colleagues import READS_CASES
from referrals.states import NoteBasis, NoteKind

FOR_A_VISIT = "Answer this for a visit."
FOR_OVERSIGHT = "Answer this for management oversight."
WHO_READS = "whoever may open this record"


class NoteForm(CaseForm):
    """`kinds`: the kinds of note that the reader may write, as choices."""

    kind = ChoiceField(label="What is this a note of?", ask="Choose what this is a note of")
    happened = DateTime(
        label="When did it happen?",
        ask="Enter the day it happened",
        subject="The day it happened",
        initial=clock.today,
        not_future=True,
        time_required=False,
    )
    seen = YesNo(label="Was the child seen?", ask="Say whether the child was seen", required=False)
    seen_alone = YesNo(label="Was the child seen alone?", ask="Say whether the child was seen alone")
    not_seen_reason = LongTextField(
        label="Why the child was not seen, and what is done about it",
        subject="The reason why the child was not seen",
        required=False,
        asked_when=FOR_A_VISIT,
        rows=3,
    )
    who_was_there = TextField(
        label="Who else was there",
        required=False,
        help_text="Names or roles: for example the mother, a teacher",
    )
    text = LongTextField(
        label="What happened, or what was discussed", ask="Say what happened", subject="The text", rows=12
    )
    agreed = LongTextField(
        label="What was agreed",
        required=False,
        help_text="Who does what, and by when.",
        rows=4,
    )
    basis = ChoiceField(
        label="Is this fact or opinion?", ask="Say whether it is fact or opinion", choices=NoteBasis.choices
    )
    childs_words = LongTextField(
        label="The child's own words",
        required=False,
        help_text="What the child said, as the child said it. Leave it empty where the child said nothing about it.",
        rows=4,
    )
    readers = ColleagueField(
        label="Who should read this note",
        required=False,
        many=True,
        roles=READS_CASES,
        check=reads,
        help_text=(
            "Names of people who may open this record, one in each box. Each is told that a note asks for "
            "their attention, and nothing of what it says."
        ),
    )
    do_not_disclose = TickField(
        label="Do not tell the child or the family yet",
        required=False,
        help_text="For example because the police asked. It stands out until a manager says that they may be told.",
    )
    sections = (
        ("When and what", ("kind", "happened")),
        ("The child", ("seen", "who_was_there")),
        ("The note", ("text", "agreed", "basis", "childs_words")),
        ("Who is told", ("readers", "do_not_disclose")),
    )
    reveals = {("seen", "yes"): ("seen_alone",), ("seen", "no"): ("not_seen_reason",)}
    choice_hints = {
        ("basis", NoteBasis.FACT): "What was seen, heard or done.",
        ("basis", NoteBasis.OPINION): "What you make of it.",
        ("basis", NoteBasis.BOTH): "The text says which is which.",
    }
    submit = "Make the note final"
    more_buttons = (("later", "Keep as a draft"),)

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds
        self.fields["seen"].asked_when = FOR_A_VISIT
        if NoteKind.OVERSIGHT in dict(kinds):
            self.fields["agreed"].asked_when = FOR_OVERSIGHT

    def clean(self):
        typed = super().clean()
        if typed.get("kind") == NoteKind.VISIT:
            if typed.get("seen") is None and "seen" not in self.errors:
                self.add_error("seen", "Say whether the child was seen")
            if typed.get("seen") is False and not typed.get("not_seen_reason") and "not_seen_reason" not in self.errors:
                self.add_error("not_seen_reason", "Say why the child was not seen")
        if typed.get("kind") == NoteKind.OVERSIGHT and not typed.get("agreed") and "agreed" not in self.errors:
            self.add_error("agreed", "Say what was agreed, or that nothing is to be done")
        return typed


class CorrectionForm(IdempotencyMixin, VersionedForm, CaseForm):
    text = LongTextField(
        label="What is to be read instead, or added",
        ask="Say what is to be read instead, or added",
        subject="The correction",
        rows=6,
    )
    reason = ReasonField(
        label="Why the note is corrected", ask="Say why the note is corrected", reader=WHO_READS, rows=3
    )
    submit = "Add the correction"


class NoteTellingForm(CaseForm):
    """`choices`: [(decision, words)] of what the reader can decide."""

    decision = ChoiceField(label="What do you decide?", ask="Choose what you decide")
    reason = ReasonField(
        label="Who asked for it, or who agreed, and why",
        ask="Give the reason: who asked for it, or who agreed",
        reader=WHO_READS,
    )
    submit = "Save the decision"

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = choices


class AsOfForm(CaseForm):
    """Asked by GET: a day is no secret, and what is read can be read again at its address."""

    # The kind to which the list is narrowed stays chosen.
    kind = forms.Field(required=False, widget=forms.HiddenInput)
    as_of = DateField(
        label="Read the notes as they stood at the end of a day",
        ask="Enter the day",
        subject="The day",
        not_future=True,
    )
    submit = "Show them"

    def _build_helper(self):
        helper = super()._build_helper()
        helper.form_method, helper.disable_csrf = "get", True
        return helper
