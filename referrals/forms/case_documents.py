"""A document that somebody brings, and what becomes of it."""

from hsb.core import uploads
from hsb.core.forms import (
    CaseForm,
    DateField,
    FileField,
    IdempotencyMixin,
    ReasonField,
    SelectField,
    TextField,
    TickField,
)
from referrals.states import DocumentKind


class AddDocumentForm(IdempotencyMixin, CaseForm):
    file = FileField(label="File", ask="Choose the file")
    kind = SelectField(label="What is it?", ask="Choose what it is", choices=DocumentKind.choices)
    title = TextField(
        label="Title",
        ask="Enter a title",
        help_text="As it stands in the list, for example School report of the autumn term. No detail of what happened",
    )
    dated_on = DateField(
        label="Date of the document",
        required=False,
        not_future=True,
        help_text="The date it bears. For example, 23 11 2026. Leave it empty if it has none",
    )
    came_from = TextField(
        label="Where it came from",
        ask="Say where it came from",
        help_text="A person and their service, or how it was found",
    )
    do_not_disclose = TickField(label="Do not disclose to the child or the family yet", required=False)
    submit = "Add the document"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = uploads.limits_in_words()


class TakeOutForm(CaseForm):
    reason = ReasonField(
        label="Why does it not belong here?",
        ask="Say why it does not belong here",
        reader="whoever may open this record. Name no other child",
    )
    submit = "Take it out"


class LetDiscloseForm(CaseForm):
    reason = ReasonField(
        label="Who agreed, and why", ask="Say who agreed, and why", reader="whoever may open this record"
    )
    submit = "It can be disclosed"


class HoldBackForm(CaseForm):
    reason = ReasonField(
        label="Who asked for it, and why", ask="Say who asked for it, and why", reader="whoever may open this record"
    )
    submit = "Do not disclose it yet"
