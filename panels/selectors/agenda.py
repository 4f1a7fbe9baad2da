"""What belongs on an agenda, by subject, and in which order: read from accepted forms and earlier panels."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from hsb.core.fetched import fetch
from hsb.core.models import Action
from hsb.core.models.places import folded
from panels.models import AgendaSource, ItemAction
from panels.states import OUTCOMES_STAND, ItemOutcome, PanelState, Section
from strategy_meetings.models import IntelEntry
from strategy_meetings.states import IntelState

# The rule of the order, as it is read aloud; `order` is the same in code.
RULE = (
    "In each section what was carried over comes first, what was carried over most often before the others; then what "
    "more forms name; then what was submitted first. What the coordinator moved stands where it was moved to. What is "
    "known from the police alone stands at the end of the section of the police's copy, and is numbered for itself."
)
SECTIONS = tuple(Section.values)


@dataclass
class Wanted:
    """One subject of a section, with everything that is known of it."""

    section: str
    subject: str
    about: dict  # person_id, place_id, theme_id, described
    entries: list = field(default_factory=list)  # keys, in the order of their forms
    called: list = field(default_factory=list)  # INT-2026-00001-2, the same order
    forms: set = field(default_factory=set)
    first_at: object = None
    carried: set = field(default_factory=set)  # keys of the items that were carried over
    police_only: bool = True  # whether nothing is known of it but for the police only
    kept_back: set = field(default_factory=set)  # what is called so, and is for the police only

    @property
    def key(self):
        return self.section, self.subject

    @property
    def in_order(self):
        return (-len(self.carried), -len(self.forms), self.first_at, self.subject)


def subject_key(entry):
    """What makes two entries one item: the same person, place, theme; or the same description, however it is spaced."""
    for name in ("person", "place", "theme"):
        if entry[name]:
            return f"{name}-{entry[name]}"
    return f"described-{hashlib.sha256(folded(entry['described']).encode()).hexdigest()[:32]}"


def wanted(panel):
    """{(section, subject): Wanted}: entries of accepted forms that no other agenda has, and what was carried over.
    `panel` is None where none is planned yet.

    An entry is taken while it stands on a published agenda of a panel that was not cancelled, until that panel has
    issued its actions with the item undecided.
    """
    sources = AgendaSource.objects.filter(entry=OuterRef("pk"), dropped_at__isnull=True).exclude(panel=panel)
    published = sources.exclude(item__label="").exclude(panel__state=PanelState.CANCELLED)
    taken = published.exclude(item__outcome=ItemOutcome.CARRIED, panel__state__in=OUTCOMES_STAND)
    entries = IntelEntry.objects.filter(~Exists(taken), dropped_at__isnull=True, form__state=IntelState.ACCEPTED)
    rows = entries.order_by("form__submitted_at", "form", "number").values(
        *("pk", "kind", "number", "person", "place", "theme", "described", "police_only"),
        *("form", "form__submitted_at", "form__record__reference"),
    )
    rows, carried, numbered = fetch(rows, _carried(panel), _numbered(panel))
    found, known_as, by_entry = {}, dict(numbered), {}
    # What has its number keeps its entries, and gets those that are of the same subject, by whatever fold it was made.
    same = {(row["kind"], subject_key(row)): known_as[row["pk"]] for row in rows if row["pk"] in known_as}
    for row in rows:
        subject = subject_key(row)
        subject = known_as.get(row["pk"]) or same.get((row["kind"], subject), subject)
        item = found.get((row["kind"], subject))
        if item is None:
            about = {f"{name}_id": row[name] for name in ("person", "place", "theme")}
            item = Wanted(
                row["kind"], subject, about | {"described": row["described"]}, first_at=row["form__submitted_at"]
            )
            found[item.key] = item
        item.entries.append(row["pk"])
        item.called.append(f"{row['form__record__reference']}-{row['number']}")
        item.forms.add(row["form"])
        item.police_only = item.police_only and row["police_only"]
        if row["police_only"]:
            item.kept_back.add(item.called[-1])
        by_entry[row["pk"]] = item
    _count_carried(carried, by_entry)
    return found


def _numbered(panel):
    """(entry, subject) of what stands on the panel's published agenda; of no panel none."""
    standing = AgendaSource.objects.filter(panel=panel) if panel is not None else AgendaSource.objects.none()
    return standing.filter(dropped_at__isnull=True).exclude(item__label="").values_list("entry", "item__subject")


def _carried(panel):
    """(entry, item, whether it is for the police only) of what other panels carried over."""
    carried = AgendaSource.objects.filter(
        dropped_at__isnull=True, item__outcome=ItemOutcome.CARRIED, panel__state__in=OUTCOMES_STAND
    ).exclude(panel=panel)
    return carried.values_list("entry", "item", "item__police_only")


def _count_carried(carried, by_entry):
    for entry, item, police_only in carried:
        # What the police alone carried over is not counted where all read of it: it would tell of their item.
        if entry in by_entry and (by_entry[entry].police_only or not police_only):
            by_entry[entry].carried.add(item)


def in_order(items, moves):
    """The items of one series of a section in the order of RULE; `moves` are {subject: (position from 1, instant)} of
    the coordinator. What was moved last stands where it was moved to, however many others were: of two that were moved
    to one place the later comes first, the other takes the next that is free."""
    moved = [item for item in items if item.subject in moves]
    free, stands = list(range(1, len(items) + 1)), {}
    for item in sorted(moved, key=lambda item: (moves[item.subject][1], item.subject), reverse=True):
        wished, _ = moves[item.subject]
        place = next((place for place in free if place >= wished), free[-1])
        free.remove(place)
        stands[place] = item
    by_rule = sorted((item for item in items if item.subject not in moves), key=lambda item: item.in_order)
    stands |= dict(zip(free, by_rule, strict=True))
    return [stands[place] for place in sorted(stands)]


def actions_left(panel):
    """(section, subject, reference of the panel, number) of what earlier panels agreed and is not done yet."""
    return (
        ItemAction.objects.filter(action__in=Action.objects.open(), item__panel__state__in=OUTCOMES_STAND)
        .exclude(item__panel=panel)
        .order_by("action__source", "action__number")
        .values_list("item__section", "item__subject", "item__panel__record__reference", "action__number")
    )


def open_actions(panel):
    """{(section, subject): ["PAN-2026-00001-3", ...]}: the same by what it is about."""
    return by_subject(actions_left(panel))


def by_subject(rows):
    """{(section, subject): ["PAN-2026-00001-3", ...]} of the rows of `actions_left`."""
    found = defaultdict(list)
    for section, subject, reference, number in rows:
        found[section, subject].append(f"{reference}-{number}")
    return found
