"""A strategy discussion by telephone, recorded by the social work manager who held it."""

from referrals.permissions import can_decide_meeting
from strategy_meetings.forms.telephone import TelephoneForm
from strategy_meetings.services.telephone import record_discussion
from strategy_meetings.views.bases import AboutReferral


class Telephone(AboutReferral):
    form_class = TelephoneForm
    title = "Record a strategy discussion by telephone"
    lead = "Between you and the police, where it cannot wait for a meeting. The network meets within 5 working days."
    looked_at_as = "telephone"
    verb = "record_discussion"

    def may(self):
        return can_decide_meeting(None, self.user)

    def waits(self):
        return self.referral.is_open

    def submit(self, form):
        typed = dict(form.cleaned_data)
        if typed["meeting_follows"]:
            typed["no_meeting_because"] = ""
        record_discussion(self.referral.reference, actor=self.user, **typed)
        self.done = "The discussion is recorded."
        return self.back_url
