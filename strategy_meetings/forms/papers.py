"""Which document of a meeting is made, and for whom."""

from hsb.core.forms import CaseForm, ChoiceField, IdempotencyMixin, LongTextField, TextField
from strategy_meetings.states import PaperKind


class PaperForm(IdempotencyMixin, CaseForm):
    """`children`: [(number, name)]; `confirmed`: whether the chair has confirmed the minutes."""

    which = ChoiceField(label="Which document", ask="Choose the document")
    recipient = TextField(
        label="For whom",
        ask="Enter for whom it is",
        help_text="The agency and the person, or the family. It stands on every page.",
    )
    contact = LongTextField(
        label="For a letter: whom the family can call",
        help_text="A name, a telephone number, and when somebody answers.",
        required=False,
        rows=2,
    )
    submit = "Make the document"

    def __init__(self, *args, children, confirmed, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(PaperKind.FULL, "The full record, with every child's part")] if confirmed else []
        for number, name in children:
            if confirmed:
                choices.append((f"{PaperKind.COPY}-{number}", f"A copy for one agency, about {name} alone"))
            choices.append((f"{PaperKind.LETTER}-{number}", f"A letter to the family of {name}"))
        self.fields["which"].choices = choices

    def clean(self):
        typed = super().clean()
        if (typed.get("which") or "").startswith(PaperKind.LETTER) and not typed.get("contact"):
            self.add_error("contact", "Enter whom the family can call")
        return typed

    def chosen(self):
        """(kind, the child's number or None)."""
        kind, _, number = self.cleaned_data["which"].partition("-")
        return kind, int(number) if number else None
