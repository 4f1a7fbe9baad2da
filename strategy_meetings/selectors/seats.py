"""Who is asked to a meeting: whom its seats name, and what of them a reader may read."""

from hsb.core import clock, settings_in_force
from hsb.core.models import AccessGrant
from hsb.core.states import Because
from hsb.people.models import Membership
from hsb.people.states import Role, Service
from referrals.services import holders
from strategy_meetings.selectors.plans import shut_out_of
from strategy_meetings.states import EVERY_MEETING, SeatRole, SeatState


def seats_of(meeting):
    """[{"role", "agency", "user", "filled_in"}] of the seats a meeting starts with: every service's, filled in from
    what is known.

    Only what each reader of the meeting may know, whichever child they read of: a seat tells all of them, and opens
    nothing (B7).
    """
    children = meeting.children_in()
    known = {SeatRole.POLICE: settings_in_force.value("police_team"), SeatRole.EDUCATION: _school_of_all(children)}
    seats = [{"role": role, "agency": known.get(role, ""), "user": None} for role in EVERY_MEETING]
    for worker in workers_of(meeting):
        empty = next((seat for seat in seats if seat["role"] == worker["role"] and seat["user"] is None), None)
        if empty is None:
            seats.append(worker)
        else:
            empty.update(worker)
    return seats


def workers_of(meeting):
    """The same of a seat for each user who has one of the children, in the children's order; each user once.

    Nobody is named for a restricted child (B15), nor who is barred from a child of the concern.
    """
    children = meeting.children_in().select_related(
        "person__record", "referral__worker", "referral__record__holding_team"
    )
    return _workers(children, shut_out_of(meeting))


def _workers(children, shut_out):
    found = {}
    for child in children:
        user = None if child.is_restricted else _who_has(child.referral, shut_out)
        if user is not None:
            found.setdefault(
                user.pk, {**_sits_for(child.referral.record.holding_team), "user": user, "filled_in": True}
            )
    return list(found.values())


def _who_has(referral, shut_out):
    """The child's worker; where there is none, a manager of the team that has the child. None where nobody is."""
    if referral is None or referral.has_ended:
        return None
    worker, team = referral.worker, referral.record.holding_team
    asked = [worker] if worker is not None and worker.is_active else holders.managers_of(team)
    can_come = [user for user in asked if user.is_active and user.pk not in shut_out]
    return min(can_come, key=lambda user: user.pk, default=None)


def _sits_for(team):
    """Early Help is no social work team, whose seat counts for the quorum (A13)."""
    if team.service == Service.EARLY_HELP:
        return {"role": SeatRole.OTHER, "agency": team.name}
    return {"role": SeatRole.SOCIAL_WORK, "agency": ""}


def _school_of_all(children):
    """The school that all of them go to; "" where it would tell of one child to who reads of another (A9, B11)."""
    schools = {child.person.school for child in children}
    confidential = any(child.person.address_confidential for child in children)
    return schools.pop() if len(schools) == 1 and not confidential else ""


# --- What a reader may read of them ---------------------------------------------------------------------------------


def seats_read_by(reading):
    """The meeting's seats in their order, for showing only, never to be saved: `withheld` where the reader may not
    know who sits there; without a name where who is expected was barred since from a child of the concern."""
    opens = (lambda child: True) if reading.whole else reading.opens
    return _shown(reading.meeting, reading.children, reading.seats, opens)


def seats_in_copy(child):
    """The same for whoever gets a copy about this child alone."""
    children = child.meeting.children.select_related("person__record", "referral__record")
    seats = list(child.meeting.seats.select_related("user"))
    return _shown(child.meeting, children, seats, lambda each: each.pk == child.pk)


def _shown(meeting, children, seats, opens):
    withheld, shut_out = _there_for_others(children, opens), shut_out_of(meeting)
    for seat in seats:
        seat.withheld = seat.user_id is not None and seat.user_id in withheld
        if seat.withheld or (seat.state == SeatState.EXPECTED and seat.user_id in shut_out):
            seat.user, seat.name, seat.agency = None, "", ""
    return seats


def _there_for_others(children, opens):
    """Keys of the users who have, or had, only restricted children whom the reader may not open (B15)."""
    shut = [child for child in children if child.is_restricted and not opens(child)]
    return _had(shut) - _had([child for child in children if child not in shut]) if shut else set()


def _had(children):
    """Keys of the users who have one of the children, or had: the workers, and the managers of the teams."""
    referrals = [child.referral for child in children if child.referral_id]
    workers = AccessGrant.objects.filter(record__in=[each.pk for each in referrals], because=Because.ALLOCATED)
    teams = [each.record.holding_team_id for each in referrals]
    managers = Membership.objects.current(clock.today()).filter(team__in=teams, role=Role.MANAGER)
    return {
        *(each.worker_id for each in referrals),
        *workers.values_list("user", flat=True),
        *managers.values_list("user", flat=True),
    }
