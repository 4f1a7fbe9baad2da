"""Who may open a record: restrict, name readers, bar. Colleagues are asked for by name."""

from django.core.exceptions import ValidationError

from hsb.core.forms import CaseForm, ChoiceField, ColleagueField, DateField, ReasonField
from referrals.selectors.colleagues import READS_CASES, reads_cases


def reads(user):
    """Raises ValidationError where the user's role opens no case record."""
    if not reads_cases(user):
        raise ValidationError(f"{user.name} has no role that reads case records: choose somebody who has")


class RestrictForm(CaseForm):
    reason = ReasonField(
        label="Reason for the restriction",
        ask="Give the reason for restricting this record",
        reader="managers of the team that holds the referral, and auditors",
    )
    readers = ColleagueField(
        label="Who else may open it",
        required=False,
        many=True,
        roles=READS_CASES,
        check=reads,
        help_text="Names, one in each box. You, the worker and the author keep their access.",
    )
    submit = "Restrict this record"


class LiftRestrictionForm(CaseForm):
    reason = ReasonField(
        label="Reason for lifting the restriction",
        ask="Give the reason for lifting the restriction",
        reader="managers of the team that holds the referral, and auditors",
    )
    submit = "Lift the restriction"


class NameReaderForm(CaseForm):
    reader = ColleagueField(
        label="Who needs to read it?", ask="Enter the name of the reader", roles=READS_CASES, check=reads
    )
    until = DateField(label="Until which day", required=False, subject="The last day", not_past=True)
    reason = ReasonField(
        label="Why this person needs to see the record",
        ask="Say why this person needs to see the record",
        reader="managers of the team that holds the referral, and auditors",
    )
    submit = "Name the reader"


class BarForm(CaseForm):
    user = ColleagueField(label="Who is barred?", ask="Enter the name of the person to bar")
    reason = ReasonField(
        label="Reason for the bar",
        ask="Give the reason for barring this person",
        reader="managers of the team that holds the referral, and auditors",
    )
    submit = "Bar this person"


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
