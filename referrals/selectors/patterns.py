"""What several concerns say of one child, and what of it a reader may read (practice.md A7, B8)."""

from datetime import timedelta

from hsb.core import clock, settings_in_force, words
from hsb.core.asked_once import asked_once
from hsb.core.models import Entry
from referrals.models import Concern, Involvement, Referral
from referrals.states import OPEN, Category, InvolvementRole, InvolvementStatus

DISPLAYED, HARMED = InvolvementRole.DISPLAYED, InvolvementRole.HARMED
HIGHER = (Category.PROBLEMATIC, Category.ABUSIVE, Category.VIOLENT)


# --- Seen both ways -------------------------------------------------------------------------------------------------


def both_ways(person):
    """The child's standing parts, where the child displayed in one concern and was harmed in another; else [].

    As Involvement rows, in the order their concerns were recorded. Of each concern and role the last episode's counts.
    """
    rows = (
        Involvement.objects.filter(person=person, role__in=(DISPLAYED, HARMED), referral__isnull=False)
        .select_related("concern__record", "referral__record__holding_team", "person__record")
        .order_by("pk")
    )
    last = {(row.concern_id, row.role): row for row in rows}
    standing = [row for row in last.values() if row.status != InvolvementStatus.UNFOUNDED]
    if {row.role for row in standing} != {DISPLAYED, HARMED} or len({row.concern_id for row in standing}) < 2:
        return []
    return sorted(standing, key=lambda row: (row.concern.recorded_at, row.pk))


def opens_all(parts, person, user):
    """Whether `user` may open, through the child's own referrals, every concern of these parts."""
    return not _shut(parts, person, user)


def opens_both(referral, user):
    """Whether `user` may open every concern in which the referral's child had different parts, and there are some."""
    parts, shut = _seen_by(referral, user)
    return bool(parts) and not shut


@asked_once
def _seen_by(referral, user):
    """(the parts of the referral's child, where they are different ones; those that `user` may not open)."""
    parts = both_ways(referral.person_id)
    return parts, _shut(parts, referral.person_id, user) if parts else []


def _shut(parts, person, user):
    """Those of `parts` whose concern the reader may not open as this child's: another child's referral opens none."""
    mine = Referral.objects.visible_to(user).filter(person=person)
    opened = set(Involvement.objects.filter(person=person, referral__in=mine).values_list("concern", flat=True))
    return [part for part in parts if part.concern_id not in opened]


def both_ways_note(reading):
    """What the overview says of it: {"sentence", "parts", "read"}; None where there is nothing that may be said.

    Of a record that the reader may not open only whom to ask; of a restricted one nothing at all (B8, B15).
    """
    referral, user = reading.referral, reading.user
    parts, shut = _seen_by(referral, user) if reading.there_is["parts_both_ways"] else ([], [])
    if not parts:
        return None
    if shut:
        if any(part.person.record.restricted or part.referral.record.restricted for part in shut):
            return None
        teams = [part.referral.record.holding_team for part in shut]
        whom = words.listed(dict.fromkeys(team.name if team else "the front door" for team in teams))
        return {"sentence": f"There is another record about this child: ask {whom}.", "parts": [], "read": []}
    return {
        "sentence": "This child is in two concerns in different parts: read both.",
        "parts": [_part(part) for part in parts],
        "read": _read(referral),
    }


def _part(part):
    return {
        "reference": part.concern.reference,
        "text": f"concern of {words.day(part.concern.reported_on)}",
        "words": f"{part.get_role_display()}: {part.get_status_display().lower()}",
    }


def _read(referral):
    """Who has read both, and what they said it means: the last one first."""
    entries = Entry.objects.filter(record=referral.record_id, verb="read_both").select_related("actor")
    return [
        f"{entry.actor.name} read both on {words.day(entry.recorded_at)}: {entry.reason}"
        for entry in entries.order_by("-number")[:3]
    ]


# --- Category 0 again -----------------------------------------------------------------------------------------------


def category_0_concerns(person):
    """The child's concerns of the last months whose category in force is 0; [] where a higher one is in force."""
    if Referral.objects.filter(person=person, state__in=OPEN, category__in=HIGHER).exists():
        return []
    since = clock.today() - timedelta(days=settings_in_force.value("category_0_repeat_days"))
    standing = Involvement.objects.filter(person=person, role=DISPLAYED, referral__category=Category.INAPPROPRIATE)
    standing = standing.exclude(status=InvolvementStatus.UNFOUNDED).filter(concern__reported_on__gte=since)
    return list(Concern.objects.filter(involvements__in=standing).distinct().order_by("reported_on", "pk"))


def category_0_again(person):
    """`category_0_concerns` where there are as many as ask for a re-rating; else []."""
    found = category_0_concerns(person)
    return found if len(found) >= settings_in_force.value("category_0_repeat") else []


def rate_again_note(referral, tasks):
    """The prompt to rate the risk again, a sentence; "" where no open task of the referral asks for it."""
    if not any(task.kind == "rate_again" for task in tasks):
        return ""
    found = category_0_concerns(referral.person_id)
    if not found:
        return ""
    days = words.listed(dict.fromkeys(words.day(concern.reported_on) for concern in found))
    many = words.count(len(found), "concern")
    return f"Category 0 is in force for {many} about this child, reported on {days}. Rate the risk again, as a whole."


def decide_notices(reading):
    """What a manager who decides reads first: sentences."""
    note = both_ways_note(reading)
    again = rate_again_note(reading.referral, reading.tasks)
    return [*([note["sentence"]] if note else []), *([again] if again else [])]
