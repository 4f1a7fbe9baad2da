"""Ask for a strategy meeting; decide whether one is convened."""

from django.contrib import messages
from django.http import HttpResponseRedirect

from referrals.forms.meeting import CONVENE, DecideMeetingForm, NewFactsForm, RequestMeetingForm
from referrals.models import Referral
from referrals.selectors.reading import Reading
from referrals.services import meetings
from referrals.services.weighing import Weighed
from referrals.states import MeetingDecisionState
from referrals.views.verb import VerbPage

ALREADY = {
    MeetingDecisionState.REQUESTED: "A strategy meeting is already requested. A social work manager decides.",
    MeetingDecisionState.CONVENED: "A strategy meeting is already to be convened: no second one is asked for.",
}


class RequestMeeting(VerbPage):
    form_class = RequestMeetingForm
    deed = "request_meeting"
    title = "Request a strategy meeting"
    lead = "A social work manager decides the same day. If a child is in danger now, call 999 first."

    def submit(self, form):
        meetings.request_meeting(self.referral.reference, actor=self.user, grounds=form.cleaned_data["grounds"])
        return self.after("A strategy meeting is requested. A social work manager decides.")

    def moved(self, refusal):
        """Opened while there is one: that is said, nobody was first with anything."""
        if self.request.method == "POST":
            return super().moved(refusal)
        referral = Referral.objects.visible_to(self.user).filter(record__reference=refusal.reference).first()
        found = Reading.of(referral, self.user).meeting_decision if referral and not referral.has_ended else None
        if found is None:
            return super().moved(refusal)
        messages.info(self.request, ALREADY[MeetingDecisionState(found.state)])
        return HttpResponseRedirect(self.case_url(refusal.reference))


class NewFacts(VerbPage):
    form_class = NewFactsForm
    deed = "meeting_facts"
    title = "Bring new facts to the strategy meeting"
    lead = "Its chair looks at them the same day. If a child is in danger now, call 999 first."

    def submit(self, form):
        meetings.bring_new_facts(self.referral.reference, actor=self.user, facts=form.cleaned_data["facts"])
        return self.after("The chair of the meeting is asked to look at it today.")


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
            weighed=Weighed(**form.weighed()),
            version=form.cleaned_data["version"],
        )
        return self.after("A strategy meeting is to be convened." if convene else "Recorded, with your reason.")
