"""Lists of meetings: a chair's start page, and the meetings of one child."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from hsb.core import access, actions, clock, words
from hsb.core.called import Called
from hsb.core.fetched import fetch
from hsb.core.keys import FEW_TEAMS, IsOneOf, KeysOf
from hsb.core.models import AccessGrant
from hsb.core.states import RecordKind
from hsb.people.states import Role
from referrals.models import MeetingDecision, Reader, Referral
from referrals.permissions import can_decide_meeting
from referrals.selectors.names import names_of
from referrals.states import OPEN, MeetingDecisionState
from strategy_meetings.models import ChildConsidered, StrategyMeeting
from strategy_meetings.selectors.meeting import called_by_its_day, outcomes_in_words, when_in_words
from strategy_meetings.selectors.plans import to_schedule
from strategy_meetings.selectors.reading import MeetingReading
from strategy_meetings.states import NOTHING_AGREED, OVER, TO_COME, MeetingState

SHOWN = 50
LOOKED_AT = 1000  # of the meetings that ended last, for whoever manages more
MEETING_COLUMNS = ("Meeting", "Children", "Chair", "How it stands")
SCHEDULE_COLUMNS = ("Child", "Convened", "Who has the child")
NOT_ISSUED_YET = "Not issued yet"
WRITING_UP = (
    MeetingState.HELD,
    MeetingState.DECISIONS_ISSUED,
    MeetingState.MINUTES_DRAFTED,
    MeetingState.RETURNED,
    MeetingState.APPROVED,
    MeetingState.CIRCULATED,
)


def meetings_page(user):
    """A chair's start page: to schedule, this week, to come, to confirm, to write up, actions late; each table at most
    SHOWN rows."""
    chairs = user.has_role(Role.CHAIR)
    visible = _visible(user)
    coming = visible.filter(state__in=TO_COME).order_by("planned_on", "starts_at", "pk")
    this_week = coming.filter(planned_on__lte=_end_of_week())[:SHOWN]
    to_come = coming.filter(planned_on__gt=_end_of_week())[:SHOWN]
    hers = visible.filter(state=MeetingState.MINUTES_DRAFTED, chair=user)
    to_confirm = hers.order_by("held_on", "pk")[:SHOWN]
    writing = visible.filter(state__in=WRITING_UP).exclude(pk__in=hers.values("pk"))
    writing = writing.order_by("held_on", "pk")[:SHOWN]
    # Of whoever manages many teams there are enough among the last that ended: to find all of theirs takes longer.
    latest = IsOneOf("pk", KeysOf([_last_first(StrategyMeeting.objects.all())[:LOOKED_AT]]))
    wide = len(user.teams_as(Role.MANAGER)) > FEW_TEAMS
    ended = _last_first(visible.filter(latest) if wide else _near(user, visible))[:SHOWN]
    waiting = _to_schedule(user) if chairs else MeetingDecision.objects.none()
    fetch(this_week, to_come, to_confirm, writing, ended, waiting)
    if wide and len(ended) < SHOWN:
        ended = _last_first(_near(user, visible))[:SHOWN]
    meetings = [*this_week, *to_come, *to_confirm, *writing, *ended]
    prefetch_related_objects(meetings, TAKING_PART)
    names = _names(user, meetings)
    return {
        "chairs": chairs,
        "schedule_columns": SCHEDULE_COLUMNS,
        "to_schedule": [_schedule_row(decision) for decision in waiting],
        "columns": MEETING_COLUMNS,
        "this_week": [_row(meeting, names) for meeting in this_week],
        "to_come": [_row(meeting, names) for meeting in to_come],
        "to_confirm": [_row(meeting, names) for meeting in to_confirm],
        "writing": [_row(meeting, names) for meeting in writing],
        "ended": [_row(meeting, names) for meeting in ended],
        "action_columns": actions.LATE_COLUMNS,
        "late_actions": _late_actions(visible) if chairs else [],
    }


def _last_first(meetings):
    """Those of the meetings that have ended, the last first."""
    return meetings.filter(state__in=OVER).order_by("-state_since", "-pk")


def _end_of_week():
    """This week's Sunday."""
    today = clock.today()
    return today + timedelta(days=6 - today.weekday())


def of_referral(referral, user):
    """The meetings of one child, the latest first; what was agreed where the reader may read it."""
    parts = ChildConsidered.objects.filter(referral=referral, taking_part=True).select_related(
        "meeting__record", "nfa_by", "nfa_again"
    )
    meetings = list(_visible(user).filter(pk__in=parts.values("meeting")).order_by("-planned_on", "-pk"))
    decision = to_schedule(referral) if user.has_role(Role.CHAIR) else None
    by_meeting = {part.meeting_id: part for part in parts}
    return {
        "schedule_url": reverse("strategy_meetings:schedule", args=[referral.reference]) if decision else "",
        "telephone_url": _telephone_url(referral, user),
        "meetings": [_of_child(meeting, by_meeting[meeting.pk]) for meeting in meetings],
    }


def _telephone_url(referral, user):
    """Where a social work manager records what was agreed with the police by telephone."""
    may = referral.is_open and can_decide_meeting(None, user)
    return reverse("strategy_meetings:telephone", args=[referral.reference]) if may else ""


