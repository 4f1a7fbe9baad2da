"""The pages on which one group of a person's details is changed: identity, contact, education, health, status.

Each carries the version of the person and saves by itself. Not known is an answer on every one of them.
"""

from datetime import date

from hsb.core import clock, words
from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    LongTextField,
    PostcodeField,
    SelectField,
    TextField,
    TickField,
    UPNField,
    VersionedForm,
)
from referrals.codes import (
    ALONE,
    SEND,
    Absent,
    Disability,
    Ethnicity,
    Language,
    LegalStatus,
    Responsible,
    UPNUnknown,
    disabilities_in_words,
)
from referrals.forms.person import BORN, WhoFields, other_authority_field, responsible_field
from referrals.states import BirthPrecision, YesNoUnknown

KNOWN, NOT_ASKED = "known", "not_asked"
MOVED, CORRECTED = "moved", "corrected"


class GroupForm(VersionedForm, CaseForm):
    """One group of details. `names` are the fields of Person that its answers are, where they have the same name."""

    names = ()
    submit = "Save"

    @classmethod
    def initial_of(cls, person):
        """The person's details as they stand, as this form's answers."""
        return {name: getattr(person, name) or "" for name in cls.names}

    def details(self):
        """The answers as fields of Person: what the service takes. Of a valid form."""
        return {name: self.cleaned_data[name] for name in self.names}

    def moved(self):
        """What ended, and did not merely turn out wrong: "address", "school". Of a valid form."""
        return ()


class IdentityForm(VersionedForm, WhoFields):
    """Names, birth, sex, ethnicity and the numbers that belong to nobody else."""

    aliases = LongTextField(
        about_words=False,
        label="Other names the person is known by",
        required=False,
        max_length=500,
        rows=3,
        help_text="One on each line. They are found by the search, and hidden wherever the name is",
    )
    ethnicity = SelectField(label="Ethnicity", choices=Ethnicity.choices, ask="Choose an ethnicity, or 'Refused'")

    sections = (
        ("Name", ("given_name", "family_name", "preferred_name", "aliases")),
        ("Birth, sex and ethnicity", ("birth_precision", "sex", "ethnicity")),
        ("Numbers", ("nhs_number", "local_id")),
    )
    submit = "Save the details"

    def __init__(self, *args, adult=False, **kwargs):
        self.adult = adult
        super().__init__(*args, **kwargs)

    def is_of_adult(self):
        return self.adult

    def clean_aliases(self):
        return "\n".join(filter(None, map(str.strip, self.cleaned_data["aliases"].splitlines())))

    @classmethod
    def initial_of(cls, person):
        """As they stand. Of an estimated birth the age is shown, not the day that was made up from it: it stays as it
        is while nobody says another age."""
        estimated = person.birth_precision == BirthPrecision.ESTIMATED
        typed = (
            "given_name",
            "family_name",
            "preferred_name",
            "aliases",
            "ethnicity",
            "birth_precision",
            "sex",
            "local_id",
        )
        return {
            **{name: getattr(person, name) for name in typed},
            "nhs_number": person.nhs_number or "",
            "born_on": person.born_on,
            "about_how_old": words.age(person.born_on, clock.today()) if estimated else None,
            **(
                {BORN[person.birth_precision]: person.born_on}
                if person.birth_precision in BORN and not estimated
                else {}
            ),
        }

    def moved(self):
        return ()


def _if_known(label, ask, none):
    """Whether something is known: an empty box never says which. `none` is what there is then: "No school"."""
    return ChoiceField(
        label=label, choices=((KNOWN, "Yes"), (Absent.NONE, none), (Absent.UNKNOWN, "Not known")), ask=ask
    )


def _since(label):
    return DateField(
        label=label,
        required=False,
        not_future=True,
        help_text="Leave empty when the day is not known",
    )


def _ended_or_wrong(label, moved):
    return ChoiceField(
        label=label,
        choices=((MOVED, moved), (CORRECTED, "No, what was recorded was wrong")),
        required=False,
        help_text="Asked when it differs from what is on record. Both are kept",
    )


def _answer(person, name):
    return KNOWN if getattr(person, name) else getattr(person, f"{name}_absent")


