"""Asking for access: to what the reader's own search met, or to a reference. Nothing of the record is shown (B8)."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from hsb.core.pages import FormPage
from hsb.core.refusals import Denied
from hsb.core.timescales import timescale
from hsb.overview.forms.asking import AskAccessForm
from hsb.overview.selectors.search import SHOWN, own_terms
from referrals.models import Referral
from referrals.selectors import access_requests, emergencies
from referrals.services.access_requests import ASK, ask, ask_by_reference


class Asking(FormPage):
    template_name = "overview/ask_access.html"
    title = "Ask for access to a record"
    form_class = AskAccessForm

    def get(self, request, *args, **kwargs):
        return self.to_the_case() or super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return self.to_the_case() or super().post(request, *args, **kwargs)

    def to_the_case(self):
        """Where the reader may open it by now, there is nothing to ask."""
        reference = self.open_already()
        return HttpResponseRedirect(reverse("referrals:case", args=[reference])) if reference else None

    def asked(self):
        return access_requests.own(self.user, *self.asked_for)

    def context(self):
        return {
            "columns": access_requests.COLUMNS,
            "asked": self.asked(),
            "about": self.about,
            "soon": timescale("answer_access").in_words,
            "back": self.back,
        }


class AskAccess(Asking):
    """`reference` is a search of the reader's own, `hit` one child that it met: anybody else finds no such page."""

    def prepare(self, reference, hit):
        terms = own_terms(self.user, reference)
        self.target = emergencies.target(self.user, terms, hit, SHOWN + 1) if terms is not None else None
        if self.target is None:
            raise Http404
        if self.target.barred_on is not None:
            raise Denied(emergencies.BARRED, record=self.target.barred_on, verb=ASK)
        self.back = reverse("overview:search_results", args=[reference])

    def open_already(self):
        return self.target.reference

    @property
    def asked_for(self):
        return self.target.references

    @property
    def about(self):
        if self.target.name:
            return f"{self.target.name}: open referral with {self.target.team}."
        return "The restricted record that your search met." if self.asked_for else ""

    def show(self, status=200, **more):
        return super().show(status, **more) if self.asked_for else super().show(status, **more | {"form": None})

    def submit(self, form):
        if not self.asked_for:
            raise Http404
        ask(*self.asked_for, actor=self.user, **form.cleaned_data)
        messages.success(self.request, "Your request was sent to a manager. You are told what they answer.")
        return self.back


class AskAccessByReference(Asking):
    """The same page whatever stands under the reference, and for whoever is barred: it says nothing of a record."""

    back = ""

    def prepare(self, reference):
        reference = reference.strip().upper()
        self.asked_for = (reference,)
        self.about = f"The record {reference}."

    def asked(self):
        """What was not answered yet would say that there is such a record."""
        return access_requests.own(self.user, *self.asked_for, answered=True)

    def open_already(self):
        reference = self.asked_for[0]
        return reference if Referral.at(reference).visible_to(self.user).exists() else ""

    def submit(self, form):
        ask_by_reference(self.asked_for[0], actor=self.user, **form.cleaned_data)
        messages.success(
            self.request,
            f"If there is a record {self.asked_for[0]} for which you can ask, a manager was asked. You are "
            "told if they answer.",
        )
        return reverse("overview:home")
