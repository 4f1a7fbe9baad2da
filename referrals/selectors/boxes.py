"""The boxes of the customer's flowchart: which referrals each holds, and how many of them this reader may open.

A box's number is the count of its list's own queryset: the same Q is asked by the chart and by the list.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from django.db.models import Exists, OuterRef, Q

from hsb.core import clock
from hsb.core.addresses import address
from hsb.core.borough_words import said
from referrals import pathway
from referrals.models import MeetingDecision
from referrals.selectors.listed import Listed
from referrals.states import (
    POLICE_CATEGORIES,
    UNDECIDED,
    Brook,
    Category,
    MeetingDecisionState,
    ReferralState,
    Side,
    Tier,
)


def _with(service_state):
    """Held by that service: also while its proposal to close waits."""
    return Q(state=service_state) | Q(state=ReferralState.CLOSING_PROPOSED, state_before_closing=service_state)


def _meeting(state):
    return Q(Exists(MeetingDecision.objects.filter(referral=OuterRef("record"), state=state)))


@dataclass(frozen=True)
class Box:
    """One number on the chart: `code` in the list's address, `title` of its list, `which` referrals it holds."""

    code: str
    title: str
    which: object

    @property
    def url(self):
        return f"{address('referrals:list')}?box={self.code}"


# The Brook colour that the pathway's table puts beside each category.
MATCHING = {
    category: pathway.current().response_for(category).brook
    for category in (Category.INAPPROPRIATE, Category.PROBLEMATIC, Category.ABUSIVE, Category.VIOLENT)
}

BOXES = {
    box.code: box
    for box in (
        Box("received", "children whose referral was received", Q(state=ReferralState.RECEIVED)),
        Box("assessing", "children being assessed", Q(state=ReferralState.ASSESSING)),
        Box("deciding", "children awaiting a decision", Q(state=ReferralState.AWAITING_DECISION)),
        *(
            Box(f"category-{category}", f"children in {Category(category).label}", Q(category=category))
            for category in MATCHING
        ),
        Box(
            "category-not-hsb", "children whose behaviour may be developmentally expected", Q(category=Category.NOT_HSB)
        ),
        Box(
            "category-none",
            "children without a category yet",
            Q(category="", state__in=UNDECIDED) & ~Q(side=Side.HARMED),
        ),
        Box("harmed", "children who were harmed", Q(side__in=(Side.HARMED, Side.BOTH))),
        *(
            Box(
                f"brook-{category}",
                f"children in category {category} with Brook {Brook(colour).label}",
                Q(category=category, brook=colour),
            )
            for category, colour in MATCHING.items()
        ),
        *(
            Box(
                f"brook-{category}-other",
                f"children in category {category} with Brook recorded differently or not used",
                Q(category=category) & ~Q(brook=colour),
            )
            for category, colour in MATCHING.items()
        ),
        *(Box(f"tier-{tier}", f"children in {Tier(tier).label}", Q(tier=tier)) for tier in (2, 3, 4)),
        Box("early-help", "children with Early Help", _with(ReferralState.EARLY_HELP)),
        Box(
            "statutory",
            "children with a statutory team, not in category 2 or 3",
            _with(ReferralState.STATUTORY) & ~Q(category__in=POLICE_CATEGORIES),
        ),
        Box(
            "statutory-police",
            "children with a statutory team, category 2 or 3",
            _with(ReferralState.STATUTORY) & Q(category__in=POLICE_CATEGORIES),
        ),
        Box("police-outstanding", said("children whose {form} is not sent"), Q(police_outstanding=True)),
        Box(
            "meeting-asked",
            "children for whom a strategy meeting decision waits",
            _meeting(MeetingDecisionState.REQUESTED),
        ),
        Box(
            "meeting-convened",
            "children for whom a strategy meeting is to be held",
            _meeting(MeetingDecisionState.CONVENED),
        ),
    )
}


# The boxes that ask something beside the referral itself, by the name of their column.
BESIDE = {code.replace("-", "_"): BOXES[code] for code in ("meeting-asked", "meeting-convened")}


def _asks(which):
    """The columns that a Q is about."""
    return frozenset().union(
        *(_asks(each) if isinstance(each, Q) else {each[0].removesuffix("__in")} for each in which.children)
    )


def _by_columns():
    """{columns: the boxes that ask of these}."""
    found = {(name,): [(box.code, Q(**{name: True}))] for name, box in BESIDE.items()}
    for box in BOXES.values():
        if box not in BESIDE.values():
            found.setdefault(tuple(sorted(_asks(box.which))), []).append((box.code, box.which))
    return found


BY_COLUMNS = _by_columns()
COLUMNS = sorted({column for columns in BY_COLUMNS for column in columns} - set(BESIDE))


def chart_counts(user):
    """{box code: {"number", "late", "url"}} over the open referrals `user` may open, in one query.

    The database counts referrals that are alike, and each box is asked of every kind once.
    """
    names = (*COLUMNS, "late", *BESIDE)
    found = Listed(user).grouped(
        *COLUMNS, late=Q(next_due_on__lt=clock.today()), **{name: box.which for name, box in BESIDE.items()}
    )
    counts = {code: {"number": 0, "late": 0, "url": box.url} for code, box in BOXES.items()}
    for columns in BY_COLUMNS:
        of_kind = itemgetter(*map(names.index, (*columns, "late")))
        kinds = Counter()
        for values, number in found:
            kinds[of_kind(values)] += number
        for (*kind, late), number in kinds.items():
            for code in _that_hold(columns, tuple(kind)):
                counts[code]["number"] += number
                counts[code]["late"] += number if late else 0
    return counts


# States, categories and the like, as many as there are ways to be alike.
@lru_cache(maxsize=10_000)
def _that_hold(columns, values):
    """The codes of the boxes asking of these columns that hold a referral of these values."""
    row = dict(zip(columns, values, strict=True))
    return tuple(code for code, which in BY_COLUMNS[columns] if holds(which, row))


def holds(which, row):
    """Whether a Q of columns that are equal to something, or among several, holds of a row: {column: value}."""
    said = (holds(each, row) if isinstance(each, Q) else _is_so(each, row) for each in which.children)
    found = any(said) if which.connector == Q.OR else all(said)
    return not found if which.negated else found


def _is_so(condition, row):
    column, value = condition
    if column.endswith("__in"):
        return row[column.removesuffix("__in")] in value
    return row[column] == value
