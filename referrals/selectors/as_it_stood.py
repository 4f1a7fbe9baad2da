"""What was in force at the end of a day, as it was recorded by then: from the journal, from dated rows, from history.

What a worker wrote (behaviours, assessments, notes, reasons) is never in it.
"""

from django.utils import timezone

from hsb.core import access, words
from hsb.core.models import Entry
from referrals.models import Concern
from referrals.permissions import can_read_address
from referrals.selectors.identity import GROUPS, ask_for_address
from referrals.selectors.notes import end_of
from referrals.states import ENDED, Category, InvolvementRole, InvolvementStatus, ReferralState, Tier

NOT_KEPT = (
    "Which team held the child before the first allocation, and between two.",
    "Who could open the record, and which tasks were open: the tab “Who looked” says who did open it.",
    "Whether a part in a concern was alleged, admitted, established or unfounded.",
)
NOT_RECEIVED = "The referral had not been received yet"
NO_CATEGORY, NO_TIER = "None yet", "None yet"
NO_VERSION = "No version of the child's details from then is kept"
HIDDEN = "Shown only to who may open the child's details"
_FACTS = {fact.label: fact for _, _, facts in GROUPS for fact in facts}


def as_it_stood(referral, day, user):
    """{"rows" of a summary list, "not_kept"}: what was in force on the referral at the end of `day`."""
    instant = end_of(day)
    if referral.received_at >= instant:
        return {"rows": [{"label": "State", "value": NOT_RECEIVED}], "not_kept": ()}
    entries = list(_entries_that_tell(referral))
    state = _state(entries, instant)
    roles = _roles(referral, entries, instant)
    rows = [{"label": "State", "value": state.label}, {"label": "Part in the concern", "value": _listed(roles)}]
    rows += _team_and_worker(referral, entries, day, state)
    if InvolvementRole.DISPLAYED in roles:
        rows.append({"label": "Category", "value": _decided(referral.category_decisions, "category", instant)})
    rows.append({"label": "Tier", "value": _decided(referral.threshold_decisions, "tier", instant)})
    rows += _details(referral.person, user, instant)
    return {"rows": rows, "not_kept": NOT_KEPT}


def _entries_that_tell(referral):
    """The entries by which the referral itself moved, its worker was named, or the child's parts were set."""
    found = Entry.objects.filter(record=referral.record_id).order_by("number")
    moved = found.filter(to_state__in=ReferralState.values)
    return found.filter(verb__in=("name_worker", "set_roles", "concern_attached")) | moved


def _state(entries, instant):
    by_then = [
        entry.to_state
        for entry in entries
        # Of an assessment or an offer the entry names the noun: a state of theirs is none of the referral's.
        if entry.recorded_at < instant and entry.to_state in ReferralState.values and "noun" not in entry.facts
    ]
    return ReferralState(by_then[-1] if by_then else ReferralState.RECEIVED)


def _team_and_worker(referral, entries, day, state):
    spells = list(referral.allocations.select_related("team", "worker").order_by("starts_on", "pk"))
    begun = [spell for spell in spells if spell.starts_on <= day]
    now = [spell for spell in begun if spell.ends_on is None or spell.ends_on > day]
    if now:
        worker = _worker(now[-1], spells, entries, day)
        return [
            {"label": "Team", "value": now[-1].team.name},
            {"label": "Worker", "value": worker.name if worker else "No worker named yet"},
        ]
    if begun and state in ENDED:
        worker = _worker(begun[-1], spells, entries, day)
        had = f"{begun[-1].team.name}{f': {worker.name}' if worker else ''}"
        return [{"label": "Team and worker", "value": f"None: it had ended. Last with {had}"}]
    return [{"label": "Team and worker", "value": "Not allocated to a team"}]


def _worker(spell, spells, entries, day):
    """The spell's worker, where named by the end of the day. Named later, the same spell keeps the worker's name: the
    journal says when."""
    if spell.worker is None:
        return None
    others_begin = {each.starts_on for each in spells if each.pk != spell.pk and each.worker_id == spell.worker_id}
    for entry in entries:
        if entry.verb != "name_worker" or entry.facts.get("worker") != spell.worker.reference:
            continue
        named_on = timezone.localdate(entry.recorded_at)
        within = spell.starts_on <= named_on and (spell.ends_on is None or named_on <= spell.ends_on)
        if within and named_on not in others_begin - {spell.starts_on}:
            return spell.worker if named_on <= day else None
    return spell.worker


def _roles(referral, entries, instant):
    """The child's parts in the concerns of the referral, as they were recorded by the instant."""
    later = {
        entry.facts.get("concern")
        for entry in entries
        if entry.verb == "concern_attached" and entry.recorded_at >= instant
    }
    parts = referral.involvements.select_related("concern__record")
    held = {}
    for part in parts:
        roles = held.setdefault(part.concern.reference, set())
        if part.status != InvolvementStatus.UNFOUNDED:
            roles.add(part.role)
    known = Concern.objects.filter(involvements__referral=referral, recorded_at__lt=instant)
    by_then = set(known.values_list("record__reference", flat=True)) - later
    found = set()
    for concern in by_then:
        changed = [e for e in entries if e.verb == "set_roles" and e.facts.get("concern") == concern]
        before = [entry for entry in changed if entry.recorded_at < instant]
        if before:
            found |= set(before[-1].facts["now"])
        elif changed:
            found |= set(changed[0].facts["was"])
        else:
            found |= held[concern]
    return found


def _listed(roles):
    return words.listed([role.label for role in InvolvementRole if role in roles]) or "None recorded"


def _decided(decisions, name, instant):
    """The judgement in force: the latest of the whole, whoever's view it was (A4)."""
    found = decisions.filter(recorded_at__lt=instant)
    if name == "category":
        found = found.filter(behaviour__isnull=True)
    last = found.order_by("-recorded_at", "-pk").first()
    if last is None:
        return NO_CATEGORY if name == "category" else NO_TIER
    label = (Category if name == "category" else Tier)(getattr(last, name)).label
    return f"{label} ({last.get_view_display().lower()}, {words.day(last.decided_on)})"


def _details(person, user, instant):
    """Legal status and address by the history of the child's details; an address that is confidential, then or now, is
    for whoever may read it."""
    if not access.opens(user, person):
        return [{"label": label, "value": HIDDEN} for label in ("Legal status", "Address")]
    then = person.history.filter(history_date__lt=instant).order_by("-history_date", "-history_id").first()
    if then is None:
        return [{"label": label, "value": NO_VERSION} for label in ("Legal status", "Address")]
    confidential = person.address_confidential or then.address_confidential
    if confidential and not can_read_address(person, user):
        address = ask_for_address(person)
    else:
        address = _FACTS["Address"].said(then)
    return [
        {"label": "Legal status", "value": _FACTS["Legal status"].said(then)},
        {"label": "Address", "value": address},
    ]
