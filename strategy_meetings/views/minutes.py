"""After the meeting: the minutes, from the minute taker to the chair, to each recipient, and closed (B10)."""

from django.db import transaction

from strategy_meetings.forms.planning import WhyForm
from strategy_meetings.forms.sitting import MinutesForm
from strategy_meetings.services import minutes
from strategy_meetings.views.bases import Confirmed, MeetingDeedPage


class WriteMinutes(MeetingDeedPage):
    form_class = MinutesForm
    deed = "write_minutes"
    title = "Write the minutes"

    def form_kwargs(self):
        return {
            "children": [
                (child.number, child.person.known_as, child.closed_minutes)
                for child in self.reading.taking_part
                if self.reading.opens(child)
            ]
        }

    def initial(self):
        return {**super().initial(), "shared": self.meeting.shared_minutes}

    def submit(self, form):
        sends = "send" in self.request.POST
        with transaction.atomic():
            meeting = minutes.write_minutes(
                self.meeting.reference,
                actor=self.user,
                shared=form.cleaned_data["shared"],
                closed=form.closed(),
                version=form.cleaned_data["version"],
            )
            if sends:
                minutes.submit_minutes(meeting.reference, actor=self.user)
        return self.after("The minutes are with the chair." if sends else "The minutes are saved.")


class SubmitMinutes(Confirmed):
    deed = "submit_minutes"
    title = "Send the minutes to the chair"
    service = staticmethod(minutes.submit_minutes)
    said = "The minutes are with the chair."


class ApproveMinutes(Confirmed):
    deed = "approve_minutes"
    title = "Confirm the minutes"
    template_name = "strategy_meetings/confirm_minutes.html"
    service = staticmethod(minutes.approve_minutes)
    said = "The minutes are confirmed. They can go out."

    def context(self):
        closed = [
            {"name": child.person.known_as, "text": child.closed_minutes}
            for child in self.reading.taking_part
            if child.closed_minutes and self.reading.opens(child)
        ]
        return {**super().context(), "shared": self.meeting.shared_minutes, "closed": closed}


class ReturnMinutes(MeetingDeedPage):
    form_class = WhyForm
    deed = "return_minutes"
    title = "Return the minutes"

    def submit(self, form):
        minutes.return_minutes(
            self.meeting.reference,
            actor=self.user,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
        return self.after("The minutes are back with the minute taker.")


class Circulate(Confirmed):
    deed = "circulate"
    title = "Record that the minutes are circulated"
    lead = "Each recipient gets the copy that is theirs. You open this meeting for 20 working days more."
    service = staticmethod(minutes.circulate)
    said = "The minutes are circulated."


class Close(Confirmed):
    deed = "close"
    title = "Close the meeting"
    lead = "What was agreed for each child goes on, on the child's own record."
    service = staticmethod(minutes.close_meeting)
    said = "The meeting is closed."
