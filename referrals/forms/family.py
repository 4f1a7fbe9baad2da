"""Who is what to a child: who it is, what they are, and how it ends."""

from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    DateField,
    IdempotencyMixin,
    LongTextField,
    ReasonField,
    SelectField,
    TextField,
    VersionedForm,
)
from referrals import kinships
from referrals.forms.person import PersonFields
from referrals.kinships import CAN_HAVE_RESPONSIBILITY, IN_ONE_HOME, NEEDS_WORDS, SIDES, DayKnown, Together
from referrals.states import Sex, YesNoUnknown

NEW = "new"
CHILD, ADULT = "child", "adult"
ENDED, MISTAKE = "ended", "mistake"
READERS = "whoever may open this child's record"
LONGEST_NOTE = 1000
NEWCOMER = ("given_name", "family_name", "age_group", "birth_precision", "sex")


class RelationshipFields(CaseForm):
    """What is said of a relationship, beside who it is; `code`, what they are, is asked where it is new."""

    words = TextField(
        label="In other words",
        required=False,
        max_length=100,
        subject="The other words",
        help_text="Needed for “Other family” and “Other”: great-aunt, godparent. Without names",
    )
    starts_known = ChoiceField(
        label="Since when is it so?",
        choices=DayKnown.choices,
        initial=DayKnown.UNKNOWN,
        ask="Choose whether the day it began is known",
    )
    starts_on = DateField(
        label="The day it began", ask="Enter the day it began, or choose “Not known”", not_future=True
    )
    starts_about = DateField(
        label="About which day it began",
        ask="Enter about which day it began, or choose “Not known”",
        help_text="Where only the month is known, use the 15th",
        not_future=True,
    )
    parental_responsibility = ChoiceField(
        label="Parental responsibility",
        choices=YesNoUnknown.choices,
        required=False,
        asked_when="Answer this for a parent, a carer or another adult of the family.",
    )
    lives_together = ChoiceField(
        label="Do they live in one home?",
        choices=Together.choices,
        initial=Together.UNKNOWN,
        ask="Choose whether they live in one home",
    )
    together_from = DateField(label="In one home since", required=False, not_future=True)
    together_until = DateField(
        label="In one home until",
        required=False,
        not_future=True,
        help_text="Only where they do not live together any more. Say “Yes” or “Part of the time” above",
    )
    safe_contact = LongTextField(
        label="Safe contact",
        required=False,
        rows=3,
        max_length=LONGEST_NOTE,
        help_text="How and when this person may be contacted, and how never. This is kept on the record. It will be "
        f"read by {READERS}.",
    )
    reveals = {
        ("starts_known", DayKnown.KNOWN): ("starts_on",),
        ("starts_known", DayKnown.ESTIMATED): ("starts_about",),
    }
    sections = (
        ("What they are", ("code", "words", "starts_known", "parental_responsibility")),
        ("Home", ("lives_together", "together_from", "together_until")),
        ("Contact", ("safe_contact",)),
    )

    def kind(self):
        """The Kind of the row, or None where nothing was chosen. Of a form that is being cleaned."""
        side = SIDES.get(self.cleaned_data.get("code"))
        return side.kind if side else None

    def clean(self):
        answers = super().clean()
        kind = self.kind()
        if kind in NEEDS_WORDS and not answers.get("words") and "words" not in self.errors:
            self.add_error("words", "Say what the relationship is, in a few words")
        if kind in CAN_HAVE_RESPONSIBILITY and not answers.get("parental_responsibility"):
            self.add_error("parental_responsibility", "Choose yes, no, or “Not known”")
        since, until = answers.get("together_from"), answers.get("together_until")
        if (since or until) and answers.get("lives_together") not in IN_ONE_HOME:
            self.add_error("lives_together", "Choose “Yes” or “Part of the time”, or leave the days of the home empty")
        elif since and until and until < since:
            self.add_error("together_until", "The day until which they lived in one home is before the first one")
        return answers

    def details(self):
        """What services.relating takes (DETAILS). Of a valid form."""
        typed = self.cleaned_data
        names = ("words", "starts_known", "parental_responsibility", "lives_together", "together_from")
        return {
            **{name: typed.get(name) for name in (*names, "together_until", "safe_contact")},
            "starts_on": typed["starts_on"] or typed["starts_about"],
        }


