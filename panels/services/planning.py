"""Before the panel: planned ahead, collecting forms, published, circulated by link, postponed, cancelled (A16)."""

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from hsb.core import access, clock, document_store, journal, settings_in_force, work
from hsb.core.calendar import add_working_days, is_working_day
from hsb.core.door import check_version, noted, opened
from hsb.core.models import Entry, Record
from hsb.core.numbers import last_number
from hsb.core.once import made_before
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.core.states import Because, RecordKind
from hsb.people.states import Role
from panels.models import Panel, PanelSeat
from panels.permissions import can_coordinate, can_plan_panel
from panels.services import agenda, papers, rounds
from panels.states import (
    AGENDA_PAPERS,
    AGENDA_STANDS,
    EVERY_PANEL,
    PANEL_ARRANGEABLE,
    SEATABLE,
    PanelSeatRole,
    PanelSeatState,
    PanelState,
)
from strategy_meetings.services.intel import panel_teams

NOT_A_WORKING_DAY = "The panel sits on a working day: choose another day."
IN_THE_PAST = "Choose a day from today on."


def usual_cut_off(planned_on):
    """The instant at which forms for a panel on that day end to be collected, by the settings in force."""
    day = add_working_days(planned_on, -settings_in_force.value("panel_cut_off_working_days"))
    return timezone.make_aware(datetime.combine(day, time(settings_in_force.value("panel_cut_off_hour"))))


@transaction.atomic
def plan(*, actor, once, planned_on, cut_off_at=None, place="", authority_chair="", police_chair=""):
    """A panel on a working day ahead. Returns it; the same form twice is one panel."""
    if not can_plan_panel(actor):
        raise Denied(verb="plan_panel")
    before = Panel.objects.visible_to(actor).filter(once=once).first()
    if before is not None:
        return before
    cut_off_at = cut_off_at or usual_cut_off(planned_on)
    _refuse_days(planned_on, cut_off_at)
    now = clock.now()
    teams = panel_teams()
    own = next((team for team in teams if team.pk in actor.teams_as(Role.COORDINATOR)), teams[0])
    panel = Panel.objects.create(
        record=Record.objects.open(RecordKind.PANEL, at=now, holding_team=own),
        state_since=now,
        planned_on=planned_on,
        cut_off_at=cut_off_at,
        place=place,
        authority_chair=authority_chair,
        police_chair=police_chair,
        once=once,
    )
    journal.write(panel.record, "plan_panel", actor=actor, to_state=PanelState.PLANNED)
    PanelSeat.objects.bulk_create(
        PanelSeat(panel=panel, number=number, role=role) for number, role in enumerate(EVERY_PANEL, start=1)
    )
    for team in teams:
        access.grant(panel.record, because=Because.SITS, team=team, role=Role.COORDINATOR, given_by=actor)
    _ask_to_prepare(panel)
    return panel


def _refuse_days(planned_on, cut_off_at):
    refused = []
    if planned_on < clock.today():
        refused.append(IN_THE_PAST)
    if not is_working_day(planned_on):
        refused.append(NOT_A_WORKING_DAY)
    if not is_working_day(timezone.localdate(cut_off_at)):
        refused.append("The cut-off is on a working day: choose another day.")
    if timezone.localdate(cut_off_at) > planned_on:
        refused.append("The cut-off comes before the panel: choose an earlier day.")
    if refused:
        raise NotReady(*refused)


def _ask_to_prepare(panel):
    """What comes next for a panel that is to sit: its agenda by the cut-off, or that it goes round, and the sitting."""
    if panel.published_at is None:
        rounds.ask(panel, "publish_agenda", due_on=timezone.localdate(panel.cut_off_at))
    else:
        rounds.ask_for_agenda(panel)
        rounds.ask(panel, "hold_panel", due_on=panel.planned_on)


@transaction.atomic
def arrange(reference, *, actor, planned_on, cut_off_at, place, authority_chair, police_chair, version=None):
    """Day, cut-off, place and chairs, until the agenda is published. Returns the panel."""
    shown = ("planned_on", "cut_off_at", "place", "authority_chair", "police_chair")
    with noted(
        Panel,
        reference,
        "arrange_panel",
        actor=actor,
        may=can_coordinate,
        version=version,
        edits=True,
        fields=shown,
    ) as move:
        panel = move.subject
        if panel.state not in PANEL_ARRANGEABLE:
            raise NotReady("The agenda is published: postpone the panel to change its day.")
        if (planned_on, cut_off_at) != (panel.planned_on, panel.cut_off_at):
            _refuse_days(planned_on, cut_off_at)
        panel.planned_on, panel.cut_off_at, panel.place = planned_on, cut_off_at, place
        panel.authority_chair, panel.police_chair = authority_chair, police_chair
        panel.save()
        work.cancel(panel.record, "publish_agenda", reason="Arranged anew.")
        _ask_to_prepare(panel)
    return panel


@transaction.atomic
def save_seat(
    reference,
    *,
    actor,
    number=None,
    role,
    agency="",
    user=None,
    name="",
    state=PanelSeatState.EXPECTED,
    version=None,
    once=None,
):
    """Names who sits there; a seat without `number` is a further one. Returns the PanelSeat.

    A user of ours who sits there reads the agenda once it is published, and no longer when somebody else sits there.
    """
    with noted(Panel, reference, "save_panel_seat", actor=actor, may=can_coordinate, seat=number or "new") as move:
        panel = move.subject
        if panel.state not in SEATABLE:
            raise NotReady("The actions are issued: who came can no longer be changed.")
        seat = _seat(panel, number, version, once)
        if number is None and seat.pk:
            return seat
        gets_another_paper = seat.is_of_police != (role == PanelSeatRole.POLICE)
        if (seat.user, seat.name) != (user, name) or gets_another_paper:
            seat.told_on = seat.told_version = None
            seat.untold_reason = ""
        seat.state, seat.role, seat.agency = state, role, agency
        seat.user, seat.name = user, name
        if state == PanelSeatState.FILLED and not seat.who:
            raise NotReady("Say who came.")
        seat.version += 1
        seat.save()
        settle_readers(panel, actor)
        rounds.follow_seats(panel, actor)
    return seat


