"""Strategy meetings of the demo borough: planned, coming, held, written up, circulated; alone, joint, by telephone."""

import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from hsb.core.calendar import add_working_days
from hsb.core.states import PlaceKind
from referrals.models import MeetingDecision, Referral
from referrals.services import intake, meetings, section47
from referrals.states import ChildSeen, InvolvementRole, MeetingDecisionState, Section47State
from strategy_meetings.services import amending, minutes, papers, planning, sitting, telephone
from strategy_meetings.states import IntelAnswer, PaperKind, SeatRole, SeatState, SentHow

DISPLAYED, HARMED = InvolvementRole.DISPLAYED, InvolvementRole.HARMED
SEATS = {
    SeatRole.SOCIAL_WORK: ("Willow social work team", "The children's worker"),
    SeatRole.SOCIAL_WORK_MANAGER: ("Willow social work team", "The team's manager"),
    SeatRole.POLICE: ("Borough police, child abuse investigation", "The allocated officer"),
    SeatRole.HEALTH: ("Community health trust", "The named nurse"),
    SeatRole.EDUCATION: ("Schools and early years", "The designated lead"),
    SeatRole.OTHER: ("Early Help", "The family's worker"),
}
PARK = (PlaceKind.PARK, "Lantern Park")
SHARED = "Who was there, what each service knows, and what keeps the children safe until the next meeting."
CLOSED = "What this child's own plan rests on, and what the family was told."


