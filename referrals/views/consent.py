"""Consent of a child: the page of what stands; an answer recorded, and recorded anew; Early Help decided again."""

from django.urls import reverse

from referrals.forms.consent import ConsentForm, DecideHelpForm, ReplaceConsentForm, typed_of
from referrals.permissions import can_record_consent
from referrals.selectors import consent as reading
from referrals.selectors import deeds
from referrals.selectors.case import age_in_words
from referrals.services import consent
from referrals.states import HelpDecision
from referrals.views.bases import CasePage
from referrals.views.verb import RecordsAnew, VerbPage


class Consent(CasePage):
    template_name = "referrals/consent/page.html"
    title = "Consent"
    looked_at_as = "consent"
    tab = "people"

    def context(self):
        return {**super().context(), "consent": reading.consent_page(self.referral, self.user)}


class ConsentVerb(VerbPage):
    tab = "people"
    done = "The answer is recorded. Nobody can change it: what was wrong is recorded anew beside it."

    @property
    def lead(self):
        child = f"{self.referral.person.known_as}: {age_in_words(self.referral.person).lower()}"
        return (
            f"{child}. Whether a child understands what is asked is yours to judge: no age decides it. Statutory work "
            "and keeping a child safe do not wait for consent."
        )

    def standing_of(self, *, in_time=True):
        what = deeds.Deed(self.deed, self.title, "Before an answer can be recorded")
        allowed = can_record_consent(self.referral, self.user)
        return deeds.Standing(what, in_time=in_time, allowed=allowed, unmet=reading.unmet(self.referral))

    def form_kwargs(self):
        return {"carers": reading.carers(self.referral, self.user)}

    def page_url(self):
        return reverse("referrals:consent", args=[self.referral.reference])


class RecordConsent(ConsentVerb):
    form_class = ConsentForm
    deed = "record_consent"
    title = "Record an answer about consent"

    def find_standing(self, **kwargs):
        return self.standing_of()

    def initial(self):
        return {}

    def submit(self, form):
        consent.record_consent(self.referral.reference, actor=self.user, **form.answers())
        return self.page_url()


class ReplaceConsent(RecordsAnew, ConsentVerb):
    form_class = ReplaceConsentForm
    deed = "replace_consent"
    title = "Record an answer about consent anew"

    def row_at(self, number):
        return reading.answer_at(self.referral, number)

    def initial(self):
        return typed_of(self.old)

    def submit(self, form):
        consent.replace_consent(self.referral.reference, actor=self.user, number=self.number, **form.answers())
        return self.page_url()


class DecideHelp(VerbPage):
    form_class = DecideHelpForm
    deed = "decide_help"
    title = "Decide again on Early Help"
    lead = (
        "Early Help rests on agreement, and somebody said no to it. Weigh what the risk is without it: it can stay "
        "with those who agree, step up, or be closed."
    )
    # Decision -> the deed to which it leads.
    NEXT = {HelpDecision.STEP_UP: "step_up", HelpDecision.CLOSE: "propose_closing"}

    def initial(self):
        return {}

    @property
    def consent_facts(self):
        return reading.about_early_help(self.referral, self.user)

    def submit(self, form):
        decision = form.cleaned_data["decision"]
        consent.decide_help(self.referral.reference, actor=self.user, **form.cleaned_data)
        self.after("Your decision is recorded.")
        code = self.NEXT.get(decision)
        if code and deeds.standing(self.reading, code).opens:
            return deeds.url_of(code, self.referral)
        return self.case_url(self.referral.reference)
