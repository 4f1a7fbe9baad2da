"""Bases of the pages that stand inside the case frame: identity bar, tabs, "Next"."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from hsb.core.pages import FormPage, Page, find
from hsb.core.refusals import Denied
from hsb.core.riding import announce
from referrals.models import Referral
from referrals.selectors.beside import advice_for_all
from referrals.selectors.case import case_frame, moved_away
from referrals.selectors.held_back import held_back_on
from referrals.selectors.reading import Reading, what_hangs


class InCase:
    """Gets the referral the URL names, through `visible_to`, and draws the case frame around the page."""

    # Which tab is lit: a key of selectors.case.TABS; empty for a page behind a button.
    tab = ""
    # What is read with the referral: a page that shows more of it has selectors.reading.what_hangs_with.
    beside = staticmethod(what_hangs)

    def prepare(self, reference, **kwargs):
        self.referral = find(Referral, reference, self.user, beside=self.beside)
        self.record = self.referral.record
        # The frame asks it, whatever the page asks before.
        announce(*Reading.of(self.referral, self.user).asking_of_the_police())

    def context(self):
        return {**super().context(), "case": case_frame(self.referral, self.user, tab=self.tab, here=self.request.path)}


class CasePage(InCase, Page):
    """A page that shows, inside the case frame."""


class CaseFormPage(InCase, FormPage):
    """A page that asks, inside the case frame."""

    template_name = "referrals/case_form.html"
    police_advice = ()

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except (Http404, Denied):
            refusal = self.moved_out_of_sight(kwargs["reference"]) if request.method == "POST" else None
            if refusal is None:
                raise
            shown = {"moved": refusal, "url": reverse("overview:my_work")}
            shown["typed"] = typed_in(self.form_asked(), request.POST)
            return render(request, "referrals/verbs/moved_away.html", shown, status=409)

    def moved_out_of_sight(self, reference):
        """AlreadyMoved where the reader could open the record when this page was drawn, and cannot any more."""
        return None if self.sees(reference) else moved_away(reference, self.user)

    def sees(self, reference):
        return Referral.objects.visible_to(self.user).filter(record__reference=reference).exists()

    def form_asked(self):
        """The class of the form at this address, before anything is prepared."""
        return self.form_class


class Tells:
    """Before a page on which somebody is about to tell a family or a referrer: what the police advised stands first,
    and of what nothing is told yet."""

    @property
    def police_advice(self):
        advised = advice_for_all(Reading.of(self.referral, self.user).police_calls)
        return [*advised, *held_back_on(self.referral, self.user)]


def typed_in(form_class, posted):
    """What was typed or chosen, field by field: [{"label", "text"}]; of a choice its words, where they are known."""
    found = []
    for name, field in form_class.base_fields.items() if form_class else ():
        typed = "" if field.widget.is_hidden else field.widget.value_from_datadict(posted, {}, name)
        parts = typed if isinstance(typed, (list, tuple)) else [typed]
        if hasattr(field, "choices"):
            known = {str(code): said for code, said in field.choices}
            parts = [known[part] for part in parts if part in known]
        if text := " ".join(str(part) for part in parts if part):
            found.append({"label": field.label, "text": text})
    return found
