"""docs/workflow.md and docs/permissions.md are written from the code, so that they never lag behind it.

`UPDATE_DOCS=1 pytest tests/house/test_docs_tables.py` writes them anew.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings

from hsb.people.states import Service
from hsb.url_rules import RULES
from panels.models import MappingMeeting, Panel
from referrals import pathway
from referrals.models import BoroughTransfer, MeetingDecision, Offer, Plan, PoliceReferral, Referral, RiskAssessment
from referrals.states import Brook, Category, Tier
from strategy_meetings.models import IntelForm

pytestmark = pytest.mark.django_db  # the borough's words are dated settings
DOCS = Path(settings.BASE_DIR) / "docs"
MACHINES = (
    ("Referral", Referral, "Who has the child: one state. The table of the practice guide, row by row."),
    ("Risk assessment", RiskAssessment, "A later one supersedes; none is overwritten."),
    ("Meeting decision", MeetingDecision, "Whether a strategy meeting is convened."),
    (
        "Form 87A",
        PoliceReferral,
        "One for a concern, with its children. Unresolved: needed, drafted, approved, refused.",
    ),
    ("Offer", Offer, "Step up and step down: another team is asked."),
    ("Transfer", BoroughTransfer, "Another borough is asked; our manager records what they answer."),
    ("Plan", Plan, "What should change for a child; a manager agrees, reviews test it."),
    ("Intel form", IntelForm, "What the panel is told, and what it answers."),
    ("Mapping meeting", MappingMeeting, "Held, its map is completed; closed, it is frozen."),
    ("Panel", Panel, "From its planning to its actions; a published agenda is frozen, what is late makes an addendum."),
)


def row(*cells):
    return "| " + " | ".join(map(str, cells)) + " |"


def table(*head, rows):
    return [row(*head), row(*("---" for _ in head)), *(row(*cells) for cells in rows), ""]


def workflow():
    """The text of docs/workflow.md."""
    current = pathway.current()
    lines = [
        "# The workflow",
        "",
        "The customer's flowchart as data (`referrals/pathway.py`), and the state tables of every machine. This page",
        "is written from the code by `tests/house/test_docs_tables.py`, which fails when the two differ.",
        "",
        f"## The pathway, version {current.version}",
        "",
        *table(
            "category",
            "Brook",
            "threshold",
            "response",
            "meeting",
            rows=[
                (
                    Category(r.category).label,
                    Brook(r.brook).label,
                    Tier(r.tier).label,
                    r.service_words,
                    "expected" if r.meeting_expected else "a manager decides" if r.meeting_question else "possible",
                )
                for r in current.responses.values()
            ],
        ),
        "A child without a category (who was harmed) is routed by tier:",
        "",
        *table(
            "threshold",
            "service",
            rows=[
                (pathway.TIER_WORDS[tier], Service(r.service).label if r.service else "none")
                for tier, r in current.routes.items()
            ],
        ),
    ]
    for title, model, words in MACHINES:
        lines += [f"## {title}", "", words, "", *table("from", "verb", "to", "what must be true", rows=moves(model))]
    return "\n".join(lines).rstrip() + "\n"


def moves(model):
    """A row for each verb of the model's machine: the states it leaves, its name, where it leads, its guards."""
    by_verb = {}
    for transition in model().get_all_state_transitions():
        by_verb.setdefault(transition.name, []).append(transition)
    for verb, transitions in by_verb.items():
        first = transitions[0]
        target = first.target
        to = " or ".join(target.allowed_states) if hasattr(target, "allowed_states") else str(target)
        guards = [g.sentence for g in first.conditions]
        if first.custom.get("reason"):
            guards.append(first.custom["reason"])
        leaves = ", ".join(plain(t.source) for t in transitions)
        yield leaves, plain(verb), plain(to), " ".join(map(str, guards)) or "–"


def plain(code):
    return str(code).replace("_", " ")


def permissions():
    """The text of docs/permissions.md."""
    by_rule = {}
    for name, rule in RULES.items():
        by_rule.setdefault(rule.words, []).append(name)
    lines = [
        "# Who may open what",
        "",
        "A rule says who gets as far as a page; whether a particular record opens is asked there, by its grants, and",
        "whether a particular verb is allowed, at the door (`referrals/permissions.py`). A URL without a rule opens",
        "for nobody. Written from `hsb/url_rules.py` by `tests/house/test_docs_tables.py`.",
        "",
        *table("page", "who", rows=[(f"`{name}`", rule.words) for name, rule in sorted(RULES.items())]),
        "## Who may use which verb of a referral",
        "",
        *table("verb", "who", rows=sorted(holders())),
    ]
    return "\n".join(lines).rstrip() + "\n"


def holders():
    for transition in {t.name: t for t in Referral().get_all_state_transitions()}.values():
        words = (transition.permission.__doc__ or plain(transition.permission.__name__)).split("\n")[0]
        yield plain(transition.name), words


@pytest.mark.parametrize(
    ("name", "text"), [("workflow.md", workflow), ("permissions.md", permissions)], ids=["workflow", "permissions"]
)
def test_the_page_says_what_the_code_does(name, text):
    path = DOCS / name
    if os.environ.get("UPDATE_DOCS"):
        path.write_text(text())

    assert path.read_text() == text(), "Run this test with UPDATE_DOCS=1 and read the difference."
