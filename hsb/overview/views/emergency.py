"""Break-glass, from the page of a search that showed the child without a way in (practice.md B8, B14, B15)."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from hsb.core import settings_in_force, words
from hsb.core.pages import FormPage
from hsb.core.refusals import Denied
from hsb.core.timescales import timescale
from hsb.overview.forms.emergency import BreakGlassForm
from hsb.overview.selectors.search import SHOWN, own_terms
from referrals.selectors import emergencies
from referrals.services.emergencies import VERB, break_glass


class BreakGlass(FormPage):
    """`reference` is a search of the reader's own, `hit` one child that it met: anybody else finds no such page."""

    template_name = "overview/break_glass.html"
    title = "Open a record in an emergency"
    form_class = BreakGlassForm

    def prepare(self, reference, hit):
        self.reference = reference
        terms = own_terms(self.user, reference)
        if terms is None:
            raise Http404
        self.target = emergencies.target(self.user, terms, hit, SHOWN + 1)
        if self.target is None:
            raise Http404
        if self.target.barred_on is not None:
            raise Denied(emergencies.BARRED, record=self.target.barred_on, verb=VERB)

    def get(self, request, *args, **kwargs):
        if self.target.reference:
            return self.to_the_case(self.target.reference)
        return super().get(request, *args, **kwargs) if self.target.references else self.show(form=None)

    def post(self, request, *args, **kwargs):
        if self.target.reference:
            # Opened meanwhile, perhaps by this very form, sent twice.
            return self.to_the_case(self.target.reference)
        if not self.target.references:
            return self.show(status=409, form=None)
        return super().post(request, *args, **kwargs)

    def to_the_case(self, reference):
        return HttpResponseRedirect(reverse("referrals:case", args=[reference]))

    def context(self):
        return {
            "target": self.target if self.target.references else None,
            "hours": self.hours,
            "soon": timescale("review_break_glass").in_words,
            "back": reverse("overview:search_results", args=[self.reference]),
        }

    @property
    def hours(self):
        return words.count(settings_in_force.value("break_glass_hours"), "hour")

    def submit(self, form):
        opened = break_glass(*self.target.references, actor=self.user, reason=form.cleaned_data["reason"])
        messages.success(
            self.request, f"You can open this record for {self.hours}. The child's worker and a manager are told."
        )
        return reverse("referrals:case", args=[opened[0].referral.reference])
