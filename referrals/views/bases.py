"""Bases of the pages that stand inside the case frame: identity bar, tabs, "Next"."""

from hsb.core.pages import FormPage, Page, find
from referrals.models import Referral
from referrals.selectors.beside import advice_for_all
from referrals.selectors.case import case_frame
from referrals.selectors.notes import held_back_on
from referrals.selectors.reading import Reading


class InCase:
    """Gets the referral the URL names, through `visible_to`, and draws the case frame around the page."""

    # Which tab is lit: a key of selectors.case.TABS; empty for a page behind a button.
    tab = ""

    def prepare(self, reference, **kwargs):
        self.referral = find(Referral, reference, self.user)
        self.record = self.referral.record

    def context(self):
        return {**super().context(), "case": case_frame(self.referral, self.user, tab=self.tab, here=self.request.path)}


class CasePage(InCase, Page):
    """A page that shows, inside the case frame."""


class CaseFormPage(InCase, FormPage):
    """A page that asks, inside the case frame."""

    template_name = "referrals/case_form.html"
    police_advice = ()


class Tells:
    """Before a page on which somebody is about to tell a family or a referrer: what the police advised stands first,
    and of which notes nothing is told yet."""

    @property
    def police_advice(self):
        advised = advice_for_all(Reading.of(self.referral, self.user).police_calls)
        return [*advised, *held_back_on(self.referral)]
