"""What was shared with somebody, or decided not to be; and whether the family is told of a paper."""

from hsb.core import clock
from hsb.core.forms import CaseForm, ChoiceField, DateField, IdempotencyMixin, LongTextField, ReasonField, TextField
from referrals.forms.consent import OnABasis
from referrals.states import (
    PURPOSE_OF_RECIPIENT,
    RECORDED_RECIPIENTS,
    ConsentAsked,
    NotSharedBecause,
    SharingBasis,
)

SHARED, NOT_SHARED = "shared", "not_shared"
WHO_READS = "whoever may open this record"
NOBODY_AGREED = "With consent it is shared only where somebody was asked, and agreed"


class SharingForm(IdempotencyMixin, OnABasis, CaseForm):
    """`consent`: a selectors.consent.Beside."""

    decision = ChoiceField(
        label="Was it shared?",
        ask="Choose whether it was shared",
        choices=((SHARED, "It was shared"), (NOT_SHARED, "It was decided not to share it")),
    )
    recipient = ChoiceField(
        label="With whom?",
        ask="Choose with whom",
        choices=[(each.value, each.label) for each in RECORDED_RECIPIENTS],
    )
    to_whom = TextField(
        label="Who exactly",
        ask="Enter who exactly",
        help_text="Their name or role, and their service. For example: the safeguarding lead of the school",
    )
    what = LongTextField(
        label="What it is",
        ask="Say what it is",
        help_text="What they were told or given, or what is kept from them. Only what concerns this child.",
        rows=4,
    )
    why = ReasonField(label="Why it was shared", ask="Say why it was shared", reader=WHO_READS, rows=3)
    basis = ChoiceField(label="On what lawful basis?", ask="Choose the lawful basis", choices=SharingBasis.choices)
    asked = ChoiceField(
        label="Was somebody asked for consent?",
        ask="Choose whether somebody was asked for consent",
        choices=ConsentAsked.choices,
        help_text="The child, or a parent or carer with parental responsibility.",
    )
    agreed_answer = ChoiceField(
        label="On which answer does it rest?",
        required=False,
        asked_when="Answer this, but not for a school or a health service: these have answers of their own.",
    )
    refused_words = LongTextField(
        label="Who refused, and what they said", ask="Say who refused, and what they said", rows=2
    )
    not_asked_words = LongTextField(label="Why nobody was asked", ask="Say why nobody was asked", rows=2)
    because = ChoiceField(
        label="Why is it not shared?", ask="Choose why it is not shared", choices=NotSharedBecause.choices
    )
    why_not_shared = ReasonField(
        label="What was weighed, and who decided it",
        ask="Say what was weighed, and who decided it",
        reader=WHO_READS,
        rows=4,
    )
    happened_on = DateField(
        label="On which day?",
        ask="Enter the day",
        subject="The day",
        not_future=True,
        initial=clock.today,
        help_text="The day on which it was shared, or on which it was decided not to share it.",
    )

    reveals = {
        ("decision", SHARED): ("why", "basis", "asked"),
        ("decision", NOT_SHARED): ("because", "why_not_shared"),
        ("asked", ConsentAsked.GIVEN): ("agreed_answer",),
        ("asked", ConsentAsked.REFUSED): ("refused_words",),
        ("asked", ConsentAsked.NOT_ASKED): ("not_asked_words",),
    }
    sections = (
        ("With whom, and what", ("recipient", "to_whom", "what")),
        ("What was decided", ("decision", "happened_on")),
    )
    choice_hints = {
        (
            "because",
            NotSharedBecause.DETRIMENT,
        ): "The exception to the duty to share: say below how",
        ("basis", SharingBasis.PUBLIC_TASK): "What child protection and support of a child in need usually rest on",
    }
    submit = "Record it"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agreed_answer"].choices = self.consent_beside.agreed
        if not self.consent_beside.agreed:
            del self.fields["agreed_answer"]

    def why_not(self, typed):
        """Why it is not shared "with consent", or ""."""
        asked = typed.get("asked")
        return NOBODY_AGREED if asked and asked != ConsentAsked.GIVEN else self.nobody_agreed(typed)

    def nobody_agreed(self, typed):
        """Why no agreement stands for it, or ""."""
        purpose = PURPOSE_OF_RECIPIENT.get(typed.get("recipient"))
        if purpose is not None:
            return self.consent_beside.refusals[purpose]
        return self.consent_beside.refusal_of(typed.get("agreed_answer"))

    def clean(self):
        typed = super().clean()
        # On another basis too nobody is said to have agreed who did not.
        on_another = typed.get("basis") not in (None, "", SharingBasis.CONSENT)
        if on_another and typed.get("asked") == ConsentAsked.GIVEN and (why := self.nobody_agreed(typed)):
            self.add_error("asked", why)
        return typed

    def answers(self):
        """As the service takes them. Of a valid form."""
        typed = self.cleaned_data
        shared = typed["decision"] == SHARED
        said_of = {ConsentAsked.REFUSED: "refused_words", ConsentAsked.NOT_ASKED: "not_asked_words"}
        said = said_of.get(typed.get("asked")) if shared else None
        number = typed.get("agreed_answer")
        return {
            **{name: typed[name] for name in ("once", "recipient", "to_whom", "what", "happened_on")},
            "shared": shared,
            "why": typed["why"] if shared else typed["why_not_shared"],
            "basis": typed["basis"] if shared else typed["because"],
            "asked": typed["asked"] if shared else "",
            "consent": typed[said] if said else "",
            "agreed_answer": int(number) if shared and number else None,
        }
