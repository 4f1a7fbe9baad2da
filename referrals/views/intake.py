"""Logging a concern, in three steps: who is involved, what was reported, check (practice.md B5, B8, B19, B22).

Everything typed is kept on the server under a key of its own, for its author alone; nothing is a record before the
last button. The draft's key is what makes a double click one concern.
"""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from hsb.core import drafts
from hsb.core.pages import FormPage
from hsb.core.refusals import NotReady
from referrals.forms.concern_draft import ConcernDraft, posted
from referrals.forms.intake import CheckForm, ThrowAwayForm, WhatForm
from referrals.forms.involved import (
    SearchForm,
)
from referrals.selectors.concerns import (
    begun_concerns,
    logged_from,
    unfinished_concern,
    unfinished_concerns,
)
from referrals.services import concern_drafts


class LogConcern(FormPage):
    """The first look for somebody; with it the unfinished concern begins."""

    template_name = "referrals/intake/people.html"
    title = "Who is involved?"
    caption = "Log a concern: step 1 of 3"
    form_class = SearchForm

    def submit(self, form):
        key = str(form.cleaned_data["key"])
        concern_drafts.search(self.user, key, form.terms())
        return f"{reverse('referrals:concern_people', args=[key])}#found"

    def context(self):
        return {
            "people": [],
            "found": None,
            "unfinished": unfinished_concerns(begun_concerns(self.user)),
            "onward": "",
            "throw_away": "",
        }


class DraftPage(FormPage):
    """A page of an unfinished concern: its author's alone. One that was logged meanwhile leads to what was made."""

    caption = "Log a concern: step 1 of 3"

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            made = logged_from(self.user, kwargs["key"])
            if not made:
                raise
            return HttpResponseRedirect(reverse("referrals:logged", args=[made]))

    def prepare(self, key, **kwargs):
        self.key = str(key)
        data = unfinished_concern(self.user, self.key)
        if data is None:
            raise Http404
        self.data = data
        self.draft = ConcernDraft(self.user, self.key, data)

    def context(self):
        return {**super().context(), "caption": self.caption}

    def address(self, name, *more):
        return self.draft.address(name, *more)


class ConcernWhat(DraftPage):
    """Step 2: what was reported."""

    template_name = "referrals/intake/what.html"
    title = "What was reported?"
    caption = "Log a concern: step 2 of 3"
    form_class = WhatForm

    def form_kwargs(self):
        return {"births": self.draft.births()}

    def blank_form(self):
        return as_typed(self, self.data.get("what"))

    def post(self, request, *args, **kwargs):
        if "later" not in request.POST:
            return super().post(request, *args, **kwargs)
        concern_drafts.keep_what(self.user, self.key, request.POST)
        drafts.drop(self.user, drafts.PAGE, request.path)
        messages.success(request, "Kept for you. You find it under 'Log a concern' when you come back.")
        return HttpResponseRedirect(reverse("referrals:log_concern"))

    def submit(self, form):
        concern_drafts.keep_what(self.user, self.key, self.request.POST)
        return self.address("concern_check")

    def context(self):
        return {**super().context(), "back_url": self.address("concern_people")}


class ConcernCheck(DraftPage):
    """Step 3: everything once more, and the button."""

    template_name = "referrals/intake/check.html"
    title = "Check your answers"
    caption = "Log a concern: step 3 of 3"
    form_class = CheckForm

    def submit(self, form):
        missing = self.draft.missing()
        if missing:
            raise NotReady(*(each["text"] for each in missing))
        logged = concern_drafts.log(self.user, self.key, **self.draft.for_service())
        return reverse("referrals:logged", args=[logged.concern.reference])

    def context(self):
        return {
            **super().context(),
            "back_url": self.address("concern_what"),
            "missing": self.draft.missing(),
            "people": [
                {
                    "name": part.name,
                    "line": part.line,
                    "rows": part.summary(),
                    "change_url": self.address("concern_person", part.number),
                }
                for part in self.draft.people
            ],
            "what": self.draft.what_summary(),
            "what_url": self.address("concern_what"),
            "people_url": self.address("concern_people"),
        }


class ThrowAway(DraftPage):
    """The unfinished concern is not to be logged: asked twice, for it is gone then."""

    template_name = "referrals/intake/sure.html"
    title = "Throw this unfinished concern away?"
    done = "The unfinished concern is gone. Nothing was logged."
    form_class = ThrowAwayForm

    def submit(self, form):
        concern_drafts.throw_away(self.user, self.key)
        return reverse("referrals:log_concern")

    def context(self):
        return {
            **super().context(),
            "back_url": self.address("concern_people"),
            "follows": "Everything you typed for it is forgotten, and nobody is told. If it might matter, log it.",
        }


def as_typed(page, raw):
    """The page's form filled with what was kept, without complaints; fresh where nothing was."""
    if not raw:
        return page.form_class(initial=page.initial(), **page.form_kwargs())
    form = page.bound_form(posted(raw))
    form._errors = {}
    return form
