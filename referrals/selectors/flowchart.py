"""The customer's flowchart as a page draws it: six rows across four categories, and one child's place on it.

The same cells are drawn twice: as the document's table, and for a phone as cards, by category.
"""

from hsb.core.borough_words import said
from referrals import pathway
from referrals.models.pathway_texts import pathway_at
from referrals.selectors.boxes import MATCHING
from referrals.states import POLICE_CATEGORIES, Brook, ReferralState

ALL = tuple(MATCHING)
# What comes before the first row: the steps there, and those who stand beside the four columns.
STEPS = (
    ("received", "received"),
    ("assessing", "being assessed"),
    ("deciding", "awaiting a decision"),
)
BESIDE = (
    ("category-none", "no category yet"),
    ("harmed", "were harmed: no category, a plan of their own"),
    ("category-not-hsb", "may be developmentally expected"),
)
MEETING = (
    "As per the London Child Protection Procedures, a strategy meeting is convened where there is reasonable cause to "
    "suspect that a child is suffering, or is likely to suffer, significant harm. The CSE and HSB specialist social "
    "worker chairs it; where several children are involved it is a joint meeting."
)
AGREEMENTS = (
    "an outcome: a review strategy meeting, a section 47 investigation, immediate action, or no further action",
    "the HSB risk: the Hackett category",
    "the completed intel form, if appropriate",
    "an actions or diversion plan",
)
# Counted on floor 3: the roof puts the numbers in.
MAPPING_LINES = (("mapping-planned", "to be held"), ("mapping-running", "being mapped"))
MAPPING = (
    "Held for an incident or a group, where additional focus is required to monitor peer networks and map activity. "
    "What is gathered goes to the strategic panels and into the safeguarding response."
)
PANEL = (
    "Information gathered with intel forms makes the agenda. The panel looks at victims, persons of concern, locations "
    "and themes. Only some HSB cases need to be heard there."
)


def chart(counts=None, place=None, more=None):
    """{"columns", "rows", "cards", "steps", "beside"} for components/flowchart.jinja.

    With `counts` (boxes.chart_counts, and what the floors above count) every box shows its numbers; with `place`
    (place_on_chart) one child's boxes are marked, on the pathway's version that child started on; its cards are that
    child's boxes alone. `more` are lines that the roof gives a box whole: {box: text, number, late, url and late_url}.
    """
    version = pathway_at(place["version"], place["began_at"]) if place else pathway_at(pathway.current().version)
    responses = [version.response_for(category) for category in ALL]
    draw = _Drawer(counts, place, more or {})
    rows = [
        ("Hackett Continuum of Risk", [_hackett(draw, r) for r in responses]),
        ("Brook Traffic Light Tool", [_brook(draw, r) for r in responses]),
        ("Child Protection Threshold", _thresholds(draw, version)),
        ("Allocated Service Response", _services(draw, responses)),
        ("Risk Assessment / Review Process", [_meeting(draw)]),
        (
            "Mapping / Strategic Response",
            [
                draw.cell("mapping", title="Mapping meetings", text=MAPPING, span=2, lines=MAPPING_LINES),
                draw.cell("panel", title="MACE panel", text=PANEL, span=2),
            ],
        ),
    ]
    rows = [{"title": title, "cells": cells} for title, cells in rows]
    columns = [{"code": r.category, "title": f"Category {r.category}", "name": f"Hackett: {r.name}"} for r in responses]
    return {
        "columns": columns,
        "rows": rows,
        "cards": _here(_cards(columns, rows)) if place else _cards(columns, rows),
        "steps": draw.lines(STEPS),
        "beside": draw.lines(BESIDE),
    }


class _Drawer:
    """Makes cells: title, text, points, span (columns), categories, colour, lines of numbers, here."""

    def __init__(self, counts, place, more):
        self.counts, self.place, self.here = counts or {}, place, place["boxes"] if place else ()
        self.more = more

    def lines(self, lines):
        # What a floor above counts is given by the roof, or left out.
        counted = [{"text": words, **self.counts[code]} for code, words in lines if code in self.counts]
        return [{**line, "late_url": f"{line['url']}&late=1"} for line in counted]

    def cell(self, key, *, title="", text="", points=(), span=1, categories=(), colour="", lines=()):
        return {
            "key": key,
            "title": title,
            "text": text,
            "points": points,
            "span": span,
            "categories": categories,
            "colour": colour,
            "here": key in self.here,
            "lines": [*self.lines(lines), *self.more.get(key, ())],
        }