class MeetingStory:
    """A strategy meeting about a Story's children, step by step at the story's own moment."""

    def __init__(self, story, *, days_on=1):
        self.story = story
        self.chair, self.taker = story.users["chair"], story.users["minutes"]
        references = [story.displayed, story.harmed]
        decision = MeetingDecision.objects.filter(
            referral__record__reference__in=references, state=MeetingDecisionState.CONVENED
        ).earliest("pk")
        day = add_working_days(story.day, days_on)
        self.meeting = story._do(
            planning.plan,
            decision.reference,
            actor=self.chair,
            once=self._once(),
            concern=story.logged.concern,
            planned_on=day,
            starts_at=timezone.make_aware(datetime.combine(day, time(14, 0))),
            place="Civic offices, room 2, and online",
            chair=self.chair,
            minute_taker=self.taker,
        )

    def _once(self):
        return uuid.UUID(int=self.story.borough.dice.getrandbits(128), version=4)

    def _do(self, service, *args, **kwargs):
        return self.story._do(service, self.meeting.reference, *args, **kwargs)

    def invite(self):
        self._do(planning.invite, actor=self.taker)
        return self

    def postpone(self):
        self._do(planning.postpone, actor=self.chair, reason="The allocated officer is away until next week.")
        return self

    def cancel(self):
        self._do(planning.cancel, actor=self.chair, reason="New facts came to light: the manager decides again.")
        return self

    def hold(self, *, without=(), quorum_reason=""):
        seats = [
            {
                "number": seat.number,
                "role": seat.role,
                "agency": seat.agency or SEATS[seat.role][0],
                "user": seat.user,
                "name": "" if seat.user_id else SEATS[seat.role][1],
                "state": SeatState.APOLOGIES if seat.role in without else SeatState.FILLED,
                "report_received": seat.role in without,
            }
            for seat in self.meeting.seats.all()
        ]
        day = self.story.day
        self._do(sitting.begin, actor=self.chair, held_on=day, seats=seats, quorum_reason=quorum_reason)
        return self

    def adjourn(self):
        goes_on_on = add_working_days(self.story.borough.today, 2)
        self._do(sitting.adjourn, actor=self.chair, reason="A report is still missing.", goes_on_on=goes_on_on)
        return self

    def agree(self, outcomes=None):
        """Agrees something for every child; `outcomes` gives each side's answers, by default a section 47 enquiry."""
        for child in self.meeting.children_in():
            answers = (outcomes or {}).get(child.side, {"section_47": True})
            if child.has_category:
                answers = {"category": child.referral.category or "2", "category_reason": "As assessed.", **answers}
            usual = {
                "child_invited": "no",
                "child_invited_reason": "The police ask that the children are spoken to first.",
                "family_invited": "yes",
                "child_views": "Wants to go on seeing friends, and not to be talked about at school.",
                "family_views": "Will support what is agreed.",
                "outcome_reason": "What every service shared was weighed together.",
                "intel": "not_appropriate",
                "intel_reason": "Nothing beyond the two families is known.",
                "closed_minutes": CLOSED,
            }
            self._do(sitting.save_child, child.number, actor=self.taker, answers={**usual, **answers})
            if not answers.get("nfa"):
                self._agree_action(child)
        return self

    def _agree_action(self, child):
        self._do(
            sitting.agree_action,
            child.number,
            actor=self.taker,
            once=self._once(),
            what="A safety plan at school, and an adult to turn to.",
            agency="Schools and early years",
            owner_name="The designated lead",
            due_on=self.story.day + timedelta(days=10),
            diversion=child.has_category,
        )

    def needs_intel(self):
        """What is agreed for a child about whom the panel is told."""
        return {
            "intel": IntelAnswer.NEEDED,
            "intel_reason": "",
            "intel_by": self.taker,
            "intel_due_on": add_working_days(self.story.day, 6),
        }

    def issue(self):
        self._do(sitting.issue_decisions, actor=self.chair)
        return self

    def amend(self):
        """The minute taker found something to correct; the chair has not decided yet."""
        self._do(
            amending.propose_amendment,
            actor=self.taker,
            once=self._once(),
            text="Health's report was read out in full, not in part.",
        )

    def bring_new_facts(self):
        self.story._do(
            meetings.bring_new_facts,
            self.story.displayed,
            actor=self.story.users["practitioner"],
            facts="The school reports something similar from last term.",
        )

    def write_up(self, *steps):
        """Writes the minutes, then each of `steps` of services.minutes in turn."""
        numbers = self.meeting.children_in().values_list("number", flat=True)
        self._do(minutes.write_minutes, actor=self.taker, shared=SHARED, closed=dict.fromkeys(numbers, CLOSED))
        for step in steps:
            by = {"actor": self.taker if step in ("submit_minutes", "circulate") else self.chair}
            if step == "circulate":
                self._send_copies(numbers)
            if step == "return_minutes":
                by["reason"] = "Please name who does each action."
            self._do(getattr(minutes, step), **by)
        return self

    def _send_copies(self, numbers):
        for number in numbers:
            paper = self._do(
                papers.make_paper,
                actor=self.taker,
                once=self._once(),
                kind=PaperKind.COPY,
                number=number,
                recipient="Schools and early years: the designated lead",
            )
            self._do(papers.record_fate, paper.number, actor=self.taker, on=self.story.day, how=SentHow.BY_HAND)


