"""What planning a meeting needs to know: whose it is, which children belong to it, who is asked, who may chair."""

from hsb.core import clock, settings_in_force
from hsb.core.models import AccessBar
from hsb.people.models import Membership
from hsb.people.states import Service
from referrals.models import Concern, Involvement
from referrals.services import holders
from referrals.states import NEEDS_REFERRAL, OPEN, InvolvementStatus, MeetingDecisionState
from strategy_meetings.models import ChildConsidered
from strategy_meetings.states import ARRANGEABLE, EVERY_MEETING, MeetingState, SeatRole


def children_of(concern):
    """[(Person, open Referral or None, Side)] of a concern: who is in its meeting unless left out, in their order."""
    parts = (
        Involvement.objects.filter(concern=concern, role__in=NEEDS_REFERRAL)
        .exclude(status=InvolvementStatus.UNFOUNDED)
        .select_related("person__record", "referral__record__holding_team", "referral__person", "referral__worker")
        .order_by("pk")
    )
    by_person = {}
    for part in parts:
        by_person.setdefault(part.person_id, []).append(part)
    return [_child_of(parts) for parts in by_person.values()]


def _child_of(parts):
    referral = next((part.referral for part in reversed(parts) if part.referral and part.referral.state in OPEN), None)
    side = referral.side if referral else holders.side_of_roles({part.role for part in parts})
    return parts[0].person, referral, side


def is_planned(decision):
    """Whether a meeting for this decision stands."""
    of_it = ChildConsidered.objects.filter(decision=decision, taking_part=True)
    return of_it.exclude(meeting__state=MeetingState.CANCELLED).exists()


def to_schedule(referral):
    """The MeetingDecision of a referral that is convened and has no meeting as yet, or None."""
    decision = referral.meeting_decisions.filter(state=MeetingDecisionState.CONVENED).last()
    return decision if decision is not None and not is_planned(decision) else None


def chairs_wait_for(referral):
    """Whether the specialist chairs read the referral to plan a meeting: the child's own, or of another child of one
    of its concerns, who would be in it by default (B9)."""
    return any(to_schedule(each) is not None for each in (referral, *referral.other_children().filter(state__in=OPEN)))


def meeting_to_come(referral):
    """The child's next meeting whose day can still be set, or None."""
    parts = ChildConsidered.objects.filter(referral=referral, taking_part=True, meeting__state__in=ARRANGEABLE)
    part = parts.select_related("meeting__record").order_by("meeting__planned_on").first()
    return part.meeting if part else None


def concern_of(referral):
    """The concern that the meeting is about: the child's latest. None where every part was unfounded."""
    parts = referral.involvements.exclude(status=InvolvementStatus.UNFOUNDED).filter(role__in=NEEDS_REFERRAL)
    part = parts.order_by("concern__reported_on", "pk").last()
    return Concern.objects.select_related("record").get(pk=part.concern_id) if part else None


def others_of(referral, concern):
    """[(person's key, name)] of the concern's other children."""
    return [(p.pk, p.known_as) for p, _, _ in children_of(concern) if p.pk != referral.person_id]


def children_asked_about(meeting):
    """[(person's key, name, taking part, why left out)] of the concern's children, and of whoever is in it besides."""
    standing = {child.person_id: child for child in meeting.children.select_related("person")}
    found = []
    for person, _, _ in children_of(meeting.concern):
        child = standing.pop(person.pk, None)
        found.append((person.pk, person.known_as, child is None or child.taking_part, _why_left_out(child)))
    # Whose part was found to be unfounded since.
    gone = [(child.person_id, child.person.known_as, True, "") for child in standing.values() if child.taking_part]
    return found + gone


def _why_left_out(child):
    return "" if child is None else child.left_out_reason


def holders_of(role, and_also=None):
    """[(reference, name)] of the users who hold `role` today; `and_also` is whoever has it already."""
    current = Membership.objects.current(clock.today()).filter(role=role, user__is_active=True)
    found = dict(current.order_by("user__name").values_list("user__reference", "user__name"))
    if and_also is not None:
        found.setdefault(and_also.reference, and_also.name)
    return list(found.items())


def barred(persons):
    """Keys of the users who are barred from one of the children (B15)."""
    bars = AccessBar.objects.filter(record__in=persons, lifted_at__isnull=True)
    return set(bars.values_list("user", flat=True))


# --- Who is asked ---------------------------------------------------------------------------------------------------


def seats_of(meeting):
    """[{"role", "agency", "user"}] of the seats a meeting starts with: every service's, filled in from what is known.

    Only what each reader of the meeting may know, whichever child they read of: a seat tells all of them, and opens
    nothing (B7). Nobody is named who is barred from a child of the concern.
    """
    children = list(meeting.children_in().select_related("referral__worker", "referral__record__holding_team"))
    known = {SeatRole.POLICE: settings_in_force.value("police_team"), SeatRole.EDUCATION: _school_of_all(children)}
    seats = [{"role": role, "agency": known.get(role, ""), "user": None} for role in EVERY_MEETING]
    for worker in _workers(children, barred(meeting.children.values("person"))):
        empty = next((seat for seat in seats if seat["role"] == worker["role"] and seat["user"] is None), None)
        if empty is None:
            seats.append(worker)
        else:
            empty.update(worker)
    return seats


def _workers(children, shut_out):
    """A seat for each user who has one of the children, in the children's order; each user once."""
    found = {}
    for child in children:
        user = _who_has(child.referral, shut_out)
        if user is not None:
            found.setdefault(user.pk, {**_sits_for(child.referral.record.holding_team), "user": user})
    return list(found.values())


def _who_has(referral, shut_out):
    """The child's worker; where there is none, a manager of the team that has the child. None where nobody is."""
    if referral is None or referral.has_ended:
        return None
    worker, team = referral.worker, referral.record.holding_team
    asked = [worker] if worker is not None and worker.is_active else holders.managers_of(team)
    return next((user for user in sorted(asked, key=lambda user: user.pk) if user.pk not in shut_out), None)


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
