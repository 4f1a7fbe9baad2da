"""Ask for a strategy meeting; decide whether one is convened."""

from referrals.forms.meeting import CONVENE, DecideMeetingForm, RequestMeetingForm
from referrals.services import meetings
from referrals.states import MeetingDecisionState
from referrals.views.verb import VerbPage


class RequestMeeting(VerbPage):
    form_class = RequestMeetingForm
    deed = "request_meeting"
    title = "Request a strategy meeting"
    lead = "A social work manager decides the same day. If a child is in danger now, call 999 first."

    def submit(self, form):
        meetings.request_meeting(self.referral.reference, actor=self.user, grounds=form.cleaned_data["grounds"])
        return self.after("A strategy meeting is requested. A social work manager decides.")


class DecideMeeting(VerbPage):
    """On the request that waits; its version is its own."""

    form_class = DecideMeetingForm
    template_name = "referrals/verbs/decide_meeting.html"
    deed = "decide_meeting"
    title = "Decide on the strategy meeting"

    @property
    def request_for_meeting(self):
        return next(m for m in self.reading.meeting_decisions if m.state == MeetingDecisionState.REQUESTED)

    def initial(self):
        return {"version": self.request_for_meeting.version}

    def context(self):
        asked = self.request_for_meeting
        return {
            **super().context(),
            "asked": {
                "by": asked.requested_by.name if asked.requested_by else "",
                "at": asked.requested_at,
                "grounds": asked.grounds,
            },
        }

    def submit(self, form):
        convene = form.cleaned_data["decision"] == CONVENE
        meetings.decide_meeting(
            self.request_for_meeting.reference,
            actor=self.user,
            convene=convene,
            reason=form.cleaned_data["reason"] or "",
            version=form.cleaned_data["version"],
        )
        return self.after("A strategy meeting is to be convened." if convene else "Recorded, with your reason.")
