"""A strategy discussion by telephone, recorded by the social work manager who held it."""

from django.urls import reverse

from hsb.core.door import last_moved
from hsb.core.pages import FormPage, find
from hsb.core.refusals import AlreadyMoved, Denied
from referrals.models import Referral
from referrals.permissions import can_decide_meeting
from referrals.selectors.case import case_frame
from strategy_meetings.forms.telephone import TelephoneForm
from strategy_meetings.services.telephone import record_discussion
from strategy_meetings.views.bases import Refusing


class Telephone(Refusing, FormPage):
    form_class = TelephoneForm
    template_name = "referrals/case_form.html"
    title = "Record a strategy discussion by telephone"
    lead = "Between you and the police, where it cannot wait for a meeting. The network meets within 5 working days."
    looked_at_as = "telephone"

    def prepare(self, reference):
        self.referral = find(Referral, reference, self.user)
        self.record = self.referral.record
        self.meeting_url = reverse("referrals:case", args=[reference])
        if not can_decide_meeting(None, self.user):
            raise Denied(record=self.record, verb="record_discussion")
        if not self.referral.is_open:
            raise AlreadyMoved(
                reference=reference, state=self.referral.state_in_words, verb="telephone", **last_moved(self.record)
            )

    def context(self):
        return {
            **super().context(),
            "case": case_frame(self.referral, self.user, tab="meetings", here=self.request.path),
        }

    def submit(self, form):
        typed = dict(form.cleaned_data)
        if typed["meeting_follows"]:
            typed["no_meeting_because"] = ""
        record_discussion(self.referral.reference, actor=self.user, **typed)
        self.done = "The discussion is recorded."
        return reverse("strategy_meetings:of_referral", args=[self.referral.reference])
