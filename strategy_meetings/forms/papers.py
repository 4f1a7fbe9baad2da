"""Which document of a meeting is made, and for whom."""

from hsb.core import clock
from hsb.core.forms import CaseForm, ChoiceField, DateField, IdempotencyMixin, LongTextField, ReasonField, TextField
from strategy_meetings.states import PaperKind, SentHow

ASKED_OF_A_LETTER = {"contact": "Enter whom the family can call", "greeting": "Enter how the letter begins"}
# Asked of no other document.
FOR_A_LETTER = {"required": False, "needed_before": "a letter is made"}


class PaperForm(IdempotencyMixin, CaseForm):
    """`children`: [(number, name)]; `confirmed`: whether the chair has confirmed the minutes.

    `families`: by the child's number, what the meeting agreed about telling the family.
    """

    which = ChoiceField(label="Which document", ask="Choose the document")
    recipient = TextField(
        label="For whom",
        ask="Enter for whom it is",
        help_text="The agency and the person, or the family. It stands on every page.",
    )
    greeting = TextField(
        label="For a letter: how it begins",
        help_text="For example: Dear Mr and Mrs Sample",
        **FOR_A_LETTER,
    )
    own_words = LongTextField(
        label="For a letter: what happens next, in words for this family",
        help_text="Without them the actions stand there as the meeting wrote them, in its own words.",
        required=False,
        rows=5,
    )
    contact = LongTextField(
        label="For a letter: whom the family can call",
        help_text="A name, a telephone number, and when somebody answers.",
        **FOR_A_LETTER,
        rows=2,
    )
    submit = "Make the document"

    def __init__(self, *args, children, confirmed, families, **kwargs):
        super().__init__(*args, **kwargs)
        self.choice_hints = {("which", f"{PaperKind.LETTER}-{number}"): said for number, said in families.items()}
        choices = [(PaperKind.FULL, "The full record, with every child's part")] if confirmed else []
        for number, name in children:
            if confirmed:
                choices.append((f"{PaperKind.COPY}-{number}", f"A copy for one agency, about {name} alone"))
            choices.append((f"{PaperKind.LETTER}-{number}", f"A letter to the family of {name}"))
        self.fields["which"].choices = choices

    def clean(self):
        typed = super().clean()
        if (typed.get("which") or "").startswith(PaperKind.LETTER):
            for name, ask in ASKED_OF_A_LETTER.items():
                if not typed.get(name):
                    self.add_error(name, ask)
        return typed

    def chosen(self):
        """(kind, the child's number or None)."""
        kind, _, number = self.cleaned_data["which"].partition("-")
        return kind, int(number) if number else None


OUT, NOT_SENT = "out", "not_sent"


class PaperFateForm(CaseForm):
    """`to_family`: it is a family's letter, which no e-mail carries; `consent`: what stands of the child's consent."""

    decision = ChoiceField(
        label="What became of it?",
        ask="Choose what became of it",
        choices=((OUT, "It went out"), (NOT_SENT, "It does not go out")),
    )
    how = ChoiceField(label="How did it go out?", ask="Choose how it went out")
    consent = TextField(
        label="Consent",
        required=False,
        help_text="Who was asked and what they said, or why nobody was asked. Honour what is known of safe contact.",
    )
    reason = ReasonField(
        label="Why it does not go out",
        ask="Give the reason why it does not go out",
        reader="whoever may open this document, and auditors",
    )
    on = DateField(label="On which day?", ask="Enter the day", subject="The day", not_future=True, initial=clock.today)
    submit = "Save"
    reveals = {("decision", OUT): ("how", "consent"), ("decision", NOT_SENT): ("reason",)}

    def __init__(self, *args, to_family, consent=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["consent"].help_text = " ".join([self.fields["consent"].help_text, *consent])
        ways = [choice for choice in SentHow.choices if not (to_family and choice[0] == SentHow.SECURE)]
        self.fields["how"].choices = ways
