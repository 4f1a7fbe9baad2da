"""The customer's flowchart: its boxes, how many children are in each for this reader, and one child's place on it.

A box's number is the count of its list's own queryset: the same Q is asked by the chart and by the list.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from hsb.core import clock
from referrals import pathway
from referrals.models import MeetingDecision, Referral
from referrals.states import (
    OPEN,
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
    return Q(Exists(MeetingDecision.objects.filter(referral=OuterRef("pk"), state=state)))


@dataclass(frozen=True)
class Box:
    """One number on the chart: `code` in the list's address, `title` of its list, `which` referrals it holds."""

    code: str
    title: str
    which: object

    @property
    def url(self):
        return f"{reverse('referrals:list')}?box={self.code}"


_MATCHING = {
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
            for category in _MATCHING
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
            for category, colour in _MATCHING.items()
        ),
        *(
            Box(
                f"brook-{category}-other",
                f"children in category {category} with Brook recorded differently or not used",
                Q(category=category) & ~Q(brook=colour),
            )
            for category, colour in _MATCHING.items()
        ),
        *(Box(f"tier-{tier}", f"children in {Tier(tier).label}", Q(tier=tier)) for tier in (2, 3, 4)),
        Box("early-help", "children with Early Help", _with(ReferralState.EARLY_HELP)),
        Box(
            "statutory",
            "children with a statutory team, category 1 or no category",
            _with(ReferralState.STATUTORY) & ~Q(category__in=POLICE_CATEGORIES),
        ),
        Box(
            "statutory-police",
            "children with a statutory team, category 2 or 3",
            _with(ReferralState.STATUTORY) & Q(category__in=POLICE_CATEGORIES),
        ),
        Box("police-outstanding", "children whose Form 87A is not sent", Q(police_outstanding=True)),
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


def chart_counts(user):
    """{box code: {"number", "late", "url"}} over the open referrals `user` may open, in one query."""
    today = clock.today()
    sums = {}
    for number, box in enumerate(BOXES.values()):
        sums[f"box_{number}"] = Count("record", filter=box.which)
        sums[f"late_{number}"] = Count("record", filter=box.which & Q(next_due_on__lt=today))
    found = Referral.objects.visible_to(user).filter(state__in=OPEN).aggregate(**sums)
    return {
        box.code: {"number": found[f"box_{number}"], "late": found[f"late_{number}"], "url": box.url}
        for number, box in enumerate(BOXES.values())
    }


def chart(counts=None, place=None):
    """The chart as rows of cells, for the template. `counts` of `chart_counts`, or `place` of one child, or neither.

    A cell: text, span (columns), colour, lines of {text, number, late, url}, here (this child is in this box).
    """
    current = pathway.current()
    responses = [current.response_for(category) for category in _MATCHING]

    def cell(key, text, *, span=1, colour="", points=(), lines=()):
        return {
            "key": key,
            "text": text,
            "points": points,
            "span": span,
            "colour": colour,
            "here": bool(place) and key in place["boxes"],
            "lines": [{"text": words, **counts[code]} for code, words in lines if counts],
        }

    return [
        {
            "title": "Hackett continuum of risk",
            "cells": [
                cell(
                    f"category-{r.category}",
                    f"Category {r.category}: {r.name}",
                    colour=f"category-{r.category}",
                    points=[i.text for i in r.indicators],
                    lines=[(f"category-{r.category}", "in this category")],
                )
                for r in responses
            ],
        },
        {
            "title": "Brook Traffic Light Tool",
            "cells": [
                cell(
                    f"brook-{r.category}",
                    f"{Brook(r.brook).label} behaviours",
                    colour=f"brook-{r.brook}",
                    lines=[
                        (f"brook-{r.category}", "recorded so"),
                        (f"brook-{r.category}-other", "recorded differently"),
                    ],
                )
                for r in responses
            ],
        },
        {
            "title": "Child protection threshold",
            "cells": [
                cell("tier-2", pathway.TIER_WORDS[2], lines=[("tier-2", "in tier 2")]),
                cell("tier-3", pathway.TIER_WORDS[3], lines=[("tier-3", "in tier 3")]),
                cell("tier-4", pathway.TIER_WORDS[4], span=2, lines=[("tier-4", "in tier 4")]),
            ],
        },
        {
            "title": "Allocated service response",
            "cells": [
                cell("early-help", responses[0].service_words, lines=[("early-help", "with Early Help")]),
                cell("statutory", responses[1].service_words, lines=[("statutory", "with a statutory team")]),
                cell(
                    "statutory-police",
                    responses[2].service_words,
                    span=2,
                    lines=[("statutory-police", "with a statutory team"), ("police-outstanding", "Form 87A not sent")],
                ),
            ],
        },
        {
            "title": "Risk assessment and review: the strategy meeting",
            "cells": [
                cell(
                    "meeting",
                    "Where there is reasonable cause to suspect that a child is suffering, or is likely to suffer, "
                    "significant harm, a strategy meeting is convened. It agrees an outcome, the Hackett category, "
                    "the intel form where appropriate, and an actions or diversion plan.",
                    span=4,
                    lines=[("meeting-asked", "waiting for the decision"), ("meeting-convened", "to be held")],
                )
            ],
        },
        {
            "title": "Mapping and strategic response",
            "cells": [
                cell(
                    "mapping",
                    "Mapping meetings look at an incident or a group where the peer network needs a closer look.",
                    span=2,
                ),
                cell(
                    "panel",
                    "The MACE panel looks at victims, persons of concern, locations and themes. Only "
                    "some HSB cases need to be heard there.",
                    span=2,
                ),
            ],
        },
    ]


def place_on_chart(referral):
    """Where one child is on the chart: {"boxes": codes, "before": words for what comes before the chart}."""
    boxes = set()
    if referral.category in _MATCHING:
        boxes.add(f"category-{referral.category}")
        if referral.brook == _MATCHING[referral.category]:
            boxes.add(f"brook-{referral.category}")
    if referral.tier:
        boxes.add(f"tier-{referral.tier}")
    held = referral.state_before_closing if referral.state == ReferralState.CLOSING_PROPOSED else referral.state
    if held == ReferralState.EARLY_HELP:
        boxes.add("early-help")
    elif held == ReferralState.STATUTORY:
        boxes.add("statutory-police" if referral.category in POLICE_CATEGORIES else "statutory")
    return {"boxes": boxes, "state": referral.get_state_display(), "undecided": referral.is_undecided}
