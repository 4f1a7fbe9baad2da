"""What goes round: the agenda and each addendum, the minutes and each amendment, what an agency is to do (A16, A17).

By link only. Users of ours get a message that names no child; of everybody else it is recorded that they were told,
by secure mail outside the product. The task is done once every seat is told, or it is said why somebody is not.
"""

from django.db import transaction

from hsb.core import clock, work
from hsb.core.door import noted
from hsb.core.models import Message
from hsb.core.models.messages import What, agenda_called
from hsb.core.refusals import NotReady
from hsb.core.timescales import timescale
from hsb.people.states import Role
from panels.models import ItemAction, Panel, PanelSeat
from panels.permissions import can_coordinate
from panels.selectors.reading import PanelReading
from panels.selectors.rounds import agencies_to_tell, told_by_hand
from panels.services.kept import Kept
from panels.states import OUTCOMES_STAND, PanelSeatRole, PanelState

AGENDA, MINUTES = "circulate_agenda", "circulate_panel_minutes"


def ask(panel, kind, **when):
    """A task of the panel's coordinators."""
    work.ask(panel.record, kind, team=panel.record.holding_team, role=Role.COORDINATOR, **when)


def ask_for_agenda(panel, *, police_only=False):
    """The agenda says something new (`police_only`: to the police alone), or sits on a new day: it goes round, before
    the panel at the latest."""
    _whom_it_concerns(panel, police_only).update(untold_reason="")
    _ask_before_the_panel(panel)


def _ask_before_the_panel(panel):
    ask(panel, AGENDA, due_on=min(timescale(AGENDA).due_on(clock.today()), panel.planned_on))


def ask_for_minutes(panel, *, since, police_only=False):
    """The minutes are made, or made again (`police_only`: the police's alone): they go round, and agencies hear of
    their actions."""
    _whom_it_concerns(panel, police_only).update(minutes_untold_reason="")
    ask(panel, MINUTES, started_on=since)


def _whom_it_concerns(panel, police_only):
    """Why one of them is not told is said anew; of what is for the police only the others' reasons stay."""
    return panel.seats.filter(role=PanelSeatRole.POLICE) if police_only else panel.seats


def follow_seats(panel, actor):
    """Somebody else sits there than was told: it goes round again; or nobody is left who was to be told."""
    if panel.state != PanelState.PUBLISHED:
        return
    if panel.seats_to_tell():
        _ask_before_the_panel(panel)
    else:
        work.finish(panel.record, AGENDA, by=actor)


@transaction.atomic
def circulate_agenda(reference, *, actor, told=(), reason=""):
    """The agenda goes round: users on seats get a message with the reference; of the others (`told`, numbers of their
    seats) it is recorded that they were told; `reason` says why whoever is left is not. Returns how many were told."""
    told = set(told)
    with noted(
        Panel, reference, "circulate_agenda", actor=actor, may=can_coordinate, reason=reason, seats=sorted(told)
    ) as move:
        panel = move.subject
        if panel.state != PanelState.PUBLISHED:
            raise NotReady("The agenda goes round from its publication until the panel sits.")
        _refuse_reason(panel, actor, reason)
        stands = panel.agenda_versions_of_each()
        to_tell = _told_now(panel, told, lambda seat: seat.is_told(stands))
        _message_each(panel, What.AGENDA, stands, panel.planned_on, to_tell)
        for seat in to_tell:
            seat.told_version, seat.told_on, seat.untold_reason = stands[seat.is_of_police], clock.today(), ""
        PanelSeat.objects.bulk_update(to_tell, ["told_version", "told_on", "untold_reason"])
        if reason.strip():
            _these(panel.seats_to_tell()).update(untold_reason=reason.strip())
        move.facts["version"] = stands[True]
        if not panel.seats_to_tell():
            work.finish(panel.record, AGENDA, by=actor)
    return len(to_tell)


