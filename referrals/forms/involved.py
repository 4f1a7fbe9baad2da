"""Who is involved in a concern, and what part they had in it (practice.md A7, A8, B8, B22)."""

from datetime import date

from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    IdempotencyMixin,
    LongTextField,
    OnceField,
    PartOfPostcodeField,
    PersonSearchForm,
    TextField,
    TickField,
)
from hsb.core.timescales import within
from referrals.forms.person import PersonFields
from referrals.selectors.person_details import is_taken
from referrals.states import BirthPrecision, InvolvementRole

CHILD, ADULT = "child", "adult"
ATTACH, SEPARATE = "attach", "separate"
R = InvolvementRole
CHILD_PARTS = (
    (R.DISPLAYED, "Displayed the behaviour"),
    (R.HARMED, "Was harmed"),
    (R.NOT_YET_KNOWN, "Was involved, role not yet known"),
    (R.POSSIBLE_RISK, "Other child at possible risk"),
    (R.WITNESS, "Saw or heard it"),
)
ADULT_PARTS = (
    (R.PERSON_OF_CONCERN, "Person of concern"),
    (R.ADULT_AFFECTED, "Was affected by it"),
)
PARTS_IN_WORDS = dict(CHILD_PARTS + ADULT_PARTS)
# "Not yet known" beside one of these would say two things at once.
KNOWN_PARTS = {R.DISPLAYED, R.HARMED}


def _parts_field(label, choices):
    return ChoicesField(
        label=label,
        choices=choices,
        help_text="Tick all that are true. A child can have displayed the behaviour and been harmed.",
        ask="Choose what part this child had in it, or 'role not yet known'",
    )


def _relationship_field():
    return TextField(
        label="Relationship to the others",
        required=False,
        help_text="Without names, because it may be read on its own: cousin, same class, neighbour",
    )


class HasParts(CaseForm):
    """Mixed into the forms that ask for the part somebody had in it."""

    # The questions that ask for parts; only the one that is shown has answers.
    part_fields = ("child_parts", "adult_parts")

    def parts(self):
        """The chosen parts, in the order of the page. Of a valid form."""
        return tuple(part for name in self.part_fields for part in self.cleaned_data.get(name) or ())

    def clean(self):
        answers = super().clean()
        for name in self.part_fields:
            chosen = set(answers.get(name) or ())
            if R.NOT_YET_KNOWN in chosen and chosen & KNOWN_PARTS:
                self.add_error(
                    name, "Choose either 'role not yet known', or what is known: displayed, was harmed or both"
                )
        return answers


class NewcomerForm(IdempotencyMixin, HasParts, PersonFields):
    """Somebody whom we do not know yet. `others` are numbers already given in this concern: {field: {value}}."""

    kind = ChoiceField(
        label="Is this a child or an adult?",
        choices=((CHILD, "Child"), (ADULT, "Adult")),
        initial=CHILD,
        ask="Choose whether this is a child or an adult",
    )
    child_parts = _parts_field("What part did this child have in it?", CHILD_PARTS)
    adult_parts = ChoicesField(
        label="What part did this adult have in it?",
        choices=ADULT_PARTS,
        ask="Choose what part this adult had in it",
    )
    relationship = _relationship_field()
    more = TickField(label="Add another name, numbers or an address", required=False)

    sections = (
        ("Name", ("given_name", "family_name")),
        ("Part in it", ("kind", "relationship")),
        ("Birth and sex", ("birth_precision", "sex")),
        ("School and responsibility", ("school", "responsible", "looked_after")),
        ("", ("more",)),
    )
    reveals = {
        ("kind", CHILD): ("child_parts",),
        ("kind", ADULT): ("adult_parts",),
        ("more", "on"): (
            "preferred_name",
            "nhs_number",
            "upn",
            "local_id",
            "address",
            "postcode",
            "address_confidential",
        ),
        **PersonFields.reveals,
    }
    submit = "Add to the concern"
    or_else = "or choose the other answer to 'Is this a child or an adult?'"

    def __init__(self, *args, others=None, **kwargs):
        self.others = others or {}
        super().__init__(*args, **kwargs)

    def is_of_adult(self):
        return self.cleaned_data.get("kind") == ADULT

    def clean(self):
        answers = super().clean()
        for name, words_for_it in (
            ("nhs_number", "NHS number"),
            ("upn", "UPN"),
            ("local_id", "number in the main case system"),
        ):
            number = answers.get(name)
            if number and number in self.others.get(name, ()):
                self.add_error(name, f"You gave this {words_for_it} to somebody else in this concern. Check both")
            elif number and is_taken(name, number):
                self.add_error(
                    name,
                    f"Somebody whom we know already has this {words_for_it}. Search for it, and add them from there",
                )
        return answers

    def details(self):
        return {**super().details(), "is_adult": self.is_of_adult()}


