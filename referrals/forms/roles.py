"""A child's part in a concern, a referral that joins another, and the referrer who is told."""

from django.core.exceptions import ValidationError

from hsb.core import clock
from hsb.core.forms import CaseForm, ChoiceField, ChoicesField, DateField, ReasonField, VersionedForm
from referrals.forms.involved import CHILD_PARTS, KNOWN_PARTS, R
from referrals.states import NEEDS_REFERRAL

OWN_PARTS = tuple((role, words) for role, words in CHILD_PARTS if role in NEEDS_REFERRAL)


class RolesForm(VersionedForm, CaseForm):
    """What part the child had. `concerns` are (reference, words); asked only where there are several."""

    concern = ChoiceField(label="Which concern?", ask="Choose the concern")
    roles = ChoicesField(
        label="What part did this child have in it?",
        choices=OWN_PARTS,
        ask="Choose what part this child had in it",
        help_text="Tick both where the child displayed the behaviour and was harmed",
    )
    submit = "Save the part"

    def __init__(self, *args, concerns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["concern"].choices = concerns
        if len(concerns) == 1:
            del self.fields["concern"]

    def clean_roles(self):
        chosen = set(self.cleaned_data["roles"])
        if R.NOT_YET_KNOWN in chosen and chosen & KNOWN_PARTS:
            raise ValidationError("Choose either 'role not yet known', or what is known: displayed, was harmed or both")
        return self.cleaned_data["roles"]


class AttachForm(VersionedForm, CaseForm):
    """`referrals` are (reference, words) of the child's other open referrals."""

    to_reference = ChoiceField(label="Attach to which referral?", ask="Choose the referral to attach this one to")
    reason = ReasonField(
        label="Why this belongs to it",
        ask="Say why this belongs to the referral that is already open",
        reader="whoever has the child",
    )
    submit = "Attach, and end this referral"

    def __init__(self, *args, referrals, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_reference"].choices = referrals


class TellReferrerForm(CaseForm):
    """The referrer was told of the decision; `since` is the first day it can have been."""

    told_on = DateField(
        label="When were they told?",
        subject="The day on which they were told",
        ask="Enter the day on which they were told",
        initial=clock.today,
        not_future=True,
    )
    how = ReasonField(
        label="How, and what were they told?",
        ask="Say how they were told, and what",
        reader="whoever has the child, and auditors",
        help_text="For example: by telephone, that the concern was looked at and who is in touch. Only what they need.",
    )
    submit = "Save"

    def __init__(self, *args, since, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["told_on"].not_before = since
        self.fields["told_on"].not_before_words = "the day the concern was reported"
