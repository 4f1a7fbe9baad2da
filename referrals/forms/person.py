"""What is known of a person: the questions asked when somebody new is added, and when details are edited."""

import re
from calendar import monthrange
from datetime import date, timedelta

from hsb.core import clock, words
from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    DateField,
    NHSNumberField,
    NumberField,
    PostcodeField,
    TextField,
    TickField,
    UPNField,
)
from referrals.codes import Responsible
from referrals.models.people import CHILD_UNTIL, OLDEST_CHILD
from referrals.states import BirthPrecision, Sex

MIDDLE_OF_MONTH = 15  # an estimated date of birth is the 15th of the month (practice.md A32)
LATE_BIRTH = timedelta(days=42)  # an expected day may have passed by some weeks
LONGEST_WAIT = timedelta(days=310)
LONGEST_LOCAL_ID = 20  # letters and digits (practice.md A31)
# Which of the three date questions belongs to which answer.
BORN = {
    BirthPrecision.KNOWN: "born_known",
    BirthPrecision.ESTIMATED: "born_estimated",
    BirthPrecision.EXPECTED: "born_expected",
}


class WhoFields(CaseForm):
    """Who a person is: the names, the birth and the numbers, with sentences for what cannot be."""

    given_name = TextField(
        label="First name",
        max_length=100,
        ask="Enter the first name, or the name the person goes by",
        autocomplete="off",
    )
    family_name = TextField(
        label="Family name",
        max_length=100,
        required=False,
        help_text="Leave empty when only the first name is known",
        autocomplete="off",
    )
    preferred_name = TextField(
        label="Preferred first name",
        max_length=100,
        required=False,
        help_text="What the person likes to be called, where it is another name",
        autocomplete="off",
    )
    birth_precision = ChoiceField(
        label="What do you know of the date of birth?",
        choices=BirthPrecision.choices,
        required=False,
        subject="What you know of the date of birth",
    )
    born_known = DateField(
        label="Date of birth", ask="Enter the date of birth, or choose 'Not known'", help_text="For example, 27 3 2013"
    )
    born_estimated = DateField(
        label="Estimated date of birth",
        required=False,
        help_text="Where only the month is known, use the 15th",
    )
    about_how_old = NumberField(
        label="Or about how old, in years", subject="The age", required=False, max_value=110, width=2
    )
    born_expected = DateField(
        label="Day on which the birth is expected", ask="Enter the day on which the birth is expected"
    )
    sex = ChoiceField(label="Sex", choices=Sex.choices, required=False)
    nhs_number = NHSNumberField(required=False, autocomplete="off")
    local_id = TextField(
        label="Number in the main case system",
        required=False,
        width=20,
        help_text="Up to 20 letters and digits",
        autocomplete="off",
    )
    reveals = {
        ("birth_precision", BirthPrecision.KNOWN): ("born_known",),
        ("birth_precision", BirthPrecision.ESTIMATED): ("born_estimated", "about_how_old"),
        ("birth_precision", BirthPrecision.EXPECTED): ("born_expected",),
    }

    def clean_local_id(self):
        number = re.sub(r"[\s-]+", "", self.cleaned_data["local_id"])
        if number and not re.fullmatch(rf"[A-Za-z0-9]{{1,{LONGEST_LOCAL_ID}}}", number):
            self.add_error("local_id", "Number in the main case system must be 20 letters and digits or fewer")
        return number

    def clean(self):
        answers = super().clean()
        answers["born_on"] = self._born_on(answers)
        if answers["born_on"] is None:
            # Chosen, and then not answered well: there is an error already, and nothing to keep.
            answers["birth_precision"] = BirthPrecision.UNKNOWN
        return answers

    def _born_on(self, answers):
        precision = answers.get("birth_precision")
        if precision not in BORN:
            return None
        name = BORN[precision]
        born = answers.get(name)
        if precision == BirthPrecision.ESTIMATED and born is None and name not in self.errors:
            born = self._from_age(answers.get("about_how_old"))
        if born is not None:
            self._refuse_impossible(precision, name, born)
        return born

    def _from_age(self, years):
        if years is None:
            if "about_how_old" not in self.errors:
                self.add_error("born_estimated", "Enter the estimated date of birth, or about how old the person is")
            return None
        before = self.initial.get("born_on") if self.initial.get("about_how_old") == years else None
        return before or estimated_birth(years, clock.today())

    def _refuse_impossible(self, precision, name, born):
        today = clock.today()
        if precision == BirthPrecision.EXPECTED:
            if not today - LATE_BIRTH <= born <= today + LONGEST_WAIT:
                self.add_error(
                    name,
                    "The day on which the birth is expected must be within the next 10 months. "
                    "For a child who is born, choose 'Known' or 'Estimated'",
                )
        elif born > today:
            self.add_error(name, "Date of birth is in the future. For a child who is not yet born, choose 'Expected'")
        else:
            self._refuse_wrong_age(name, words.age(born, today))

    def _refuse_wrong_age(self, name, years):
        if not self.is_of_adult() and years > OLDEST_CHILD:
            self.add_error(
                name, f"With this date of birth the child would be {years} years old. Check the year, {self.or_else}"
            )
        if self.is_of_adult() and years < CHILD_UNTIL:
            self.add_error(
                name, f"With this date of birth the adult would be {years} years old. Check the year, {self.or_else}"
            )

    # What else could be wrong where an age does not fit.
    or_else = "or say that it is not known"

    def is_of_adult(self):
        """Whether the questions are about an adult."""
        return False

    def details(self):
        """The answers as fields of Person, and `local_id`: what the services take. Of a valid form."""
        answers = self.cleaned_data
        return {
            **{name: answers[name] for name in TYPED if name in self.fields},
            "birth_precision": answers["birth_precision"] or BirthPrecision.UNKNOWN,
            "born_on": answers["born_on"],
            "sex": answers["sex"] or Sex.U,
        }


