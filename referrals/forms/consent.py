"""An answer about consent of a child, by whom, how, in whose words; and what stands of it where something is shared."""

from django import forms

from hsb.core import clock
from hsb.core.forms import CaseForm, ChoiceField, DateField, IdempotencyMixin, LongTextField, ReasonField, TextField
from referrals.selectors.consent import RESPONSIBLE
from referrals.states import (
    AnsweredHow,
    Basis,
    ConsentBy,
    ConsentPurpose,
    ConsentSaid,
    HelpDecision,
    NotAskedBecause,
)

NAMED = "named"
ASKED = "asked"
# The field in which it is said which council, which service, what else.
WORDS_OF = {
    ConsentPurpose.COUNCIL: "which_council",
    ConsentPurpose.VOLUNTARY: "which_service",
    ConsentPurpose.OTHER: "what_else",
}
ANSWERS = [choice for choice in ConsentSaid.choices if choice[0] != ConsentSaid.NOT_ASKED]


class ConsentForm(IdempotencyMixin, CaseForm):
    """`carers`: [selectors.family.Seen] among whom a parent or carer is chosen."""

    purpose = ChoiceField(label="What is it about?", ask="Choose what it is about", choices=ConsentPurpose.choices)
    which_council = TextField(label="Which council", ask="Enter which council")
    which_service = TextField(label="Which voluntary service", ask="Enter which voluntary service")
    what_else = TextField(label="What else", ask="Enter what else it is about")
    whose = ChoiceField(
        label="Whose answer is it?",
        ask="Choose whose answer it is",
        help_text="The child's and a parent's are two answers: record each by itself.",
    )
    answerer_name = TextField(label="Their name, and what they are to the child", ask="Enter their name")
    asked = ChoiceField(
        label="Were they asked?",
        ask="Choose whether they were asked",
        choices=((ASKED, "Yes"), (ConsentSaid.NOT_ASKED, "No")),
    )
    answer = ChoiceField(label="What did they answer?", ask="Choose what they answered", choices=ANSWERS)
    holds_until = DateField(
        label="Until when does it hold, or on which day is it asked again?",
        subject="The day until which it holds",
        required=False,
    )
    how = ChoiceField(label="How did they answer?", ask="Choose how they answered", choices=AnsweredHow.choices)
    told = LongTextField(
        label="What they were told",
        ask="Say what they were told",
        help_text="For example what is shared, with whom, for how long, and what happens if they say no.",
        rows=4,
    )
    own_words = LongTextField(
        label="What they said, in their own words", ask="Say what they said, in their own words", rows=4
    )
    not_asked_because = ChoiceField(
        label="Why were they not asked?", ask="Choose why they were not asked", choices=NotAskedBecause.choices
    )
    not_asked_words = LongTextField(label="Which other reason", ask="Say which other reason there was", rows=2)
    happened_on = DateField(
        label="On which day?",
        ask="Enter the day",
        subject="The day",
        not_future=True,
        initial=clock.today,
        help_text="The day of the answer, or the day on which it was decided not to ask.",
    )

    reveals = {
        **{("purpose", purpose): (name,) for purpose, name in WORDS_OF.items()},
        ("whose", NAMED): ("answerer_name",),
        ("asked", ASKED): ("answer", "how", "told", "own_words"),
        ("asked", ConsentSaid.NOT_ASKED): ("not_asked_because",),
        ("answer", ConsentSaid.AGREED): ("holds_until",),
        ("not_asked_because", NotAskedBecause.OTHER): ("not_asked_words",),
    }
    sections = (("What, and whose answer", ("purpose", "whose")), ("The answer", ("asked", "happened_on")))
    submit = "Record this answer"

    def __init__(self, *args, carers, **kwargs):
        super().__init__(*args, **kwargs)
        self.relationships = {str(each.row.once): each.row for each in carers}
        self.fields["whose"].choices = [
            (ConsentBy.CHILD, ConsentBy.CHILD.label),
            *((str(each.row.once), f"{each.name} ({each.relation})") for each in carers),
            (NAMED, "Somebody else with parental responsibility"),
        ]
        self.choice_hints = {
            ("whose", str(each.row.once)): RESPONSIBLE[each.row.parental_responsibility].capitalize() for each in carers
        }

    def clean(self):
        typed = super().clean() or self.cleaned_data
        given, until = typed.get("happened_on"), typed.get("holds_until")
        if given and until and until < given:
            self.add_error("holds_until", "The day until which it holds must be on or after the day of the answer")
        return typed

    def answers(self):
        """As the service takes them. Of a valid form."""
        typed = self.cleaned_data
        child = typed["whose"] == ConsentBy.CHILD
        words_in = WORDS_OF.get(typed["purpose"])
        asked = typed["asked"] == ASKED
        return {
            "once": typed["once"],
            "purpose": typed["purpose"],
            "purpose_words": typed[words_in] if words_in else "",
            "answered_by": ConsentBy.CHILD if child else ConsentBy.PARENT,
            "relationship": self.relationships.get(typed["whose"]),
            "answerer_name": typed["answerer_name"] or "",
            "answer": typed["answer"] if asked else ConsentSaid.NOT_ASKED,
            "happened_on": typed["happened_on"],
            "holds_until": typed["holds_until"],
            **{name: typed[name] or "" for name in ("how", "told", "own_words")},
            **{name: typed[name] or "" for name in ("not_asked_because", "not_asked_words")},
        }


