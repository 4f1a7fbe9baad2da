"""After the meeting: the minutes, from the minute taker to the chair, to each recipient, and closed (B10)."""

from django.db import transaction
from django.http import Http404

from hsb.core import settings_in_force, words
from hsb.core.refusals import Denied
from strategy_meetings.forms.planning import WhyForm
from strategy_meetings.forms.sitting import AmendForm, DecideAmendmentForm, MinutesForm
from strategy_meetings.permissions import can_decide_amendment
from strategy_meetings.selectors.meeting import SEAT_HEAD, amendment_in_words, seat_rows
from strategy_meetings.selectors.papers import families_without_letter, paper_rows
from strategy_meetings.services import amending, minutes
from strategy_meetings.views.bases import Confirmed, MeetingDeedPage, MeetingFormPage


class WriteMinutes(MeetingDeedPage):
    form_class = MinutesForm
    deed = "write_minutes"
    title = "Write the minutes"

    def form_kwargs(self):
        return {
            "children": [
                (child.number, child.person.known_as, child.closed_minutes, child.version)
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


class Amend(MeetingDeedPage):
    form_class = AmendForm
    deed = "amend"
    title = "Amend the minutes"

    def initial(self):
        return {}

    def form_kwargs(self):
        return {"children": [(c.number, c.person.known_as) for c in self.reading.taking_part if self.reading.opens(c)]}

    def submit(self, form):
        part = form.cleaned_data["part"]
        amending.propose_amendment(
            self.meeting.reference,
            actor=self.user,
            once=form.cleaned_data["once"],
            text=form.cleaned_data["text"],
            child_number=None if part == "shared" else int(part),
        )
        return self.after("The amendment waits for a second person.")


class DecideAmendment(MeetingFormPage):
    form_class = DecideAmendmentForm
    template_name = "strategy_meetings/decide_amendment.html"
    looked_at_as = "amend"
    title = "Decide on an amendment of the minutes"

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        self.amendment = self.meeting.amendments.select_related("proposed_by").filter(number=number).first()
        if self.amendment is None:
            raise Http404
        self.amendment.meeting = self.meeting
        if not can_decide_amendment(self.amendment, self.user):
            raise Denied(record=self.record, verb="decide_amendment")
        if self.amendment.agreed is not None:
            self.refuse_as_moved()

    def context(self):
        return {**super().context(), "amendment": amendment_in_words(self.amendment, self.reading)}

    def submit(self, form):
        agree = form.cleaned_data["decision"] == "agree"
        amending.decide_amendment(
            self.meeting.reference,
            self.amendment.number,
            actor=self.user,
            agree=agree,
            reason=form.cleaned_data["reason"],
        )
        return self.after("The minutes are amended." if agree else "Recorded: the minutes stay as they are.")


class Circulate(Confirmed):
    deed = "circulate"
    title = "Record that the minutes are circulated"
    template_name = "strategy_meetings/circulate.html"

    @property
    def lead(self):
        days = words.count(settings_in_force.value("meeting_access_working_days"), "working day")
        return (
            "This service sends nothing: you gave each recipient their copy. Chair and minute taker open this meeting, "
            f"and the children's records, for {days} more."
        )

    def context(self):
        return {
            **super().context(),
            "columns": ("Document", "For whom", "Made", "Went out"),
            "papers": paper_rows(self.reading),
            "without_letter": families_without_letter(self.reading),
            "seats": seat_rows(self.reading),
            "seat_head": SEAT_HEAD,
        }

    service = staticmethod(minutes.circulate)
    said = "The minutes are circulated."


class Close(Confirmed):
    deed = "close"
    title = "Close the meeting"
    lead = "What was agreed for each child goes on, on the child's own record."
    service = staticmethod(minutes.close_meeting)
    said = "The meeting is closed."