def responsible_field(**more):
    """Which council is responsible for a child, "Not known" among the answers."""
    return ChoiceField(
        label="Which council is responsible for the child?",
        choices=Responsible.choices,
        ask="Choose which council is responsible, or 'Not known'",
        **more,
    )


def other_authority_field():
    return TextField(
        label="Name of the other council",
        max_length=120,
        ask="Enter the name of the council that is responsible",
        help_text="It opens its own referral",
        autocomplete="off",
    )


class PersonFields(WhoFields):
    """What is asked when somebody new is added. Subclasses say whose questions they are."""

    school = TextField(label="School or nursery", required=False, autocomplete="off")
    responsible = responsible_field(required=False, initial=Responsible.OURS)
    other_authority = other_authority_field()
    looked_after = TickField(label="Is looked after by a council", required=False)
    upn = UPNField(required=False, autocomplete="off")
    address = TextField(label="Address", max_length=300, required=False, autocomplete="off")
    postcode = PostcodeField(required=False, autocomplete="off")
    address_confidential = TickField(
        label="The address is confidential: it is put in no document by itself", required=False
    )
    reveals = {("responsible", Responsible.OTHER): ("other_authority",), **WhoFields.reveals}

    def details(self):
        return {**super().details(), "authority_unknown": self.cleaned_data["responsible"] == Responsible.UNKNOWN}


# The answers that go on to the record as they are.
TYPED = (
    "given_name",
    "family_name",
    "preferred_name",
    "aliases",
    "ethnicity",
    "school",
    "other_authority",
    "looked_after",
    "nhs_number",
    "upn",
    "local_id",
    "address",
    "postcode",
    "address_confidential",
)


def estimated_birth(years, today):
    """The date of birth of somebody who is about `years` old: half a year into that age, on the 15th (A32)."""
    month = today.month - 6
    year = today.year - years - (1 if month < 1 else 0)
    month = month + 12 if month < 1 else month
    return date(year, month, min(MIDDLE_OF_MONTH, monthrange(year, month)[1]))
