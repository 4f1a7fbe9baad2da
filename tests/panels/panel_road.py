"""The road of a form and of a panel, walked through the services: in the state that a test begins with."""

from datetime import timedelta
from uuid import uuid4

from hsb.core import clock
from hsb.core.calendar import add_working_days
from hsb.core.models import Place
from panels.models import AgendaItem, Panel
from panels.selectors.reading import PanelReading
from panels.selectors.rounds import agencies_to_tell
from panels.services import agenda, planning, rounds, sifting, sitting
from panels.services.sifting import Decider
from strategy_meetings.models import IntelForm, Theme
from strategy_meetings.services import intel
from tests.remembered import remembered

AUTHORITY = Decider(name="Lane Deciding", agency="Children's services")
POLICE = Decider(name="Sergeant Example", agency="Borough police")


def entry(kind, *, text="What is known.", **more):
    return intel.Entry(
        **{"kind": kind, "text": text, "said_by": "The school", "reliability": "likely", "said_on": clock.today()}
        | more
    )


def at_place(name="Lantern Park", **more):
    return entry("L", place=Place.called("park", name), **more)


def of_theme(name="Bus journeys after school", **more):
    return entry("T", theme=Theme.called("theme", name), **more)


def of_child(person, kind="O", **more):
    return entry(kind, person=person, **more)


@remembered
def submitted(referral, author, *entries, children=()):
    """A form from the referral's record with these entries; `children` are pairs of a Person and their Referral."""
    form = intel.begin(referral.record, actor=author, once=uuid4(), children=children, entries=entries)
    intel.write(
        form.reference,
        actor=author,
        answers={"criteria": ["pattern"], "why": "The same in several cases.", "tried": "", "asked": "A joint look."},
    )
    return intel.submit(form.reference, actor=author)


def proposed(form, coordinator, proposal="accept", **more):
    return sifting.propose(
        form.reference,
        actor=coordinator,
        once=uuid4(),
        proposal=proposal,
        reason="What was weighed.",
        without_meeting_reason=more.pop("without_meeting_reason", "It cannot wait for a meeting."),
        **more,
    )


def decided(form, coordinator, decision="accept", **more):
    return sifting.decide(
        form.reference,
        actor=coordinator,
        decision=decision,
        reason="What was decided.",
        decided_on=clock.today(),
        authority=more.pop("authority", AUTHORITY),
        police=more.pop("police", POLICE),
        **more,
    )


@remembered
def accepted(referral, author, coordinator, *entries, children=()):
    form = submitted(referral, author, *entries, children=children)
    proposed(form, coordinator)
    decided(form, coordinator)
    return form_again(form)


def form_again(form):
    return IntelForm.at(form.reference).get()


def planned(coordinator, *, days=10, **more):
    return planning.plan(actor=coordinator, once=uuid4(), planned_on=add_working_days(clock.today(), days), **more)


@remembered
def collecting(coordinator, **more):
    return planning.collect(planned(coordinator, **more).reference, actor=coordinator)


@remembered
def published(panel, coordinator):
    agenda.compile_agenda(panel.reference, actor=coordinator)
    return planning.publish(panel.reference, actor=coordinator)


def day_comes(panel):
    """Its day is today: no test waits for it."""
    Panel.objects.filter(pk=panel.pk).update(planned_on=clock.today())


@remembered
def held(panel, coordinator):
    """On its day somebody came for each seat."""
    day_comes(panel)
    seats = [
        {
            "number": seat.number,
            "role": seat.role,
            "agency": seat.agency,
            "user": seat.user,
            "name": "" if seat.user_id else seat.name or "Somebody of that agency",
            "state": "filled",
        }
        for seat in panel.seats.select_related("user")
    ]
    return sitting.begin(panel.reference, actor=coordinator, held_on=clock.today(), seats=seats)


def outcome(panel, item, coordinator, outcome="decided", discussion="What was said."):
    return sitting.discuss(panel.reference, item.number, actor=coordinator, discussion=discussion, outcome=outcome)


@remembered
def issued(panel, coordinator, *, carried=()):
    """Every item is decided but those whose subject is called one of `carried`."""
    for item in items(panel):
        outcome(panel, item, coordinator, "carried" if item.called in carried else "decided")
    return sitting.issue_actions(panel.reference, actor=coordinator)


def sent_round(panel, coordinator, **more):
    """The minutes went round: everybody was told, and each agency of its actions."""
    told = {seat.number for seat in panel.seats.all()}
    agencies = agencies_to_tell(PanelReading(panel, coordinator))
    return rounds.circulate_minutes(
        panel.reference,
        actor=coordinator,
        **{
            "told": told,
            "agencies": agencies,
            "told_on": clock.today(),
            "told_how": "by secure mail",
            "reason": "Nobody is named there.",
        }
        | more,
    )


def action(panel, item, coordinator, **more):
    return sitting.agree_action(
        panel.reference,
        item.number,
        actor=coordinator,
        **{
            "once": uuid4(),
            "words": "Walk the park with the school.",
            "wording": "A safe way home is agreed with the school.",
            "agency": "Schools",
            "owner_name": "The designated lead",
            "due_on": clock.today() + timedelta(days=7),
        }
        | more,
    )


def items(panel):
    """What stands on its agenda, in its order."""
    return list(
        AgendaItem.objects.filter(panel=panel, dropped_at__isnull=True)
        .select_related("person", "place", "theme")
        .order_by("section", "police_only", "position", "number")
    )


def called(panel):
    """V, O, L, T and what each is about, in the order of the agenda."""
    order = "VOLT"
    return [f"{item.section} {item.called}" for item in sorted(items(panel), key=lambda i: order.index(i.section))]


def again(panel):
    return Panel.at(panel.reference).get()