class RelateForm(IdempotencyMixin, RelationshipFields, PersonFields):
    """Who is what to the child. `people`: [(key, name, hint)] of whom the reader can choose; or somebody new."""

    who = ChoiceField(label="Who is it?", ask="Choose who it is")
    age_group = ChoiceField(
        label="Is this a child or an adult?",
        choices=((ADULT, "Adult"), (CHILD, "Child")),
        ask="Choose whether this is a child or an adult",
    )
    code = SelectField(
        label="What they are to the child",
        choices=kinships.choices,
        ask="Choose what they are to the child",
        help_text="“Child” and the like are for where this child is the parent or the carer",
    )
    # Of somebody who is only named here no more is asked: their own record says it, where they have one.
    school = other_authority = looked_after = nhs_number = upn = local_id = None
    preferred_name = address = postcode = address_confidential = None

    sections = (("Who it is", ("who",)), *RelationshipFields.sections)
    reveals = {("who", NEW): NEWCOMER, **PersonFields.reveals, **RelationshipFields.reveals}
    or_else = "or choose the other answer to 'Is this a child or an adult?'"
    submit = "Save the relationship"

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [*((key, name) for key, name, _ in people), (NEW, "Somebody we do not know yet")]
        self.choice_hints = {**self.choice_hints, **{("who", key): hint for key, _, hint in people}}

    def is_of_adult(self):
        return self.cleaned_data.get("age_group") == ADULT

    def newcomer(self):
        """Fields of Person for somebody new, None for one who was chosen. Of a valid form."""
        typed = self.cleaned_data
        if typed["who"] != NEW:
            return None
        return {
            "given_name": typed["given_name"],
            "family_name": typed["family_name"],
            "is_adult": self.is_of_adult(),
            "born_on": typed["born_on"],
            "birth_precision": typed["birth_precision"],
            "sex": typed["sex"] or Sex.U,
        }


class ChangeRelationshipForm(VersionedForm, RelationshipFields):
    """What is said of a relationship on record. `kind` is its own: it is never changed into another one."""

    submit = "Save the changes"

    def __init__(self, *args, kind, **kwargs):
        self.own_kind = kind
        super().__init__(*args, **kwargs)
        if kind not in CAN_HAVE_RESPONSIBILITY:
            del self.fields["parental_responsibility"]

    def kind(self):
        return self.own_kind


class EndRelationshipForm(VersionedForm, CaseForm):
    became = ChoiceField(
        label="What is to be recorded?",
        choices=((ENDED, "It has ended"), (MISTAKE, "It was recorded by mistake")),
        ask="Choose whether it has ended, or was recorded by mistake",
    )
    ends_known = ChoiceField(
        label="When did it end?", choices=DayKnown.choices, ask="Choose whether the day it ended is known"
    )
    ends_on = DateField(label="The day it ended", ask="Enter the day it ended, or choose “Not known”", not_future=True)
    ends_about = DateField(
        label="About which day it ended",
        ask="Enter about which day it ended, or choose “Not known”",
        help_text="Where only the month is known, use the 15th",
        not_future=True,
    )
    reason = ReasonField(reader=READERS, max_length=LONGEST_NOTE)
    reveals = {
        ("became", ENDED): ("ends_known",),
        ("ends_known", DayKnown.KNOWN): ("ends_on",),
        ("ends_known", DayKnown.ESTIMATED): ("ends_about",),
    }
    choice_hints = {
        ("became", MISTAKE): "It stays on the record as that. Record the right one afterwards.",
    }
    submit = "Save"

    def __init__(self, *args, starts_on=None, **kwargs):
        self.starts_on = starts_on
        super().__init__(*args, **kwargs)

    def clean(self):
        answers = super().clean()
        for name in ("ends_on", "ends_about"):
            if answers.get(name) and self.starts_on and answers[name] < self.starts_on:
                self.add_error(name, "The day it ended is before the day it began")
        return answers

    def ended_on(self):
        """(how sure the day is, the day or None). Of a valid form that says that it has ended."""
        typed = self.cleaned_data
        return typed["ends_known"], typed["ends_on"] or typed["ends_about"]


def initial_of(values):
    """Details of a relationship (selectors.family.values_of) as initial values of RelationshipFields."""
    name = {DayKnown.KNOWN: "starts_on", DayKnown.ESTIMATED: "starts_about"}.get(values["starts_known"])
    return {**values, "starts_on": None} | ({name: values["starts_on"]} if name else {})