def _of_child(meeting, part):
    return {
        "title": f"{meeting.get_kind_display()}: {words.lower_first(when_in_words(meeting))}",
        "url": reverse("strategy_meetings:meeting", args=[meeting.reference]),
        "part_url": reverse("strategy_meetings:child", args=[meeting.reference, part.number]),
        "tag": {"text": meeting.get_state_display(), "meaning": _meaning(meeting)},
        "chair": meeting.chair.name,
        "agreed": _agreed(meeting, part),
    }


def _agreed(meeting, part):
    """What was agreed for the child, or that it is not issued yet; "" where the meeting said nothing."""
    if meeting.state in NOTHING_AGREED:
        return NOT_ISSUED_YET if meeting.state in (MeetingState.HELD, MeetingState.ADJOURNED) else ""
    return outcomes_in_words(part)


def _visible(user):
    return StrategyMeeting.objects.visible_to(user).select_related("record", "chair")


def _near(user, meetings):
    """Of these meetings those that the rule could open: on which leave was given, or of a child whose referral the
    reader may open. The rule alone would be asked about every meeting there ever was; of an auditor it is."""
    if user.has_role(Role.AUDITOR):
        return meetings
    seats = Q(team__in=[membership.team_id for membership in user.current_memberships()])
    given = AccessGrant.objects.filter(seats | Q(user__in=[user.pk, *user.stands_in_for(clock.today())]), access.live())
    # Open and ended ones have an index each.
    opened = (Reader.objects.of(user).filter(is_open=is_open) for is_open in (True, False))
    referrals = KeysOf([Referral.objects.filter(pk__in=rows.values("record")) for rows in opened])
    children = KeysOf([ChildConsidered.objects.filter(IsOneOf("referral", referrals), taking_part=True)])
    found = (
        StrategyMeeting.objects.filter(pk__in=given.filter(record__kind=RecordKind.MEETING).values("record")),
        StrategyMeeting.objects.filter(IsOneOf("children", children)),
    )
    return meetings.filter(IsOneOf("pk", KeysOf(found)))


TAKING_PART = Prefetch(
    "children", ChildConsidered.objects.filter(taking_part=True).order_by("number"), to_attr="taking_part"
)


def _names(user, meetings):
    """Key of referral -> the child's name, of those the reader may open."""
    return names_of(user, {part.referral_id for meeting in meetings for part in meeting.taking_part})


def _row(meeting, names):
    called = [names.get(part.referral_id) or MeetingReading.letter(part) for part in meeting.taking_part]
    late = meeting.state in TO_COME and meeting.planned_on < clock.today()
    return [
        {
            "text": when_in_words(meeting),
            "url": reverse("strategy_meetings:meeting", args=[meeting.reference]),
            "hidden": f"{meeting.get_kind_display()} about {words.listed(called)}",
            "note": meeting.get_kind_display(),
        },
        {"text": words.listed(called)},
        {"text": meeting.chair.name},
        {"text": "", "tags": [{"text": meeting.get_state_display(), "meaning": "late" if late else _meaning(meeting)}]},
    ]


def _meaning(meeting):
    if meeting.state in OVER:
        return "quiet"
    return "open" if meeting.state in TO_COME else "soon"


def _to_schedule(user):
    """Decisions on children for whom a meeting is convened and none is planned."""
    planned = ChildConsidered.objects.filter(taking_part=True).exclude(meeting__state=MeetingState.CANCELLED)
    return (
        MeetingDecision.objects.filter(
            state=MeetingDecisionState.CONVENED,
            referral__in=Referral.objects.visible_to(user).filter(state__in=OPEN),
        )
        .exclude(Exists(planned.filter(decision=OuterRef("pk"))))
        .select_related("referral__record__holding_team", "referral__person", "referral__worker")
        .order_by("decided_at", "pk")[:SHOWN]
    )


def _schedule_row(decision):
    referral = decision.referral
    late = timezone.localdate(decision.decided_at) < clock.today()
    worker = referral.worker.name if referral.worker_id else "no worker named yet"
    return [
        {
            "text": referral.person.known_as,
            "url": reverse("strategy_meetings:schedule", args=[referral.reference]),
            "note": referral.reference,
        },
        {
            "text": words.instant(decision.decided_at),
            "tags": [{"text": "Late", "meaning": "late"}] if late else [],
        },
        {"text": f"{referral.record.holding_team.name}: {worker}"},
    ]


def _late_actions(visible):
    """Open actions of the chair's meetings that are past their day, by agency: of those whose decisions are issued."""
    issued = visible.exclude(state__in=(*TO_COME, MeetingState.HELD)).values("record")
    return actions.late_by_agency(issued, lambda reference: reverse("strategy_meetings:meeting", args=[reference]))


# "Strategy meeting of 5 January 2027"
MEETINGS = Called(
    rows=lambda user: StrategyMeeting.objects.visible_to(user).values("pk", "kind", "held_on", "planned_on"),
    said=lambda row: called_by_its_day(StrategyMeeting(**row)),
)
