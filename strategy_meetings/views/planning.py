"""Before the meeting: planned, arranged, invited to, postponed, cancelled; who is asked."""

from datetime import datetime

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from hsb.people.models import User
from hsb.people.states import Role
from referrals.selectors.chronology import new_facts
from referrals.services import meetings
from strategy_meetings.forms.planning import (
    AddSeatForm,
    ArrangeForm,
    ChildrenForm,
    EditSeatForm,
    NewFactsForm,
    PlanForm,
    TakeOverForm,
    WhyForm,
)
from strategy_meetings.selectors import plans
from strategy_meetings.selectors.seats import seats_read_by
from strategy_meetings.services import planning, sitting
from strategy_meetings.states import NOT_INVITED
from strategy_meetings.views.bases import AboutReferral, Confirmed, MeetingDeedPage


def people(form):
    """Chair, minute taker, day and instant, as the services take them."""
    day, hour = form.cleaned_data["at"]
    taker = form.cleaned_data["minute_taker"]
    return {
        "planned_on": day,
        "starts_at": timezone.make_aware(datetime.combine(day, hour)) if hour else None,
        "place": form.cleaned_data["place"],
        "chair": User.objects.get(reference=form.cleaned_data["chair"]),
        "minute_taker": User.objects.get(reference=taker) if taker else None,
    }


class Schedule(AboutReferral):
    """The chair plans the meeting of a child for whom one is convened."""

    form_class = PlanForm
    title = "Plan the strategy meeting"
    lead = "The network is invited: social work, the allocated police, education and health."
    looked_at_as = "schedule_meeting"
    verb = "plan_meeting"

    def prepare(self, reference):
        super().prepare(reference=reference)
        self.concern = plans.concern_of(self.referral)
        if self.concern is None:
            raise Http404

    def may(self):
        return self.user.has_role(Role.CHAIR)

    def waits(self):
        self.decision = plans.to_schedule(self.referral)
        return self.decision is not None

    def form_kwargs(self):
        return {"others": plans.others_of(self.referral, self.concern), **plans.to_choose()}

    def initial(self):
        return {"chair": self.user.reference}

    def submit(self, form):
        meeting = planning.plan(
            self.decision.reference,
            actor=self.user,
            once=form.cleaned_data["once"],
            concern=self.concern,
            left_out=form.left_out(),
            **people(form),
        )
        self.done = "The meeting is planned. Set what is missing, name who is asked, then invite them."
        return reverse("strategy_meetings:meeting", args=[meeting.reference])


class NewFacts(AboutReferral):
    """New facts about a child for whom a meeting is to be held: its chair says what follows (B9)."""

    form_class = NewFactsForm
    template_name = "strategy_meetings/new_facts.html"
    title = "New facts before the strategy meeting"
    looked_at_as = "new_facts"
    verb = "answer_new_facts"

    def may(self):
        return self.user.has_role(Role.CHAIR)

    def waits(self):
        return self.record.tasks.open().filter(kind="meeting_facts").exists()

    def context(self):
        return {**super().context(), "facts": new_facts(self.referral)}

    def submit(self, form):
        meetings.answer_new_facts(self.referral.reference, actor=self.user, reason=form.cleaned_data["reason"])
        self.done = "Recorded."
        planned = plans.meeting_to_come(self.referral)
        if "sooner" in self.request.POST and planned is not None:
            return reverse("strategy_meetings:arrange", args=[planned.reference])
        return self.subject_url


class Arrange(MeetingDeedPage):
    form_class = ArrangeForm
    deed = "arrange"
    title = "Set the day, place and people"

    def form_kwargs(self):
        meeting = self.meeting
        return {
            **plans.to_choose(meeting.chair, meeting.minute_taker),
            "invited": meeting.state not in NOT_INVITED,
        }

    def initial(self):
        meeting = self.meeting
        return {
            **super().initial(),
            "at": meeting.starts_at or meeting.planned_on,
            "place": meeting.place,
            "chair": meeting.chair.reference,
            "minute_taker": meeting.minute_taker.reference if meeting.minute_taker_id else "",
        }

    def submit(self, form):
        planning.arrange(self.meeting.reference, actor=self.user, version=form.cleaned_data["version"], **people(form))
        return self.after("The meeting is set.")


