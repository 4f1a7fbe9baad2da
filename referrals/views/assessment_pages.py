"""The pages of an unfinished assessment, each by its key, and the last one, which sends it to a manager."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse

from hsb.people.states import Tool
from referrals.forms import assessment as forms
from referrals.forms.judgements import BrookForm, CategoryForm, ThresholdForm
from referrals.selectors import judgements
from referrals.selectors.assessment import check_page, what_happens_next
from referrals.selectors.assessment_answers import rows_of
from referrals.selectors.assessment_pages import CHECK, url_after
from referrals.selectors.brook import findings_to_choose, may_change_colour
from referrals.selectors.instruments import trained_today
from referrals.services import assessing
from referrals.views.assessment_bases import AssessmentFormPage
from referrals.views.behaviours import BehavioursPage
from referrals.views.short_form import ShortPage


class CategoryPage(AssessmentFormPage):
    key = "category"
    form_class = CategoryForm

    def initial(self):
        return {**CategoryForm.initial_category(self.assessment), "version": self.assessment.version}

    def form_kwargs(self):
        return {"version": self.referral.pathway()}


class BrookPage(AssessmentFormPage):
    key = "brook"
    form_class = BrookForm
    template_name = "referrals/assessment/brook.html"

    def initial(self):
        return {**BrookForm.initial_brook(self.assessment), "version": self.assessment.version}

    def form_kwargs(self):
        return {"trained": self.trained(), "findings": findings_to_choose(self.referral)}

    def trained(self):
        return Tool.BROOK in trained_today(self.user)

    def context(self):
        return {
            **super().context(),
            "trained": self.trained(),
            "recorded": self.recorded(),
            "findings": self.form_kwargs()["findings"],
            "next_url": url_after(self.assessment, self.key),
        }

    def recorded(self):
        """The colour a trained colleague recorded, for a reader who may not change it; else nothing."""
        if self.trained() or may_change_colour(self.assessment):
            return []
        return rows_of(self.assessment, "brook")


class ThresholdPage(AssessmentFormPage):
    key = "threshold"
    form_class = ThresholdForm

    def initial(self):
        return {**ThresholdForm.initial_tier(self.assessment), "version": self.assessment.version}

    def form_kwargs(self):
        has_category = self.referral.has_category
        return {
            "version": self.referral.pathway(),
            "has_category": has_category,
            "category": self.assessment.category if has_category else "",
            "brook": self.assessment.brook if has_category else "",
        }

    def context(self):
        if not self.referral.has_category or not self.assessment.category:
            return super().context()
        so_far = judgements.side_by_side(
            self.referral, category=self.assessment.category, brook=self.assessment.brook, tier=self.assessment.tier
        )
        return {**super().context(), "judgements": so_far}


class ContextPage(AssessmentFormPage):
    key = "context"
    form_class = forms.ContextForm


class StrengthsPage(AssessmentFormPage):
    key = "strengths"
    form_class = forms.StrengthsForm


class RiskPage(AssessmentFormPage):
    key = "risk"
    form_class = forms.RiskForm


class SafetyPage(AssessmentFormPage):
    key = "safety"
    form_class = forms.SafetyForm


class SupportPage(AssessmentFormPage):
    key = "support"
    form_class = forms.SupportForm


class CheckPage(AssessmentFormPage):
    """Everything once more, what is missing with its page, and the button that sends it to a manager."""

    key = CHECK.key
    form_class = forms.SubmitForm
    template_name = "referrals/assessment/check.html"

    def initial(self):
        return {"version": self.assessment.version}

    def context(self):
        return {**super().context(), "check": check_page(self.assessment)}

    def last_time(self):
        return None

    def submit(self, form):
        made = assessing.submit(self.assessment.reference, actor=self.user, version=form.cleaned_data["version"])
        messages.success(self.request, what_happens_next(made))
        return reverse("referrals:case", args=[self.referral.reference])


VIEWS = {
    view.key: view.as_view()
    for view in (
        ShortPage,
        BehavioursPage,
        CategoryPage,
        BrookPage,
        ThresholdPage,
        ContextPage,
        StrengthsPage,
        RiskPage,
        SafetyPage,
        SupportPage,
        CheckPage,
    )
}


def assessment_page(request, reference, page):
    """One page of the assessment by its key in the URL."""
    if page not in VIEWS:
        raise Http404
    return VIEWS[page](request, reference=reference)