def typed_of(row):
    """What the form of that row would hold: for recording it anew."""
    whose = str(row.relationship.once) if row.relationship_id else NAMED
    words_in = WORDS_OF.get(row.purpose)
    same = ("purpose", "answerer_name", "how", "told", "own_words", "happened_on", "holds_until")
    return {name: getattr(row, name) for name in (*same, "not_asked_because", "not_asked_words")} | {
        "whose": ConsentBy.CHILD if row.answered_by == ConsentBy.CHILD else whose,
        "asked": ConsentSaid.NOT_ASKED if row.answer == ConsentSaid.NOT_ASKED else ASKED,
        "answer": "" if row.answer == ConsentSaid.NOT_ASKED else row.answer,
        **({words_in: row.purpose_words} if words_in else {}),
    }


class ReplaceConsentForm(ConsentForm):
    reason = LongTextField(
        label="Why the answer is recorded anew",
        ask="Say why the answer is recorded anew",
        rows=3,
        help_text="Only where it was recorded wrongly. Somebody who thinks again gives a new answer.",
    )
    sections = (*ConsentForm.sections, ("Recorded anew", ("reason",)))

    def answers(self):
        return super().answers() | {"reason": self.cleaned_data["reason"]}


class OnABasis(forms.Form):
    """Mixed into a form with a `basis` (Basis): what stands of consent is shown with it, and “with consent” is refused
    beside it where it does not stand (B21). `consent` is a selectors.consent.Beside; override `why_not(typed)`."""

    def __init__(self, *args, consent, **kwargs):
        super().__init__(*args, **kwargs)
        self.consent_beside = consent
        self.choice_hints = {**self.choice_hints, ("basis", Basis.CONSENT): consent.hint}

    def why_not(self, typed):
        """Why it cannot be “with consent”, or ""."""
        raise NotImplementedError

    def clean(self):
        typed = super().clean() or self.cleaned_data
        if typed.get("basis") == Basis.CONSENT and (why := self.why_not(typed)):
            self.add_error("basis", why)
        return typed


class DecideHelpForm(CaseForm):
    decision = ChoiceField(label="What do you decide?", ask="Choose what you decide", choices=HelpDecision.choices)
    reason = ReasonField(
        label="Why, and what the risk is without this help",
        ask="Say why, and what the risk is without it",
        reader="whoever has this child, their managers and auditors",
    )
    choice_hints = {
        ("decision", HelpDecision.GOES_ON): "For example with whoever does agree.",
        ("decision", HelpDecision.STEP_UP): "A step of its own: you are led to it next.",
        ("decision", HelpDecision.CLOSE): "A step of its own: the case says what must be done before it.",
    }
    submit = "Save the decision"