def _hackett(draw, response):
    key = f"category-{response.category}"
    return draw.cell(
        key,
        # One child's chart leaves the indicators out, and would show empty boxes.
        title=response.name if draw.place else "",
        points=[indicator.text for indicator in response.indicators],
        categories=(response.category,),
        colour=key,
        lines=[(key, "in this category")],
    )


def _brook(draw, response):
    key = f"brook-{response.category}"
    colour = Brook(response.brook).label
    return draw.cell(
        key,
        title=f"{colour} behaviours",
        categories=(response.category,),
        colour=f"brook-{response.brook}",
        lines=[(key, f"recorded {colour.lower()}"), (f"{key}-other", "recorded otherwise, or not used")],
    )


def _thresholds(draw, version):
    cells = []
    for tier, categories in ((2, ALL[:1]), (3, ALL[1:2]), (4, ALL[2:])):
        title, text = version.tier_words[tier].split(": ", 1)
        cells.append(
            draw.cell(
                f"tier-{tier}",
                title=title,
                text=text[0].upper() + text[1:],
                span=len(categories),
                categories=categories,
                lines=[(f"tier-{tier}", f"in tier {tier}")],
            )
        )
    return cells


def _services(draw, responses):
    with_team = "with a statutory team"
    return [
        draw.cell(
            "early-help",
            text=f"Allocation to {responses[0].service_words}",
            categories=ALL[:1],
            lines=[("early-help", "with Early Help")],
        ),
        draw.cell(
            "statutory",
            text=f"Allocation to {responses[1].service_words}",
            categories=ALL[1:2],
            lines=[("statutory", with_team)],
        ),
        draw.cell(
            "statutory-police",
            text=f"Allocation to {responses[2].service_words}",
            span=2,
            categories=ALL[2:],
            lines=[("statutory-police", with_team), ("police-outstanding", said("{form} not sent"))],
        ),
    ]


def _meeting(draw):
    return draw.cell(
        "meeting",
        title="Strategy meeting",
        text=MEETING if draw.place else f"{MEETING} It agrees:",
        points=AGREEMENTS,
        span=4,
        lines=[("meeting-asked", "waiting for the decision"), ("meeting-convened", "to be held")],
    )


def _cards(columns, rows):
    """The same cells for a narrow screen: a card for each category, then what several share."""

    def parts(categories):
        return [
            {"title": row["title"], "cell": cell}
            for row in rows
            for cell in row["cells"]
            if cell["categories"] == categories
        ]

    cards = [
        {"title": f"{column['title']} ({column['name']})", "colour": f"category-{column['code']}", "parts": parts(own)}
        for column, own in ((column, (column["code"],)) for column in columns)
    ]
    cards.append({"title": "Categories 2 and 3", "colour": "category-3", "parts": parts(ALL[2:])})
    for row in rows:
        if shared := [{"title": "", "cell": cell} for cell in row["cells"] if not cell["categories"]]:
            cards.append({"title": row["title"], "colour": "", "parts": shared})
    return cards


def _here(cards):
    """Of the cards, what is marked as one child's place."""
    found = ({**card, "parts": [part for part in card["parts"] if part["cell"]["here"]]} for card in cards)
    return [card for card in found if card["parts"]]


def place_on_chart(referral):
    """Where a child is on the chart, from what is in force: {"boxes", "version", "began_at", "state", "undecided"}."""
    boxes = set()
    if referral.category in MATCHING:
        boxes.add(f"category-{referral.category}")
        if referral.brook == MATCHING[referral.category]:
            boxes.add(f"brook-{referral.category}")
    if referral.tier:
        boxes.add(f"tier-{referral.tier}")
    held = referral.state_before_closing if referral.state == ReferralState.CLOSING_PROPOSED else referral.state
    if held == ReferralState.EARLY_HELP:
        boxes.add("early-help")
    elif held == ReferralState.STATUTORY:
        boxes.add("statutory-police" if referral.category in POLICE_CATEGORIES else "statutory")
    return {
        "boxes": boxes,
        "version": referral.pathway_version,
        "began_at": referral.received_at,
        "state": referral.get_state_display(),
        "undecided": referral.is_undecided,
    }
