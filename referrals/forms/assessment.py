"""The pages of an assessment as forms: each saves by itself, finished or not (models.assessments.PAGES)."""

from django import forms

from hsb.core.forms import CaseForm, ChoiceField, LongTextField, VersionedForm
from referrals.models.assessments import PAGES
from referrals.selectors.questions import QUESTIONS
from referrals.states import RiskGroup, YesNoUnknown

LATER = "later"


class PageForm(VersionedForm, CaseForm):
    """One page. Sent with its second button it may be unfinished: what is typed must be right, nothing must be there.

    `part` is its page in models.assessments.PAGES; `answers()` what that page saves.
    """

    part = ""
    more_buttons = ((LATER, "Save and come back later"),)
    # Hidden tokens must be there whichever button was pressed.
    always_required = ("version",)

    @property
    def unfinished(self):
        return self.is_bound and LATER in self.data

    def _clean_fields(self):
        asked = [field for name, field in self.fields.items() if field.required and name not in self.always_required]
        if self.unfinished:
            for field in asked:
                field.required = False
        try:
            super()._clean_fields()
        finally:
            for field in asked:
                field.required = True

    def answers(self):
        """The page's fields by name, as the service takes them."""
        return {name: self.cleaned_data[name] for name in PAGES[self.part]}


def long_text(name, **kwargs):
    """A long question under the words the whole assessment uses for it."""
    kwargs.setdefault("label", QUESTIONS[name])
    return LongTextField(**kwargs)


class ContextForm(PageForm):
    part = "context"
    context_displayed = long_text(
        "context_displayed",
        ask="Describe the context of this child",
        help_text="Family, school, friends, development, health, disability, what they have lived through. Facts and "
        "opinions told apart.",
        rows=7,
    )
    context_harmed = long_text(
        "context_harmed",
        required=False,
        help_text="As far as you need it here. That child has a referral and a worker of their own.",
    )
    age_and_power = long_text(
        "age_and_power",
        required=False,
        help_text="Differences in age, size, understanding, disability, standing among friends.",
    )


class StrengthsForm(PageForm):
    part = "strengths"
    protective_factors = long_text(
        "protective_factors",
        ask="Say what protects this child and others",
        help_text="People, places, routines and abilities that make it safer.",
        rows=6,
    )
    child_views = long_text(
        "child_views", required=False, help_text="In their own words where you have them. Say when you spoke with them."
    )
    family_views = long_text("family_views", required=False, help_text="Who said it, and when.")


def _group(group):
    name = group.label[:1].lower() + group.label[1:]
    return ChoiceField(
        label=group.label,
        choices=YesNoUnknown.choices,
        ask=f"Choose whether {name} may be at risk",
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
    )


class RiskForm(PageForm):
    part = "risk"
    risk_siblings = _group(RiskGroup.SIBLINGS)
    risk_girls = _group(RiskGroup.GIRLS)
    risk_boys = _group(RiskGroup.BOYS)
    risk_younger = _group(RiskGroup.YOUNGER)
    risk_older = _group(RiskGroup.OLDER)
    risk_adults = _group(RiskGroup.ADULTS)
    risk_disabled = _group(RiskGroup.DISABLED)
    risk_statement = long_text(
        "risk_statement",
        required=False,
        help_text="Who may be at risk, where and when, and what makes it safer or less safe.",
        rows=6,
    )
    sections = (
        (
            "May any of these be at risk?",
            tuple(f"risk_{group}" for group in RiskGroup.values),
            "Answer for every group. 'Not known' is an answer too.",
        ),
        ("In your words", ("risk_statement",)),
    )


class SafetyForm(PageForm):
    part = "safety"
    safety_now = long_text(
        "safety_now",
        ask="Say how safe the child is now",
        help_text="At home, at school, online, on the way between. What has been put in place, by whom.",
        rows=7,
    )
    safety_contact = long_text(
        "safety_contact",
        required=False,
        help_text="Whether they still meet, where, and what is arranged so that it is safe.",
    )


class SupportForm(PageForm):
    part = "support"
    support_needed = long_text(
        "support_needed",
        ask="Say what support the child and family need",
        help_text="What they have already, and what is missing.",
        rows=6,
    )
    support_health = long_text("support_health", required=False, help_text="Medical, emotional, sexual health.")
    wishes = long_text("wishes", required=False, help_text="In the child's own words where you have them.")


class SubmitForm(VersionedForm, CaseForm):
    """Nothing but the version that was checked: what goes to the manager is what was on the page."""

    submit = "Submit to the manager"