class HasPast(GroupForm):
    """A group with something that ends: what stood before is kept with its days, and a correction is told apart."""

    # What ends, and the answers that say what it is.
    ends, told_by = "", ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self._stood() and f"{self.ends}_change" in self.fields:
            del self.fields[f"{self.ends}_change"]

    def _stood(self):
        return any(self.initial.get(name) for name in self.told_by)

    def clean(self):
        answers = super().clean()
        change = f"{self.ends}_change"
        if change not in self.fields or self.errors:
            return answers
        differs = any((answers.get(name) or "") != (self.initial.get(name) or "") for name in self.told_by)
        if differs and not answers.get(change):
            self.add_error(change, f"Choose whether the {self.ends} changed, or what was recorded was wrong")
        since, began = answers.get(f"{self.ends}_from"), self.initial.get(f"{self.ends}_from")
        if differs and answers.get(change) == MOVED and since and began and since <= began:
            self.add_error(
                f"{self.ends}_from",
                f"The day must be after {words.day(began)}, when the {self.ends} on record began. "
                "Leave it empty when it is not known",
            )
        return answers

    def moved(self):
        if self.cleaned_data.get(f"{self.ends}_change") != MOVED:
            return ()
        differs = any((self.cleaned_data[name] or "") != (self.initial.get(name) or "") for name in self.told_by)
        return (self.ends,) if differs else ()


class ContactForm(HasPast):
    """Where the person lives, and the language. Without the address for who may not read a confidential one."""

    address_known = _if_known("Do you know the address?", "Choose whether you know the address", "No fixed address")
    address = TextField(label="Address", max_length=300, ask="Enter the address", autocomplete="off")
    postcode = PostcodeField(required=False, autocomplete="off")
    address_confidential = TickField(
        label="The address is confidential: only the worker and the managers of this child read it", required=False
    )
    address_change = _ended_or_wrong("Did the person move?", "Yes, the person moved")
    address_from = _since("Since which day?")
    first_language = ChoiceField(
        label="First language", choices=Language.choices, ask="Choose the first language, or 'Not known'"
    )
    language_name = TextField(label="Which language", max_length=60, ask="Enter the language")
    interpreter = ChoiceField(
        label="Is an interpreter needed?",
        choices=YesNoUnknown.choices,
        ask="Choose whether an interpreter is needed, or 'Not known'",
    )

    sections = (
        (
            "Address",
            ("address_known", "address_change", "address_from"),
            "A confidential address is in no document. Only to the form to the police can it be added, with a reason.",
        ),
        ("Language", ("first_language", "interpreter")),
    )
    reveals = {
        ("address_known", KNOWN): ("address", "postcode", "address_confidential"),
        ("first_language", Language.OTHER): ("language_name",),
    }
    ends, told_by = "address", ("address", "postcode")
    ADDRESS = ("address_known", "address", "postcode", "address_confidential", "address_change", "address_from")

    def __init__(self, *args, with_address=True, **kwargs):
        self.with_address = with_address
        super().__init__(*args, **kwargs)
        if not with_address:
            for name in self.ADDRESS:
                self.fields.pop(name, None)
            self.reveals = {key: names for key, names in self.reveals.items() if key[0] in self.fields}
            self.sections = self.sections[1:]

    @classmethod
    def initial_of(cls, person):
        names = ("address", "postcode", "address_confidential", "address_from")
        return {
            **{name: getattr(person, name) for name in (*names, "first_language", "language_name", "interpreter")},
            "address_known": _answer(person, "address") if not person.postcode else KNOWN,
        }

    def details(self):
        answers = self.cleaned_data
        said = {name: answers[name] or "" for name in ("first_language", "language_name", "interpreter")}
        if not self.with_address:
            return said
        known = answers["address_known"]
        return said | {
            "address": answers["address"] or "",
            "postcode": answers["postcode"] or "",
            "address_confidential": bool(answers["address_confidential"]),
            "address_from": answers["address_from"],
            "address_absent": Absent.UNKNOWN if known == KNOWN else known,
        }