class KnownForm(HasParts):
    """The part that somebody on the books had in it; and whether the concern joins their open referral.

    `choices` are the parts to choose from; `has_open` whether to ask about a referral that is open.
    """

    part_fields = ("known_parts",)
    known_parts = _parts_field("What part did they have in it?", CHILD_PARTS + ADULT_PARTS)
    relationship = _relationship_field()
    joins = ChoiceField(
        label="Where does this concern belong?",
        choices=((ATTACH, "To the referral that is open"), (SEPARATE, "To a separate referral")),
        initial=ATTACH,
        ask="Choose where this concern belongs",
    )
    separate_because = LongTextField(
        label="Why a separate referral",
        ask="Say why this child needs a second referral though one is open",
        help_text="This is kept on the record. It will be read by the manager who decides.",
        max_length=2000,
        rows=3,
    )
    reveals = {("joins", SEPARATE): ("separate_because",)}
    choice_hints = {
        ("joins", ATTACH): within("Whoever has the child looks at the new concern {soon}", "new_concern"),
        ("joins", SEPARATE): "Only where the two must be kept apart",
    }
    submit = "Save and continue"

    def __init__(self, *args, choices=CHILD_PARTS, has_open=False, **kwargs):
        super().__init__(*args, **kwargs)
        asked = self.fields["known_parts"]
        asked.choices = choices
        if choices == ADULT_PARTS:
            asked.help_text = "Tick all that are true."
        if not has_open:
            del self.fields["joins"], self.fields["separate_because"]
            self.reveals = {}

    def attach(self):
        """Whether the concern joins an open referral, if there is one. Of a valid form."""
        return self.cleaned_data.get("joins") != SEPARATE


class SearchForm(PersonSearchForm):
    """Looks for somebody we may know. `key` is the draft's own: a double click starts one concern."""

    key = OnceField()
    words = TextField(label="Name", help_text="As much of it as you know", autocomplete="off")
    born_on = DateField(label="Date of birth", help_text="For example, 27 3 2013")
    number = TextField(label="Or an NHS number, UPN or case number", width=20, subject="The number", autocomplete="off")
    postcode = PartOfPostcodeField(
        label="Postcode", width=10, help_text="All of it, or its first part, like AA3", autocomplete="off"
    )
    submit = "Search"

    def __init__(self, *args, beside=False, **kwargs):
        """`beside`: going on is the page's main button, and searching once more stands beside it."""
        super().__init__(*args, **kwargs)
        if beside:
            self.helper.inputs[0].field_classes = "secondary"

    def _clean_fields(self):
        # Asked together: each is shown as a question to answer, and one answer is enough.
        asked = [self.fields[name] for name in ("words", "born_on", "number", "postcode")]
        for field in asked:
            field.required = False
        super()._clean_fields()
        for field in asked:
            field.required = True


def search_initial(terms):
    """What was searched for, as initial values of SearchForm: to put a slip right."""
    born_on = terms.get("born_on")
    return {**terms, "born_on": date.fromisoformat(born_on) if born_on else None}


class PickForm(CaseForm):
    """One of the results: the sealed word that stands for somebody, or that it is the masked one."""

    pick = TextField(required=False, max_length=500)
    masked = TickField(required=False)


def newcomer_initial(terms):
    """What was searched for is not asked again: the typed name and date of birth, as initial values."""
    given, _, family = terms.get("words", "").strip().partition(" ")
    initial = {"given_name": given, "family_name": family.strip()}
    if terms.get("born_on"):
        initial |= {
            "birth_precision": BirthPrecision.KNOWN,
            "born_known": date.fromisoformat(terms["born_on"]),
        }
    return initial


def parts_for(person=None):
    """The parts somebody can choose from: a child's, an adult's, or all where we may not say which it is."""
    if person is None:
        return CHILD_PARTS + ADULT_PARTS
    return ADULT_PARTS if person.is_adult else CHILD_PARTS
