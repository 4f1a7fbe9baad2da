"""The panels of the demo borough: one that sat and left actions, one that collects, forms that wait to be sifted."""

import uuid
from datetime import timedelta

from hsb.core.calendar import add_working_days
from hsb.core.models import Place
from hsb.core.states import PlaceKind
from panels.models import AgendaItem
from panels.selectors.reading import PanelReading
from panels.selectors.rounds import agencies_to_tell
from panels.services import agenda, planning, rounds, sifting, sitting
from panels.services.sifting import Decider
from panels.states import ItemOutcome, PanelSeatRole, Proposal
from referrals.models import Referral
from strategy_meetings.models import Theme
from strategy_meetings.services import intel
from strategy_meetings.states import Criterion, EntryKind, Reliability, ThemeKind

AUTHORITY = Decider(name="Lane Fairweather", agency="Children's services")
POLICE = Decider(name="Detective Inspector Exemplar", agency="Borough police, child exploitation")
PARK, BUS = "Lantern Park", "The 999 pretend bus"

# What the panel agrees about a person, a place, a theme: its own words, the wording for the record, agency, who.
AGREED = {
    "person": (
        "Talk to the pupils who go there.",
        "A trusted adult talks about the way home.",
        "Schools and early years",
        "The designated lead",
    ),
    "place": ("Walk the place at the end of the school day.", "", "Safer neighbourhood team", "The team's sergeant"),
    "theme": ("An assembly on being left out, in each of the schools.", "", "Schools and early years", "The adviser"),
}


class PanelStory:
    """What the coordinator does, each step at the story's own moment."""

    def __init__(self, story):
        self.story = story
        self.coordinator = story.users["coordinator"]

    def _once(self):
        return uuid.UUID(int=self.story.borough.dice.getrandbits(128), version=4)

    def _do(self, service, *args, **kwargs):
        return self.story._do(service, *args, **kwargs)

    def form(self, *entries, about=True):
        """A form of both children, or about places and themes alone; submitted. Returns its reference."""
        referral, harmed = Referral.at(self.story.displayed).get(), Referral.at(self.story.harmed).get()
        author = self.story.users["practitioner"]
        children = [(referral.person, referral), (harmed.person, harmed)] if about else []
        of_child = [
            _entry(EntryKind.PERSON, "Was seen there with older pupils.", person=referral.person),
            _entry(EntryKind.VICTIM, "Walks home past it each day, mostly alone.", person=harmed.person),
        ]
        form = self._do(
            intel.begin,
            referral.record,
            actor=author,
            once=self._once(),
            children=children,
            entries=[*(of_child if about else ()), *entries],
        )
        self._do(
            intel.write,
            form.reference,
            actor=author,
            answers={
                "criteria": [Criterion.PATTERN, Criterion.LOCATION],
                "why": "The same place comes up in several families' accounts.",
                "tried": "The school and the safer neighbourhood team each spoke to the pupils they know.",
                "asked": "A joint look at the place, and at who else is there.",
            },
        )
        self._do(intel.submit, form.reference, actor=author)
        return form.reference

    def propose(self, reference, proposal=Proposal.ACCEPT, **more):
        self._do(
            sifting.propose,
            reference,
            actor=self.coordinator,
            once=self._once(),
            proposal=proposal,
            reason="It meets the criteria, and no single service can answer it.",
            without_meeting_reason="The meeting is planned; the place cannot wait for it.",
            **more,
        )
        return reference

    def decide(self, reference, decision=Proposal.ACCEPT, **more):
        self._do(
            sifting.decide,
            reference,
            actor=self.coordinator,
            decision=decision,
            reason="Both agree.",
            decided_on=self.story.day,
            authority=AUTHORITY,
            police=POLICE,
            **more,
        )
        return reference

    def accept(self, *entries, about=True):
        return self.decide(self.propose(self.form(*entries, about=about)))

    def plan(self, day):
        panel = self._do(
            planning.plan,
            actor=self.coordinator,
            once=self._once(),
            planned_on=day,
            place="Civic offices, room 5",
            authority_chair="Lane Fairweather",
            police_chair="Detective Inspector Exemplar",
        )
        seats = (
            (1, PanelSeatRole.LOCAL_AUTHORITY, "Willow social work team", {"user": self.story.users["manager"]}),
            (2, PanelSeatRole.POLICE, "Borough police, child exploitation", {"name": "Sergeant Placeholder"}),
            (3, PanelSeatRole.HEALTH, "Community health trust", {"name": "The named nurse"}),
            (4, PanelSeatRole.EDUCATION, "Schools and early years", {"name": "The safeguarding adviser"}),
            (5, PanelSeatRole.YOUTH_JUSTICE, "Youth justice service", {"name": "The service manager"}),
        )
        for number, role, agency, who in seats:
            self._do(
                planning.save_seat,
                panel.reference,
                actor=self.coordinator,
                number=number,
                role=role,
                agency=agency,
                **who,
            )
        self._do(planning.collect, panel.reference, actor=self.coordinator)
        return panel

    def sit(self, panel):
        """Published, sent round, held: the bus is carried over, everything else is decided."""
        reference, by = panel.reference, {"actor": self.coordinator}
        self._do(agenda.compile_agenda, reference, **by)
        self._do(planning.publish, reference, **by)
        self._do(rounds.circulate_agenda, reference, told={2, 3, 4, 5}, **by)
        seats = [
            {
                "number": seat.number,
                "role": seat.role,
                "agency": seat.agency,
                "user": seat.user,
                "name": seat.name,
                "state": "apologies" if seat.role == PanelSeatRole.YOUTH_JUSTICE else "filled",
            }
            for seat in panel.seats.select_related("user")
        ]
        self.story.pause(1)
        self._do(sitting.begin, reference, held_on=self.story.day, seats=seats, **by)
        for item in AgendaItem.objects.filter(panel=panel).select_related("place").order_by("section", "position"):
            carried = item.called == BUS
            self._do(
                sitting.discuss,
                reference,
                item.number,
                discussion="What each service knows was put together.",
                outcome=ItemOutcome.CARRIED if carried else ItemOutcome.DECIDED,
                **by,
            )
            if not carried:
                self._agree(reference, item, by)
        self._do(sitting.issue_actions, reference, **by)

    def _agree(self, reference, item, by):
        words, wording, agency, owner_name = AGREED[
            "person" if item.person_id else "place" if item.place_id else "theme"
        ]
        self._do(
            sitting.agree_action,
            reference,
            item.number,
            once=self._once(),
            words=words,
            wording=wording,
            agency=agency,
            owner_name=owner_name,
            due_on=self.story.day + timedelta(days=7),
            **by,
        )

    def tell(self, panel):
        """The minutes go round, agencies hear of their actions, authors of what came of their forms."""
        self._do(
            rounds.circulate_minutes,
            panel.reference,
            actor=self.coordinator,
            told={2, 3, 4, 5},
            agencies=agencies_to_tell(PanelReading(panel, self.coordinator)),
            told_on=self.story.day,
            told_how="by secure mail",
        )
        for form in panel.forms_to_hear().select_related("record").order_by("pk"):
            self._do(
                sitting.give_feedback,
                panel.reference,
                form.reference,
                actor=self.coordinator,
                feedback="The panel looked at it: see the action on the child's record.",
            )


