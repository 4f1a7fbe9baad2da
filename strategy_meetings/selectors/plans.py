"""What planning a meeting needs to know: whose it is, which children belong to it, who may chair."""

from hsb.core import clock
from hsb.core.models import AccessBar
from hsb.people.models import Membership
from hsb.people.states import Role
from referrals.models import Involvement, MeetingDecision
from referrals.services import holders
from referrals.states import NEEDS_REFERRAL, OPEN, InvolvementStatus, MeetingDecisionState
from strategy_meetings.models import ChildConsidered
from strategy_meetings.states import ARRANGEABLE, NOT_ISSUED, MeetingState


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
    if (rows := referral.known("meeting_decisions")) is None:
        rows = referral.meeting_decisions.all()
    convened = [each for each in rows if each.state == MeetingDecisionState.CONVENED]
    decision = convened[-1] if convened else None
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


def another_is_to_come(child):
    """Whether, beside this meeting, one about the child is convened, planned or goes on, about whatever concern."""
    parts = ChildConsidered.objects.filter(person=child.person_id, taking_part=True).exclude(meeting=child.meeting_id)
    convened = MeetingDecision.objects.filter(
        referral__person=child.person_id, referral__state__in=OPEN, state=MeetingDecisionState.CONVENED
    )
    return parts.filter(meeting__state__in=NOT_ISSUED).exists() or convened.exists()


def concern_of(referral):
    """The concern that the meeting is about: the child's latest. None where every part was unfounded."""
    if (parts := referral.known("involvements")) is None:
        parts = referral.involvements.select_related("concern__record").order_by("concern__reported_on", "pk")
    standing = [part for part in parts if part.role in NEEDS_REFERRAL and part.status != InvolvementStatus.UNFOUNDED]
    return standing[-1].concern if standing else None


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


def to_choose(chair=None, minute_taker=None):
    """{"chairs", "minute_takers"}: [(reference, name)] of who holds the role today, and of whoever has the meeting
    already; in one question."""
    found = {Role.CHAIR: {}, Role.MINUTE_TAKER: {}}
    current = Membership.objects.current(clock.today()).filter(role__in=found, user__is_active=True)
    for role, reference, name in current.order_by("user__name").values_list("role", "user__reference", "user__name"):
        found[role][reference] = name
    for role, user in ((Role.CHAIR, chair), (Role.MINUTE_TAKER, minute_taker)):
        if user is not None:
            found[role].setdefault(user.reference, user.name)
    return {"chairs": list(found[Role.CHAIR].items()), "minute_takers": list(found[Role.MINUTE_TAKER].items())}


def children_concerned(meeting):
    """Keys of the persons who are children of the meeting's concern, in it, left out of it, or unfounded since."""
    parts = Involvement.objects.filter(concern=meeting.concern_id, role__in=NEEDS_REFERRAL)
    return {*parts.values_list("person", flat=True), *meeting.children.values_list("person", flat=True)}


def shut_out_of(meeting):
    """Keys of the users who are barred from one of `children_concerned`, in one question."""
    parts = Involvement.objects.filter(concern=meeting.concern_id, role__in=NEEDS_REFERRAL).values("person")
    return barred(parts.union(meeting.children.order_by().values("person")))


def barred(persons):
    """Keys of the users who are barred from one of the children (B15)."""
    bars = AccessBar.objects.filter(record__in=persons, lifted_at__isnull=True)
    return set(bars.values_list("user", flat=True))
