"""What the pages of an assessment share: the one that is written on now, saving, and two people on one page."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render

from hsb.core import drafts, words
from hsb.core.forms import DateField
from hsb.core.refusals import Denied
from referrals.models import RiskAssessment
from referrals.models.assessments import PAGES
from referrals.permissions import can_write_assessment
from referrals.selectors import ages
from referrals.selectors.assessment import returned
from referrals.selectors.assessment_answers import rows_of
from referrals.selectors.assessment_pages import (
    ALL,
    BEHAVIOURS,
    FULL,
    JUDGEMENTS,
    SAFETY,
    SHORT,
    is_in_work,
    url_after,
    url_of,
)
from referrals.selectors.concerns import reported_of
from referrals.selectors.instruments import asking_trained_today
from referrals.selectors.reading import Reading
from referrals.services import assessing
from referrals.views.bases import CaseFormPage

# Hidden fields that say on what a form was opened.
TOKENS = ("version", "behaviour_version", "was")


class OnAssessment:
    """Gets the assessment that is written on now. Not begun or not this child's page: 404; no right to write: 403."""

    tab = "assessment"
    looked_at_as = "assessment"
    key = ""
    # What is next is this: the frame need not say so beside it.
    is_next = True

    def prepare(self, reference, **kwargs):
        super().prepare(reference, **kwargs)
        reading = Reading.of(self.referral, self.user)
        # The parts are known to all who ask the referral for them.
        self.versions, _ = reading.assessments, reading.parts
        self.assessment = next(reversed(self.versions), None)
        if self.assessment is None or not self.belongs():
            raise Http404
        if not can_write_assessment(self.assessment, self.user):
            raise Denied(record=self.record, verb="save_page")

    def asked_beside(self):
        return [*super().asked_beside(), asking_trained_today(self.user)]

    def belongs(self):
        """Whether this child's side has the page at all: a child who was harmed has none about a category (B1)."""
        if self.key in SAFETY:
            return self.referral.has_safety_page
        if self.key in (SHORT.key, *JUDGEMENTS[:-1], *FULL):
            return self.referral.has_category
        return self.referral.has_category or self.referral.has_safety_page

    def get(self, request, *args, **kwargs):
        if not is_in_work(self.assessment):
            return HttpResponseRedirect(url_of(self.referral))
        return super().get(request, *args, **kwargs)

    def get_title(self):
        return ALL[self.key].title

    def context(self):
        return {
            **super().context(),
            "back_url": url_of(self.referral),
            "returned": returned(self.assessment),
            "reported": reported_of(self.referral, self.user) if self.key in (SHORT.key, BEHAVIOURS) else [],
            "ages": self.ages(),
            "last_time": self.last_time(),
        }

    def ages(self):
        """Everybody's age at the time, beside the questions about consent (B20)."""
        if self.key not in ("category", SHORT.key, BEHAVIOURS):
            return []
        return ages.at_the_time(self.referral, self.user, self.assessment.category)

    def last_time(self):
        """Last time's answers to this page, where there was one."""
        if self.assessment.number == 1:
            return None
        before = self.versions[-2]
        parts = [part for part in ALL[self.key].saves if part != BEHAVIOURS]
        return {
            "title": f"Last time: assessment {before.number}",
            "by": f"Submitted by {before.submitted_by.name} on {words.day(before.submitted_at)}."
            if before.submitted_by_id
            else "",
            "rows": [row for part in parts for row in rows_of(before, part)],
        }


class AssessmentFormPage(OnAssessment, CaseFormPage):
    """One page with a form. Set `key`, `form_class`; override `initial` where the form's names are its own."""

    template_name = "referrals/assessment/page.html"

    def initial(self):
        names = PAGES.get(self.form_class.part, ())
        return {name: getattr(self.assessment, name) for name in names} | {"version": self.assessment.version}

    def submit(self, form):
        self.save(form)
        if form.unfinished:
            messages.success(self.request, "Saved. You can come back to it at any time.")
            return url_of(self.referral)
        return url_after(self.now(), self.key)

    def save(self, form):
        assessing.save_page(
            self.assessment.reference,
            actor=self.user,
            page=form.part,
            answers=form.answers(),
            version=form.cleaned_data["version"],
        )

    def now(self):
        """The assessment as it stands after saving."""
        return RiskAssessment.at(self.assessment.reference).get()

    # --- Somebody else was first ---
    def both_versions(self, form, refusal):
        """409: what stands now beside what was typed, both in words, where they differ."""
        self.prepare(**self.kwargs)
        now = self.blank_form()
        pairs = [
            {"label": bound.label, "name": name, "theirs": in_words(now, name), "yours": in_words(form, name)}
            for name, bound in ((bound.name, bound) for bound in form)
            if not bound.is_hidden
        ]
        # With the tokens of what is shown now: with its own, the page opened again would be refused again; and of a
        # change after this one its author must be told as well.
        typed = self.request.POST.copy()
        shown = self.initial()
        for token in TOKENS:
            typed.pop(token, None)
            if token in shown:
                typed[token] = str(shown[token])
        drafts.keep_page(self.user, self.request.path, typed)
        context = {
            "title": "Somebody else changed this first",
            "conflicts": [pair for pair in pairs if pair["theirs"] != pair["yours"]],
            "who": refusal.who,
            "when": refusal.when,
            "url": self.request.path,
        }
        return render(self.request, "409.html", context, status=409)


def in_words(form, name):
    """An answer as a person reads it, of a bound form or of one that shows what stands now."""
    if name not in form.fields:
        return ""
    value = form[name].value()
    field = form.fields[name]
    if isinstance(field, DateField):
        day = value if isinstance(value, date) else field.read(value).day
        return words.day(day) or " ".join(filter(None, value or []))
    choices = {str(code): str(text) for code, text in getattr(field, "choices", ())}
    values = value if isinstance(value, (list, tuple)) else [value]
    return ", ".join(choices.get(str(v), str(v)) for v in values if v not in (None, ""))
