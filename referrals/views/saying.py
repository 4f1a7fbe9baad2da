"""What may be said to a child and a family; and the neutral summary for the borough's main system."""

from hsb.core import clock
from referrals.forms.main_system import CopiedForm
from referrals.permissions import can_copy_summary
from referrals.selectors import deeds
from referrals.selectors.main_system import VERB, copied, copies_are_due, summary_text
from referrals.selectors.saying import what_may_be_said
from referrals.services.main_system import record_copied
from referrals.views.bases import CasePage
from referrals.views.verb import VerbPage


class WhatMayISay(CasePage):
    template_name = "referrals/say.html"
    title = "What may I say?"
    looked_at_as = "say"

    def context(self):
        return {**super().context(), "say": what_may_be_said(self.referral, self.user)}


class CopySummary(VerbPage):
    form_class = CopiedForm
    template_name = "referrals/main_system.html"
    deed = VERB
    title = "Copy a neutral summary"
    lead = (
        "More people read the borough's main system than may open this record. The text names no child and says "
        "nothing of what happened: copy it as it is."
    )

    @property
    def warning(self):
        if not self.record.restricted:
            return ""
        return "This record is restricted. Ask the manager who restricted it before you copy anything out of it."

    def find_standing(self, **kwargs):
        allowed = can_copy_summary(self.referral, self.user)
        return deeds.Standing(deeds.Deed(self.deed, self.title), copies_are_due(self.referral), allowed)

    def initial(self):
        return {**super().initial(), "copied_on": clock.today()}

    def context(self):
        return {**super().context(), "summary": summary_text(self.referral), "copied": copied(self.referral)}

    def submit(self, form):
        typed = form.cleaned_data
        record_copied(self.referral.reference, actor=self.user, copied_on=typed["copied_on"], version=typed["version"])
        return self.after("Recorded: the summary stands in the main system.")