class EditSeat(MeetingDeedPage):
    """Names who sits there, or says whether they came."""

    form_class = EditSeatForm
    deed = "add_seat"
    title = "Somebody asked to the meeting"

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        self.seat = next((seat for seat in seats_read_by(self.reading) if seat.number == number), None)
        if self.seat is None or self.seat.withheld:
            raise Http404

    def initial(self):
        names = ("role", "agency", "state", "report_received", "version")
        return {name: getattr(self.seat, name) for name in names} | {"name": self.seat.who}

    def submit(self, form):
        typed = form.cleaned_data
        user = self.seat.user if self.seat.user_id and typed["name"] == self.seat.who else None
        sitting.save_seat(
            self.meeting.reference,
            actor=self.user,
            number=self.seat.number,
            user=user,
            **{**typed, "name": "" if user else typed["name"]},
        )
        return self.after("Saved.")


class AddSeat(MeetingDeedPage):
    form_class = AddSeatForm
    deed = "add_seat"
    title = "Ask somebody further to the meeting"

    def initial(self):
        return {}

    def submit(self, form):
        sitting.save_seat(self.meeting.reference, actor=self.user, **form.cleaned_data)
        return self.after("Added to the meeting.")


class TakeOver(MeetingDeedPage):
    form_class = TakeOverForm
    deed = "take_over"
    title = "Have somebody else take over"
    lead = "What is still to be done for the meeting passes to them, and keeps its days."

    def form_kwargs(self):
        return {**plans.to_choose(), "invited": self.meeting.state not in NOT_INVITED}

    def initial(self):
        taker = self.meeting.minute_taker
        return {
            **super().initial(),
            "chair": self.user.reference,
            "minute_taker": taker.reference if taker else "",
        }

    def submit(self, form):
        typed = form.cleaned_data
        planning.take_over(
            self.meeting.reference,
            actor=self.user,
            chair=User.objects.get(reference=typed["chair"]),
            minute_taker=User.objects.get(reference=typed["minute_taker"]) if typed["minute_taker"] else None,
            reason=typed["reason"],
            version=typed["version"],
        )
        return self.after("Recorded. They find what is to be done under My work.")


class Children(MeetingDeedPage):
    form_class = ChildrenForm
    deed = "change_children"
    title = "Change which children take part"

    def form_kwargs(self):
        return {"children": plans.children_asked_about(self.meeting)}

    def submit(self, form):
        planning.change_children(
            self.meeting.reference,
            actor=self.user,
            left_out=form.left_out(),
            version=form.cleaned_data["version"],
        )
        return self.after("Saved.")


class Invite(Confirmed):
    deed = "invite"
    title = "Record that the invitations are out"
    lead = (
        "This service sends nothing: invite every seat yourself, and the child and the family as you agree on each "
        "child's page. Record here that it is done."
    )
    service = staticmethod(planning.invite)
    said = "The invitations are out."


class Postpone(MeetingDeedPage):
    form_class = WhyForm
    deed = "postpone"
    title = "Postpone the meeting"
    lead = "Set its new day next. The day by which it was due stays the same."

    def submit(self, form):
        planning.postpone(
            self.meeting.reference,
            actor=self.user,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
        return self.after("The meeting is postponed. Set its new day.")


class Cancel(MeetingDeedPage):
    form_class = WhyForm
    deed = "cancel"
    title = "Cancel the meeting"
    warning = "A cancelled meeting stays cancelled. Whether each child needs one is decided again by a manager."

    def submit(self, form):
        planning.cancel(
            self.meeting.reference,
            actor=self.user,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
        return self.after("The meeting is cancelled. Each child's manager decides again.")