class EducationForm(HasPast):
    """School, pupil number, special educational needs."""

    school_known = _if_known(
        "Do you know the school or nursery?", "Choose whether you know the school", "Goes to no school or nursery"
    )
    school = TextField(label="School or nursery", ask="Enter the school or nursery", autocomplete="off")
    school_change = _ended_or_wrong("Did the child change school?", "Yes, the child left it")
    school_from = _since("Since which day?")
    upn_known = ChoiceField(
        label="Do you know the unique pupil number (UPN)?",
        choices=((KNOWN, "Yes"), *UPNUnknown.choices, (NOT_ASKED, "Not known: nobody has asked yet")),
        ask="Choose whether you know the unique pupil number, or why it is not known",
    )
    upn = UPNField(ask="Enter the unique pupil number", autocomplete="off")
    send = ChoiceField(
        label="Special educational needs",
        choices=SEND.choices,
        ask="Choose the special educational needs, or 'Not known'",
    )

    sections = (
        ("School", ("school_known", "school_change", "school_from")),
        ("Pupil number", ("upn_known",)),
        ("Special educational needs", ("send",)),
    )
    reveals = {("school_known", KNOWN): ("school",), ("upn_known", KNOWN): ("upn",)}
    ends, told_by = "school", ("school",)

    @classmethod
    def initial_of(cls, person):
        return {
            "school_known": _answer(person, "school"),
            "school": person.school,
            "school_from": person.school_from,
            "upn": person.upn or "",
            "upn_known": KNOWN if person.upn else person.upn_unknown or NOT_ASKED,
            "send": person.send,
        }

    def details(self):
        answers = self.cleaned_data
        school, upn = answers["school_known"], answers["upn_known"]
        return {
            "school": answers["school"] or "",
            "school_from": answers["school_from"],
            "school_absent": Absent.UNKNOWN if school == KNOWN else school,
            "upn": answers["upn"] or "",
            "upn_unknown": "" if upn in (KNOWN, NOT_ASKED) else upn,
            "send": answers["send"],
        }


class HealthForm(GroupForm):
    """Disabilities, and the general practice."""

    disabilities = ChoicesField(
        label="Disabilities",
        choices=Disability.choices,
        ask="Choose each disability, or 'No disability', or 'Not known'",
        help_text="Choose all that apply. 'No disability' and 'Not known' stand alone",
    )
    gp_known = _if_known("Do you know the GP?", "Choose whether you know the GP", "Is registered with no GP")
    gp = TextField(label="GP practice", ask="Enter the GP practice", autocomplete="off")

    reveals = {("gp_known", KNOWN): ("gp",)}
    sections = (("", ("disabilities", "gp_known")),)

    def clean_disabilities(self):
        # In the order of the list, whatever was ticked first, and each once.
        codes = [code for code in Disability.values if code in self.cleaned_data["disabilities"]]
        if len(codes) > 1 and set(codes) & set(ALONE):
            self.add_error("disabilities", "Choose 'No disability' or 'Not known' alone, without another disability")
        return codes

    @classmethod
    def initial_of(cls, person):
        return {"disabilities": person.disabilities, "gp": person.gp, "gp_known": _answer(person, "gp")}

    def details(self):
        answers = self.cleaned_data
        known = answers["gp_known"]
        return {
            "disabilities": answers["disabilities"],
            "gp": answers["gp"] or "",
            "gp_absent": Absent.UNKNOWN if known == KNOWN else known,
        }


class StatusForm(GroupForm):
    """Legal status, and the council that is responsible."""

    legal_status = ChoiceField(
        label="Legal status",
        choices=LegalStatus.choices,
        ask="Choose the legal status, 'None of these' or 'Not known'",
        help_text="Most children have none of these",
    )
    looked_after = TickField(label="Is looked after by a council", required=False)
    responsible = responsible_field()
    other_authority = other_authority_field()

    names = ("legal_status", "looked_after", "other_authority")
    sections = (("", ("legal_status", "looked_after", "responsible")),)
    reveals = {("responsible", Responsible.OTHER): ("other_authority",)}

    @classmethod
    def initial_of(cls, person):
        return {**super().initial_of(person), "responsible": person.responsible}

    def details(self):
        return {**super().details(), "authority_unknown": self.cleaned_data["responsible"] == Responsible.UNKNOWN}


# The groups by the word that stands in their address; who the person is has an address of its own.
GROUPS = {
    "contact": ContactForm,
    "education": EducationForm,
    "health": HealthForm,
    "status": StatusForm,
}


def in_words_of(form, answers):
    """Answers (of `initial_of`, or a valid form's own), field by field, as a person reads them; "" for none."""
    said = {}
    for name, field in form.fields.items():
        value = answers.get(name)
        if isinstance(value, bool):
            value = "Yes" if value else "No"
        elif isinstance(value, date):
            value = words.day(value)
        elif isinstance(value, list):
            value = ", ".join(disabilities_in_words(value))
        elif value is None or field.widget.is_hidden:
            value = ""
        said[name] = dict(getattr(field, "choices", ())).get(value, value) or ""
    return said


def same_as_now(form, person):
    """Whether a valid form says what stands now already: the same form sent twice."""
    return all((getattr(person, name) or "") == (value or "") for name, value in form.details().items())