@transaction.atomic
def circulate_minutes(reference, *, actor, told=(), agencies=(), told_on=None, told_how="", reason=""):
    """The minutes go round as the agenda did; `agencies` (as selectors.rounds calls them) were told of their actions on
    `told_on`, by `told_how`. `reason` says why whoever is left is not told. Returns how many seats were told."""
    told = set(told)
    with noted(
        Panel, reference, "circulate_panel_minutes", actor=actor, may=can_coordinate, reason=reason, seats=sorted(told)
    ) as move:
        panel = move.subject
        if panel.state not in OUTCOMES_STAND:
            raise NotReady("Minutes go round once the panel has issued its actions.")
        _refuse_reason(panel, actor, reason)
        stands = panel.minutes_versions_of_each()
        to_tell = _told_now(panel, told, lambda seat: seat.is_told_of_minutes(stands))
        _message_each(panel, What.MINUTES, stands, panel.held_on, to_tell)
        for seat in to_tell:
            seat.minutes_version, seat.minutes_on = stands[seat.is_of_police], clock.today()
            seat.minutes_untold_reason = ""
        PanelSeat.objects.bulk_update(to_tell, ["minutes_version", "minutes_on", "minutes_untold_reason"])
        move.facts |= {
            "version": stands[True],
            "actions": _tell_agencies(panel, actor, agencies, told_on, told_how, reason),
        }
        if reason.strip():
            _these(panel.seats_to_tell_of_minutes()).update(minutes_untold_reason=reason.strip())
        if not panel.seats_to_tell_of_minutes() and not panel.actions_to_tell().exists():
            work.finish(panel.record, MINUTES, by=actor)
    return len(to_tell)


def _these(seats):
    return PanelSeat.objects.filter(pk__in=[seat.pk for seat in seats])


def _refuse_reason(panel, actor, reason):
    """Why somebody is not told is read by whoever opens the panel."""
    if reason.strip():
        Kept(panel, actor).refuse_from_everybody(reason)


def _told_now(panel, told, is_told):
    """The seats that are told with this round: users of ours, and whoever else is ticked."""
    seats = panel.seated()
    by_hand = {seat.number for seat in told_by_hand(seats)}
    return [
        seat
        for seat in seats
        if not is_told(seat) and (seat.has_account or (seat.number in by_hand and seat.number in told))
    ]


def _message_each(panel, what, stands, day, seats):
    """`stands`: which version is the police's, and which the other agencies'."""
    for police, version in stands.items():
        _message(panel, what, version, day, [seat for seat in seats if seat.is_of_police == police])


def _message(panel, what, version, day, seats):
    now = clock.now()
    about = agenda_called(panel.reference, version, day)
    Message.objects.bulk_create(
        [
            Message(what=what, user=user, on=clock.today(), about=about, made_at=now)
            for user in {seat.user for seat in seats if seat.has_account}
        ],
        ignore_conflicts=True,
    )


def _tell_agencies(panel, actor, agencies, told_on, told_how, reason):
    """Keeps when and how the agencies were told, and why the others are not; returns the numbers of the actions of
    which they were told."""
    waiting = agencies_to_tell(PanelReading(panel, actor))
    told = [action for code, of_agency in waiting.items() if code in set(agencies) for action in of_agency]
    left = [action for code, of_agency in waiting.items() if code not in set(agencies) for action in of_agency]
    if told:
        _refuse_telling(panel, told_on, told_how)
        ItemAction.objects.filter(action__in=told).update(told_on=told_on, told_how=told_how.strip())
    if left and reason.strip():
        ItemAction.objects.filter(action__in=left).update(untold_reason=reason.strip())
    return sorted(action.number for action in told)


def _refuse_telling(panel, told_on, told_how):
    refused = []
    if told_on is None:
        refused.append("Enter the day on which the agencies were told of their actions.")
    elif told_on > clock.today():
        refused.append("Enter the day on which the agencies were told: it cannot lie ahead.")
    elif told_on < panel.held_on:
        refused.append("The agencies were told after the panel was held: check the day.")
    if not told_how.strip():
        refused.append("Say how the agencies were told.")
    if refused:
        raise NotReady(*refused)