def _entry(kind, text, **about):
    return intel.Entry(
        kind=kind,
        text=text,
        said_by="Schools and early years",
        reliability=Reliability.LIKELY,
        **about,
    )


def location(name, text="Children meet there after school.", kind=PlaceKind.PARK, **more):
    entry = _entry(EntryKind.LOCATION, text, place=Place.called(kind, name))
    for code, answer in more.items():
        setattr(entry, code, answer)
    return entry


def _of(theme):
    return _entry(EntryKind.THEME, "Several schools speak of it.", theme=Theme.called(ThemeKind.THEME, theme))


def panels(story, borough):
    """The chapter: a panel three weeks ago, one in the next days, three forms that wait."""
    past = at_work(story(days_ago=26, author="practitioner"))
    sat = PanelStory(past)
    panel = sat.plan(add_working_days(past.day, 7))
    sat.accept(location(PARK), _of("Group chats that exclude"))
    sat.accept(location(PARK, "A shelter out of sight."), location(BUS, kind=PlaceKind.TRANSPORT), about=False)
    past.pause(6)
    sat.sit(panel)
    past.pause(1)
    sat.tell(panel)

    coming = at_work(story(days_ago=5, author="practitioner"))
    collects = PanelStory(coming)
    collecting = collects.plan(add_working_days(borough.today, 9))
    collects.accept(location(PARK, "Lit again since last month."))
    collects.accept(location(BUS, kind=PlaceKind.TRANSPORT), about=False)
    collects.accept(location(PARK, "A patrol saw nobody.", police_only=True), _of("The way home"), about=False)
    collects._do(agenda.compile_agenda, collecting.reference, actor=collects.coordinator)
    collects.propose(collects.form(location("The boating lake")))
    collects.form(location("Platform 9", kind=PlaceKind.TRANSPORT), about=False)
    deferred = collects.form(_of("Borrowed phones"), about=False)
    until = {"deferred_until": add_working_days(borough.today, 15)}
    collects.decide(collects.propose(deferred, Proposal.DEFER, **until), Proposal.DEFER, **until)


def at_work(case):
    """A concern of category 2 with social work."""
    case.log("2", crime_suspected=True).call_police().assess().look_after().send_87a()
    case.acknowledge_87a()
    case.to_statutory().to_statutory(case.harmed, worker="practitioner").pause(1).start()
    return case.decide_meeting(convene=False)
