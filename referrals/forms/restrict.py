"""Who may open a record: restrict, name readers, bar. Colleagues are typed by e-mail address, never listed."""

from django.core.exceptions import ValidationError

from hsb.core.forms import CaseForm, ChoiceField, DateField, EmailField, LongTextField, ReasonField, people_at
from referrals.selectors.colleagues import reader_at, reads_cases


def colleague(address, *, reading=True):
    """The user at that address. Raises ValidationError where there is none, or none who reads case records."""
    found = reader_at(address)
    if found is None:
        raise ValidationError(f"Nobody who uses this service has the address {address}: check it")
    if reading and not reads_cases(found):
        raise ValidationError(f"{found.name} has no role that reads case records: choose somebody who has")
    return found


class RestrictForm(CaseForm):
    reason = ReasonField(
        label="Reason for the restriction",
        ask="Give the reason for restricting this record",
        reader="managers of the team that holds the referral, and auditors",
    )
    readers = LongTextField(
        label="Who else may open it",
        required=False,
        rows=3,
        help_text="E-mail addresses, one on each line. You, the worker and the author keep their access.",
    )
    submit = "Restrict this record"

    def clean_readers(self):
        return people_at(self.cleaned_data["readers"], colleague)


class LiftRestrictionForm(CaseForm):
    reason = ReasonField(
        label="Reason for lifting the restriction",
        ask="Give the reason for lifting the restriction",
        reader="managers of the team that holds the referral, and auditors",
    )
    submit = "Lift the restriction"


class NameReaderForm(CaseForm):
    reader = EmailField(label="E-mail address of the reader", ask="Enter the reader's e-mail address")
    until = DateField(label="Until which day", required=False, subject="The last day", not_past=True)
    reason = ReasonField(
        label="Why this person needs to see the record",
        ask="Say why this person needs to see the record",
        reader="managers of the team that holds the referral, and auditors",
    )
    submit = "Name the reader"

    def clean_reader(self):
        return colleague(self.cleaned_data["reader"])


class BarForm(CaseForm):
    user = EmailField(label="E-mail address of the person to bar", ask="Enter the person's e-mail address")
    reason = ReasonField(
        label="Reason for the bar",
        ask="Give the reason for barring this person",
        reader="managers of the team that holds the referral, and auditors",
    )
    submit = "Bar this person"

    def clean_user(self):
        return colleague(self.cleaned_data["user"], reading=False)


class LiftBarForm(CaseForm):
    """`bars`: (user's reference, words) of the bars that stand."""

    user = ChoiceField(label="Whose bar?", ask="Choose whose bar is lifted")
    reason = ReasonField(
        label="Reason for lifting the bar",
        ask="Give the reason for lifting the bar",
        reader="managers of the team that holds the referral, and auditors",
    )
    submit = "Lift the bar"

    def __init__(self, *args, bars, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = bars
        if len(bars) == 1:
            self.fields["user"].initial = bars[0][0]
