"""A concern: what happens next after logging, and its own page (practice.md B6, B7)."""

from hsb.core import words
from hsb.core.pages import Page, find
from hsb.core.riding import announce
from referrals.models import Concern
from referrals.selectors.concern_deeds import add_url, correct_url
from referrals.selectors.concern_facts import asking_history, history
from referrals.selectors.concerns import concern_page
from referrals.selectors.next_steps import after_logging

DEEDS = {"add_url": add_url, "correct_url": correct_url}


class ConcernBase(Page):
    def prepare(self, reference):
        self.concern = find(Concern, reference, self.user)
        self.record = self.concern.record


class Logged(ConcernBase):
    """It is logged: each child's referral, who does what by when."""

    template_name = "referrals/intake/logged.html"
    title = "Concern logged"
    looked_at_as = "logged"

    def context(self):
        return after_logging(self.concern, self.user)


class ConcernPage(ConcernBase):
    """What was reported, who is involved as this reader may see them, and Form 87A."""

    template_name = "referrals/concern/concern.html"
    looked_at_as = "concern"

    def get_title(self):
        return f"Concern reported on {words.day(self.concern.reported_on)}"

    def context(self):
        announce(*asking_history(self.concern, self.user))
        shown = concern_page(self.concern, self.user)
        more = {name: self._first(url, shown["opened"]) for name, url in DEEDS.items()}
        return {"concern": {**shown, **more}, "changes": history(self.concern, self.user)}

    def _first(self, url, referrals):
        """Where it is done from the first of these referrals on which the reader may; "" where there is none."""
        return next(filter(None, (url(self.concern, referral, self.user) for referral in referrals)), "")