def strategy_meetings(story, borough):
    """The chapter: two who displayed and one who was harmed in the first; one and one in the others."""
    past = convened(story(days_ago=33, author="practitioner"), borough, joint=True)
    review_on = add_working_days(borough.today, 6)
    meeting = MeetingStory(past).invite()
    past.pause(1)
    meeting.hold().agree({"displayed": {"section_47": True, "review": True, "review_on": review_on}, "harmed": NO_MORE})
    meeting.issue()
    past.pause(3)
    meeting.write_up("submit_minutes", "approve_minutes", "circulate", "close_meeting")
    conclude_section_47(past)
    for days_ago, steps in (
        (13, ("submit_minutes", "approve_minutes", "circulate")),
        (11, ("submit_minutes", "approve_minutes")),
        (9, ("submit_minutes",)),
        (8, ("submit_minutes", "return_minutes")),
    ):
        circulated, latest = "circulate" in steps, "return_minutes" in steps
        case = convened(story(days_ago=days_ago, author="practitioner"), borough, place=None if circulated else PARK)
        written = MeetingStory(case).invite()
        case.pause(1)
        # The panel is told of what happened in the park: of the child who displayed, and of both in the latest case.
        displayed = {"nfa": True} if circulated else {"section_47": True, **written.needs_intel()}
        harmed = {**NO_MORE, **(written.needs_intel() if latest else {})}
        written.hold().agree({"displayed": displayed, "harmed": harmed}).issue().write_up(*steps)
        if circulated:
            written.amend()
        else:
            borough.tell_the_panel.append(written)
    case = convened(story(days_ago=7, author="practitioner"), borough)
    missing = MeetingStory(case).invite()
    case.pause(1)
    missing.hold(without=(SeatRole.HEALTH,), quorum_reason="Health sent a full report, and it could not wait.")
    missing.agree().issue()
    case.pause(3)
    _report_section_47(case, case.harmed, by="practitioner")
    for days_ago, until in ((6, "held"), (5, "adjourned"), (5, "postponed"), (4, "cancelled"), (4, "invited")):
        case = convened(story(days_ago=days_ago, author="practitioner"), borough)
        meeting = MeetingStory(case, days_on=3 if until == "invited" else 1).invite()
        if until in ("held", "adjourned"):
            case.pause(1)
            meeting.hold()
        if until == "invited":
            meeting.bring_new_facts()
        if until == "adjourned":
            meeting.adjourn()
        if until == "postponed":
            meeting.postpone()
        if until == "cancelled":
            meeting.cancel()

    _by_telephone(story(days_ago=3, author="practitioner"), borough)


def _by_telephone(case, borough):
    """A manager and the police spoke: an enquiry started, and the meeting of the network is to be planned."""
    case.log("2", crime_suspected=True).call_police().assess().look_after().send_87a()
    case.to_statutory().to_statutory(case.harmed, worker="practitioner").pause(1).start()
    case._do(
        telephone.record_discussion,
        case.displayed,
        actor=case.users["manager"],
        once=uuid.UUID(int=borough.dice.getrandbits(128), version=4),
        held_on=case.day,
        spoke_to="The allocated officer, child abuse investigation",
        shared="What the police know was weighed: the children are apart, and an enquiry starts today.",
        section_47=True,
        immediate_what="The children travel separately from today.",
    )


NO_MORE = {"immediate_action": True, "immediate_what": "The children are in different classes from today."}


def convened(case, borough, *, joint=False, place=None):
    """A concern of category 2 with social work, its meeting convened on the second day."""
    people = None
    if joint:
        child = borough.child
        people = [
            intake.Newcomer(details=child(12, 16), roles=(DISPLAYED,), relationship="Same school"),
            intake.Newcomer(details=child(8, 13), roles=(HARMED,), relationship="Same school"),
            intake.Newcomer(details=child(12, 16), roles=(DISPLAYED,), relationship="Same school"),
        ]
    case.log("2", people=people, place=place, crime_suspected=True).call_police().assess().look_after().send_87a()
    case.acknowledge_87a()
    case.to_statutory().to_statutory(case.harmed, worker="practitioner").pause(1).start()
    return case.decide_meeting(convene=True)


def _enquiry(reference):
    return Referral.at(reference).get().section_47s.latest("pk").reference


def _report_section_47(case, reference, *, by):
    """The worker has seen the child and says what was found; a manager is to conclude."""
    case._do(
        section47.report_section_47,
        _enquiry(reference),
        actor=case.users[by],
        once=uuid.UUID(int=case.borough.dice.getrandbits(128), version=4),
        seen=ChildSeen.ALONE,
        findings="Home and school were visited. The plan holds, and every service agrees.",
        recommended=Section47State.NO_CONTINUING_RISK,
        reported_on=case.day,
    )


def conclude_section_47(case):
    """The displayed child's enquiry ends well."""
    case.pause(8)
    _report_section_47(case, case.displayed, by="practitioner2")
    case._do(
        section47.conclude_section_47,
        _enquiry(case.displayed),
        actor=case.users["manager"],
        conclusion=Section47State.NO_CONTINUING_RISK,
        reason="The plan holds, and every service agrees.",
        concluded_on=case.day,
    )
