"""A young person turns 18: what follows is planned, and a manager decides. Both are read on the tab "Plan"."""

from django.urls import reverse

from hsb.core.numbers import last_number
from referrals.forms.coming_of_age import DecideAt18Form, WhatFollowsForm
from referrals.models import DecisionAt18, WhatFollows
from referrals.selectors import coming_of_age as reading
from referrals.selectors import deeds
from referrals.services import coming_of_age
from referrals.states import ENDS_AT_18, ReferralState
from referrals.views.verb import VerbPage


class At18(VerbPage):
    """`model` is the table of which another row is written; the version of the page is the number of the last one."""

    tab = "plan"
    template_name = "referrals/plan/at_18.html"
    model = None

    @property
    def state_in_words(self):
        if self.referral.has_ended:
            return self.referral.state_in_words
        return reading.turning_in_words(self.referral) or "Not yet 17 and a half, or the date of birth is not known"

    def initial(self):
        return {"version": last_number(self.model.objects.filter(referral=self.referral))}

    def context(self):
        return {
            **super().context(),
            "turning": reading.turning_in_words(self.referral),
            "standing_plan": reading.latest_plan(self.referral),
        }

    def tab_url(self):
        return f"{reverse('referrals:plan', args=[self.referral.reference])}#at-18"


class PlanWhatFollows(At18):
    form_class = WhatFollowsForm
    model = WhatFollows
    deed = "what_follows"
    title = "What follows at 18"
    lead = "What is saved stays. Where it changes, write it again: the latest stands, and those before it are kept."

    def submit(self, form):
        coming_of_age.plan_what_follows(self.referral.reference, actor=self.user, **form.cleaned_data)
        self.after("What follows at 18 is saved.")
        return self.tab_url()


class DecideAt18(At18):
    form_class = DecideAt18Form
    model = DecisionAt18
    deed = "decide_at_18"
    title = "Decide: the young person is 18"
    lead = "Does the work end here, is it passed to adult services, or does something still run that must end first?"

    def submit(self, form):
        decided = coming_of_age.decide_at_18(self.referral.reference, actor=self.user, **form.cleaned_data)
        if decided.outcome not in ENDS_AT_18:
            self.after("Your decision is saved. You are asked again on that day.")
            return self.tab_url()
        if self.referral.state == ReferralState.CLOSING_PROPOSED:
            return self._to_close()
        if self.referral.is_undecided:
            self.after("Your decision is saved. The referral is closed where it is decided what happens.")
            return self.tab_url()
        self.after("Your decision is saved. Whoever works with the young person proposes closing next.")
        return self.tab_url()

    def _to_close(self):
        """Closing is proposed already: on to it, where it is the reader's."""
        opens = deeds.standing(self.reading, "close").opens
        self.after("Your decision is saved. Closing is proposed already.")
        return reverse("referrals:close", args=[self.referral.reference]) if opens else self.tab_url()
