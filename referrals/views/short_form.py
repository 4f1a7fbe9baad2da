"""The one-page form: the whole assessment of category 0 and not HSB (practice.md B5)."""

from django.http import HttpResponseRedirect
from django.utils.functional import cached_property

from hsb.core.refusals import NotReady
from hsb.people.states import Tool
from referrals.forms.behaviours import ShortForm
from referrals.selectors.assessment_answers import rows_of
from referrals.selectors.assessment_pages import (
    BEHAVIOURS,
    SHORT,
    behaviours_with_category,
    is_in_work,
    takes_short_form,
    url_of,
)
from referrals.selectors.behaviours import concern_of_child, concerns_of_child, when_of_only_concern
from referrals.selectors.brook import findings_to_choose, may_change_colour
from referrals.selectors.instruments import trained_today
from referrals.services.short_form import OneBehaviour, save_short_form
from referrals.views.assessment_bases import AssessmentFormPage


class ShortPage(AssessmentFormPage):
    """Category 0 and not HSB need this page alone (B5)."""

    key = SHORT.key
    form_class = ShortForm
    template_name = "referrals/assessment/short.html"

    def get(self, request, *args, **kwargs):
        if is_in_work(self.assessment) and not takes_short_form(self.assessment):
            return HttpResponseRedirect(url_of(self.referral))
        return super().get(request, *args, **kwargs)

    def the_behaviour(self):
        rows = behaviours_with_category(self.assessment)
        return rows[0][0] if rows else None

    def form_kwargs(self):
        return self.made_with

    @cached_property
    def made_with(self):
        """What the page shows beside the form stands in it too."""
        trained = Tool.BROOK in trained_today(self.user)
        colour = "" if trained or may_change_colour(self.assessment) else self.assessment.brook
        concerns = concerns_of_child(self.referral)
        if self.the_behaviour() is not None:
            concerns = [(self.the_behaviour().involvement.concern.reference, "")]
        return {
            "concerns": concerns,
            "version": self.referral.pathway(),
            "trained": trained,
            "colour": colour,
            "findings": findings_to_choose(self.referral),
        }

    def initial(self):
        row = self.the_behaviour()
        told = ShortForm.initial_behaviour(row) if row is not None else when_of_only_concern(self.referral)
        return {
            **told,
            **ShortForm.initial_category(self.assessment),
            **ShortForm.initial_brook(self.assessment),
            **ShortForm.initial_tier(self.assessment),
            "version": self.assessment.version,
            "behaviour_version": row.version if row is not None else 0,
        }

    def save(self, form):
        if is_in_work(self.assessment) and not takes_short_form(self.assessment):
            raise NotReady("This assessment has pages of its own by now: open it again, and copy over what is right.")
        row, told = self.the_behaviour(), None
        if form.describes_something():
            told = OneBehaviour(
                concern=concern_of_child(self.referral, form.chosen_concern()),
                before=row,
                version=form.cleaned_data["behaviour_version"] or 0,
                **form.behaviour_answers(),
            )
        save_short_form(
            self.assessment.reference,
            actor=self.user,
            behaviour=told,
            pages=form.pages(),
            version=form.cleaned_data["version"],
        )

    def context(self):
        recorded = rows_of(self.assessment, "brook") if self.made_with["colour"] else []
        return {
            **super().context(),
            "recorded": recorded,
            "trained": self.made_with["trained"],
            "findings": self.made_with["findings"],
            "several_url": url_of(self.referral, BEHAVIOURS),
        }