def _seat(panel, number, version, once):
    if number is None:
        before = made_before(panel.seats.all(), once) if once else None
        last = last_number(panel.seats)
        return before or PanelSeat(panel=panel, number=last + 1, once=once, version=0)
    seat = panel.seats.select_related("user").filter(number=number).first()
    if seat is None:
        raise Denied(record=panel.record, verb="save_panel_seat")
    seat.record = panel.record
    check_version(seat, version, ("role", "agency", "name", "state"))
    return seat


def check_seats(panel, seats):
    """Raises Changed where one of `seats` (keyword arguments of save_seat) was changed since the page was opened: by
    whom, when, and what stands there now, of all of them at once. `now` is called as in the form that says who came."""
    standing = {seat.number: seat for seat in panel.seated()}
    changed = [
        standing[seat["number"]]
        for seat in seats
        if seat.get("version") is not None and int(seat["version"]) != standing[seat["number"]].version
    ]
    if not changed:
        return
    now = {}
    for seat in changed:
        now |= {f"state_{seat.number}": seat.get_state_display(), f"who_{seat.number}": seat.who or "Nobody is named"}
        now[f"version_{seat.number}"] = seat.version
    saved = (
        Entry.objects.filter(record=panel.record, verb="save_panel_seat").select_related("actor").order_by("-number")
    )
    numbers = {seat.number for seat in changed}
    last = next((entry for entry in saved if entry.facts.get("seat") in numbers), None)
    raise Changed(
        reference=panel.reference,
        who=last.actor.name if last else "",
        when=last.recorded_at if last else None,
        now=now,
    )


def settle_readers(panel, given_by):
    """Who opens the panel by name: the users on its seats, from publication on."""
    seated = set()
    if panel.state in AGENDA_STANDS or panel.state == PanelState.POSTPONED and panel.published_at:
        seated = {seat.user for seat in panel.seats.filter(user__isnull=False).select_related("user")}
    for user in seated:
        access.grant(panel.record, because=Because.SITS, user=user, given_by=given_by)
    standing = panel.record.grants.filter(access.live(), because=Because.SITS, user__isnull=False)
    standing.exclude(user__in=seated).update(ends_at=clock.now())


@transaction.atomic
def collect(reference, *, actor, version=None):
    """What is accepted goes on this panel's agenda. Returns the panel."""
    with opened(Panel, reference, "collect", actor=actor, version=version) as move:
        pass
    return move.subject


@transaction.atomic
@document_store.undone_together()
def publish(reference, *, actor, version=None):
    """The agenda, compiled once more, is frozen and numbered; its papers are made. Returns the panel."""
    agenda.lock_panels()
    with opened(Panel, reference, "publish", actor=actor, version=version) as move:
        panel = move.subject
        made = agenda.freeze(panel, actor)
        panel.refresh_from_db(fields=["compiled_at"])
        panel.published_at = clock.now()
        move.facts |= {"agenda": made.number, "sha256": made.sha256}
        work.finish(panel.record, "publish_agenda", by=actor)
        _ask_to_prepare(panel)
    settle_readers(panel, actor)
    for kind in AGENDA_PAPERS:
        papers.make(panel, kind, actor)
    return panel


@transaction.atomic
def postpone(reference, *, actor, reason, version=None):
    """It sits on another day; what is on its agenda stays. Returns the panel."""
    with opened(Panel, reference, "postpone", actor=actor, reason=reason, version=version) as move:
        panel = move.subject
        panel.state_before = panel.state
        work.cancel(panel.record, reason="The panel was postponed.")
    return panel


@transaction.atomic
@document_store.undone_together()
def resume(reference, *, actor, planned_on, cut_off_at=None, version=None):
    """It has a new day, and goes on where it was. Returns the panel.

    Of one that was published the papers are made with the new day, and nobody was told of it yet.
    """
    with opened(Panel, reference, "resume", actor=actor, version=version) as move:
        panel = move.subject
        if panel.published_at is None:
            cut_off_at = cut_off_at or usual_cut_off(planned_on)
            _refuse_days(planned_on, cut_off_at)
            panel.cut_off_at = cut_off_at
        else:  # what was published stays: only the day is new
            _refuse_days(planned_on, panel.cut_off_at)
        panel.planned_on = planned_on
        _ask_to_prepare(panel)
    if panel.published_at is not None:
        panel.seats.update(told_on=None, told_version=None)  # the reasons were taken back with the new task
        for kind in AGENDA_PAPERS:
            papers.make(panel, kind, actor)
    return panel


@transaction.atomic
def cancel(reference, *, actor, reason, version=None):
    """It does not sit: what was on its agenda is on the next one that is compiled. Returns the panel."""
    agenda.lock_panels()
    with opened(Panel, reference, "cancel", actor=actor, reason=reason, version=version) as move:
        work.cancel(move.subject.record, reason="The panel was cancelled.")
    settle_readers(move.subject, actor)
    return move.subject
