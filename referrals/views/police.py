"""Calls to the police, and what became of Form 87A."""

from hsb.core import drafts
from hsb.core.refusals import AlreadyMoved
from referrals.forms.police import SENT, PoliceCallForm, PoliceReferralForm
from referrals.permissions import can_excuse_police_referral
from referrals.selectors.beside import police_referral_in_words
from referrals.services import urgent
from referrals.views.urgent import CarriedOn
from referrals.views.verb import VerbPage


class PoliceCall(CarriedOn):
    form_class = PoliceCallForm
    deed = "police_call"
    title = "Record a call to the police"
    lead = "Make the call first. What was said is kept as something shared with the police."

    def submit(self, form):
        cleaned = form.cleaned_data
        referral = urgent.record_police_call(
            self.referral.reference,
            actor=self.user,
            once=cleaned["once"],
            emergency=cleaned["emergency"],
            called_on=cleaned["called"].day,
            called_at=cleaned["called"].time,
            spoke_to=cleaned["spoke_to"],
            police_reference=cleaned["police_reference"],
            what_was_said=cleaned["what_was_said"],
            advice=cleaned["advice"],
        )
        return self.carried_by(referral, "The call to the police")


class PoliceReferral(VerbPage):
    """One Form 87A at a time, the oldest first; its version is its own."""

    form_class = PoliceReferralForm
    template_name = "referrals/verbs/police_referral.html"
    deed = "police_referral"
    title = "Form 87A"

    @property
    def form_87a(self):
        return self.reading.police_referrals_needed[0]

    def form_kwargs(self):
        return {"may_excuse": can_excuse_police_referral(self.form_87a, self.user)}

    def initial(self):
        return {"version": self.form_87a.version, "about": self.form_87a.reference}

    def get(self, request, *args, **kwargs):
        draft = drafts.kept(self.user, drafts.PAGE, request.path)
        if draft is not None and draft.data.get("about") != [self.form_87a.reference]:
            # What was typed was about another Form 87A, which is resolved by now.
            return self.show(form=self.blank_form())
        return super().get(request, *args, **kwargs)

    def context(self):
        return {**super().context(), "forms": police_referral_in_words(self.form_87a)}

    def submit(self, form):
        cleaned = form.cleaned_data
        about = next((p for p in self.reading.police_referrals if p.reference == cleaned["about"]), self.form_87a)
        if about not in self.reading.police_referrals_needed:
            raise AlreadyMoved(reference=self.referral.reference, state=f"Form 87A: {about.get_state_display()}")
        same = {"actor": self.user, "version": cleaned["version"]}
        if cleaned["decision"] == SENT:
            urgent.record_police_referral_sent(
                about.reference,
                sent_to=cleaned["sent_to"],
                sent_how=cleaned["sent_how"],
                sent_on=cleaned["sent"].day,
                sent_at=cleaned["sent"].time,
                consent=cleaned["consent"],
                **same,
            )
            return self.after("Form 87A is recorded as sent.")
        urgent.excuse_police_referral(about.reference, exit_=cleaned["decision"], reason=form.reason(), **same)
        return self.after("Recorded, with your reason: Form 87A is not sent.")
