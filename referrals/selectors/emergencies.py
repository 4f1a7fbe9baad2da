"""Break-glass, as its pages show it: what a hit of a search leads to, and what a manager reviews (B8, B15)."""

from dataclasses import dataclass, field
from itertools import chain

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from hsb.core import clock, words
from hsb.core.keys import is_in
from hsb.core.models import AccessBar, AccessRecord, Record
from hsb.core.states import AccessKind
from hsb.people.states import CASE_ROLES, Role
from referrals.models import EmergencyOpening, Involvement, Referral
from referrals.selectors import people
from referrals.selectors.looks import page_in_words
from referrals.states import OPEN

BARRED = f"You cannot open this record, in an emergency either. Ask {settings.DUTY_DESK}."
# Where a search met several restricted records: which is meant is never guessed.
UNCLEAR = "unclear"
LOOKS_SHOWN = 50


@dataclass
class Target:
    """What a hit stands for. `name` and `team` are empty where the record is restricted."""

    name: str = ""
    team: str = ""
    # References of the referrals to open; `reference` of one that the reader may open already, or "".
    references: list = field(default_factory=list)
    reference: str = ""
    # The record on which a bar refuses the reader, or None.
    barred_on: Record | None = None


def hit_of(user, reference):
    """What a URL calls the person with that reference in the searches of `user`: it says nothing, and opens nothing for
    anybody else."""
    return salted_hmac("referrals.emergencies.hit", f"{user.reference}:{reference}").hexdigest()[:24]


def may_be_opened(user, *, restricted):
    """Whether a search shows this reader the way: practitioners and managers, auditors where it is restricted."""
    return user.has_role(*CASE_ROLES) or (restricted and user.has_role(Role.AUDITOR))


def may_be_asked_for(user, *, restricted):
    """Whoever may search may ask a manager for what they met."""
    return True


def hit_of_row(user, row, may=may_be_opened):
    """The hit of an ordinary row of people.search that the reader cannot open; "" where there is nothing to open, or
    the reader `may` not.

    A child without an open referral is shown as such: whether there was an earlier one is not told (B8). Whoever may
    open an earlier one, and not the open one, is shown the way to that.
    """
    if _opens_it(row) or row["team"] == people.NO_OPEN_REFERRAL:
        return ""
    if not may(user, restricted=row["marked_restricted"]):
        return ""
    return hit_of(user, people.unsign_pick(user, row["pick"]))


def _opens_it(row):
    return bool(row["url"]) and row["link"] == people.OPEN_REFERRAL


def hit_of_masked(user, found, may=may_be_opened):
    """The hit of what people.search masked; "" where it masked nothing, or the reader may not open it."""
    if not any(row["restricted"] for row in found.rows) or not may(user, restricted=True):
        return ""
    if found.masked_record is None:
        return UNCLEAR
    return hit_of(user, Record.objects.values_list("reference", flat=True).get(pk=found.masked_record))


def target(user, terms, hit, limit):
    """What `hit` of the search for `terms` leads to: a Target, or None where it leads nowhere."""
    if hit == UNCLEAR:
        return Target()
    found = people.search(user, terms, limit)
    for row in found.rows:
        if not row["restricted"] and _is(user, people.unsign_pick(user, row["pick"]), hit):
            return _ordinary(user, row)
    masked = Record.objects.filter(pk=found.masked_record).first() if found.masked_record else None
    if masked is not None and _is(user, masked.reference, hit):
        return Target(references=_to_open(user, masked.pk, last=True))
    return _barred(user, hit)


def _is(user, reference, hit):
    return bool(reference) and constant_time_compare(hit_of(user, reference), hit)


def _ordinary(user, row):
    if _opens_it(row):
        return Target(name=row["name"], reference=row["reference"])
    person = Record.objects.get(reference=people.unsign_pick(user, row["pick"]))
    return Target(name=row["name"], team=row["team"], references=_to_open(user, person.pk))


def _to_open(user, person, *, last=False):
    """References of the child's open referrals that `user` cannot open; with `last`, else the last one."""
    closed_to = Referral.objects.filter(~is_in(Referral.objects.visible_to(user)), person=person)
    found = closed_to.filter(state__in=OPEN).order_by("pk")
    if last and not found.exists():
        found = closed_to.order_by("-received_at", "-pk")[:1]
    return list(found.values_list("record__reference", flat=True))


def _barred(user, hit):
    """A hit from before the bar: whoever is barred does not find the child any more, and is told whom to ask."""
    for bar in AccessBar.objects.filter(user=user, lifted_at__isnull=True).select_related("record"):
        if _is(user, bar.record.reference, hit):
            last = (
                Referral.objects.filter(person=bar.record_id).select_related("record").order_by("-received_at").first()
            )
            return Target(barred_on=last.record if last else bar.record)
    return None


# --- The review ------------------------------------------------------------------------------------------------------


def opening(referral, number):
    """The opening of that number, or None."""
    found = referral.emergency_openings.select_related("by", "asked_team", "reviewed_by", "referral__record")
    return found.filter(number=number).first()


def facts(opening):
    """What the manager reads: who opened it, when, why, until when, and the pages they opened since."""
    looks = AccessRecord.objects.filter(
        record__in=_opened_with(opening.referral), user=opening.by_id, at__gte=opening.opened_at, at__lte=opening.until
    ).exclude(kind=AccessKind.BREAK_GLASS)
    found = list(looks.order_by("at", "pk")[: LOOKS_SHOWN + 1])
    shown = [[words.instant(look.at), page_in_words(look)] for look in found[:LOOKS_SHOWN]]
    if len(found) > LOOKS_SHOWN:
        shown.append(["Later", "More pages: the tab “Who looked” has those of this record"])
    return {
        "who": opening.by.name,
        "at": words.instant(opening.opened_at),
        "reason": opening.reason,
        "until": words.instant(opening.until),
        "is_live": opening.until > clock.now(),
        "looks": shown,
        "columns": ("When", "What"),
    }


def _opened_with(referral):
    """Keys of the records that such leave opens: the referral, its concerns, the child and who else is in them."""
    parts = Involvement.objects.filter(concern__in=referral.involvements.values("concern"))
    return {referral.pk, referral.person_id, *chain.from_iterable(parts.values_list("concern", "person"))}


def to_review(reading):
    """The oldest opening of the reading's referral that waits for a review; None where there is none."""
    if not any(task.kind == "review_break_glass" for task in reading.tasks):
        return None
    waiting = EmergencyOpening.objects.filter(referral=reading.referral, reviewed_at__isnull=True)
    return waiting.select_related("by", "asked_team", "referral__record").order_by("number").first()
