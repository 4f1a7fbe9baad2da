"""The behaviours of an assessment: listed, added, changed, rated; and one that came to light after the approval."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from hsb.core.refusals import Denied, NotReady
from referrals.forms.behaviours import BehaviourForm, LateBehaviourForm, NewBehaviourForm, RateForm
from referrals.permissions import can_assess
from referrals.selectors.assessment_pages import (
    BEHAVIOURS,
    behaviours_with_category,
    is_in_work,
    settled,
    url_after,
    url_of,
)
from referrals.selectors.behaviours import (
    behaviours_of,
    concern_of_child,
    concerns_of_child,
    when_of_only_concern,
)
from referrals.services import behaviours
from referrals.views.assessment_bases import AssessmentFormPage, OnAssessment
from referrals.views.bases import CaseFormPage, CasePage

NO_CONCERN = "This child has no part as the one who displayed in that concern. Open the assessment again."


class BehavioursPage(OnAssessment, CasePage):
    key = BEHAVIOURS
    template_name = "referrals/assessment/behaviours.html"

    def context(self):
        done, listed = settled(self.assessment), behaviours_of(self.assessment)
        for each in listed:
            each["url"] = url_of_behaviour(self.referral, each["behaviour"])
            each["link"] = "Rate" if each["behaviour"].pk in done else "Change"
        unrated = next((each for each in listed if not each["category"]), None)
        return {
            **super().context(),
            "behaviours": listed,
            # A category is missing: that comes before going on.
            "button": {"text": f"Rate behaviour {unrated['number']}", "url": unrated["url"]} if unrated else None,
            "add_url": reverse("referrals:add_behaviour", args=[self.referral.reference]),
            "next_url": url_after(self.assessment, self.key),
        }


class AddBehaviour(AssessmentFormPage):
    key = BEHAVIOURS
    form_class = NewBehaviourForm

    def get_title(self):
        return "Add a behaviour"

    def last_time(self):
        return None

    def initial(self):
        return when_of_only_concern(self.referral) if not behaviours_with_category(self.assessment) else {}

    def form_kwargs(self):
        return {"concerns": concerns_of_child(self.referral)}

    def submit(self, form):
        concern = concern_of_child(self.referral, form.chosen_concern())
        if concern is None:
            raise NotReady(NO_CONCERN)
        behaviours.add_behaviour(
            self.assessment.reference,
            actor=self.user,
            concern=concern,
            category=form.cleaned_data["category"],
            once=form.cleaned_data["once"],
            **form.behaviour_answers(),
        )
        messages.success(self.request, "The behaviour is added.")
        if "another" in self.request.POST:
            return reverse("referrals:add_behaviour", args=[self.referral.reference])
        return url_of(self.referral, BEHAVIOURS)


class ChangeBehaviour(AssessmentFormPage):
    """Edits one behaviour; one that an earlier assessment rests on keeps its words and is only rated again."""

    key = BEHAVIOURS
    template_name = "referrals/assessment/behaviour.html"

    def prepare(self, reference, concern, number, **kwargs):
        super().prepare(reference, **kwargs)
        for each in behaviours_of(self.assessment):
            row = each["behaviour"]
            if (row.involvement.concern.reference, row.number) == (concern, number):
                self.behaviour, self.shown = row, each
                self.rates = row.pk in settled(self.assessment)
                self.form_class = RateForm if self.rates else BehaviourForm
                return
        raise Http404

    def last_time(self):
        return None  # what was said of it last time stands among its own rows

    def get_title(self):
        return f"Rate behaviour {self.shown['number']}" if self.rates else f"Change behaviour {self.shown['number']}"

    def form_kwargs(self):
        return {} if self.rates else {"concerns": [(self.behaviour.involvement.concern.reference, "")]}

    def initial(self):
        category = {"category": self.shown["category"]}
        if self.rates:
            return {**category, "was": self.shown["category"]}
        return {**category, **BehaviourForm.initial_behaviour(self.behaviour), "version": self.behaviour.version}

    def context(self):
        return {**super().context(), "behaviour": self.shown, "rates": self.rates}

    def submit(self, form):
        chosen = {"behaviour": self.behaviour, "category": form.cleaned_data["category"]}
        if self.rates:
            behaviours.rate_behaviour(
                self.assessment.reference, actor=self.user, was=form.cleaned_data["was"], **chosen
            )
        else:
            behaviours.change_behaviour(
                self.assessment.reference,
                actor=self.user,
                version=form.cleaned_data["version"],
                **chosen,
                **form.behaviour_answers(),
            )
        messages.success(self.request, "The behaviour is saved.")
        return url_of(self.referral, BEHAVIOURS)


class NoteBehaviour(CaseFormPage):
    """After the approval: the behaviour is recorded at once, and the assessment must be looked at again (B17)."""

    form_class = LateBehaviourForm
    title = "Record a behaviour that came to light"
    tab = "assessment"
    looked_at_as = "note_behaviour"
    lead = (
        "The assessment does not cover what you record here. Its approval stays on record and is marked as out of "
        "date, until a reassessment rates this behaviour."
    )

    def prepare(self, reference, **kwargs):
        super().prepare(reference, **kwargs)
        self.latest = self.referral.latest_assessment()
        if not self.referral.has_category or self.referral.has_ended or self.latest is None:
            raise Http404
        if not can_assess(self.referral, self.user):
            raise Denied(record=self.record, verb="note_behaviour")

    def get(self, request, *args, **kwargs):
        if is_in_work(self.latest):  # it goes into the assessment that is being written
            return HttpResponseRedirect(reverse("referrals:add_behaviour", args=[self.referral.reference]))
        return super().get(request, *args, **kwargs)

    def form_kwargs(self):
        return {"concerns": concerns_of_child(self.referral)}

    def submit(self, form):
        concern = concern_of_child(self.referral, form.chosen_concern())
        if concern is None:
            raise NotReady(NO_CONCERN)
        behaviours.note_behaviour(
            self.referral.reference,
            actor=self.user,
            concern=concern,
            once=form.cleaned_data["once"],
            **form.behaviour_answers(),
        )
        messages.success(self.request, "The behaviour is recorded. Rate it in a reassessment.")
        return url_of(self.referral)


def url_of_behaviour(referral, behaviour):
    """A behaviour by its concern and its number in it."""
    concern = behaviour.involvement.concern.reference
    return reverse("referrals:change_behaviour", args=[referral.reference, concern, behaviour.number])
