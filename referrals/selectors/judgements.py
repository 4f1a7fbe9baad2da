"""The four judgements side by side, what the pathway expects of them, and every view that was given (A4, A5)."""

from hsb.core import words
from hsb.core.asked_once import asked_once
from hsb.people.states import Service
from referrals import pathway
from referrals.selectors.described import described
from referrals.states import Brook, Category, Tier, View

VIEW_HEAD = ["When", "Whose view", "Who", "Judgement", "Why"]
SHOWN_VIEWS = 50
LONG_REASON = 200  # characters: longer ones are folded below the table
WEIGHED = {
    "options_considered": "Options considered",
    "relied_on": "Information relied on",
    "childs_views": "The child's views",
    "parents_views": "The parents' or carers' views",
}
OWN_CHOICE = "Chosen by a professional, never worked out"


def leads_to(response):
    """What the pathway makes of a category or a tier, in one line under a choice."""
    said = [] if not response.category else [f"{Tier(response.tier).label}."]
    said.append(f"{response.service_words}.")
    if response.category:  # a tier's own words say it already
        needed = "is required" if response.csc_referral else "is not required"
        said.append(f"A referral to children's social care {needed}.")
    if response.meeting_expected:
        said.append("A strategy meeting is expected.")
    elif response.meeting_question:
        said.append("A manager records whether a strategy meeting is convened.")
    return " ".join(said)


def side_by_side(referral, *, category, brook, tier, reason=""):
    """The judgements beside what the pathway's version expects: rows for a table, and what does not match, in words.

    For a child without a category (harmed) there are only the tier and the response; nothing is compared.
    """
    version = referral.pathway()
    category = category if referral.has_category else ""
    expected = version.response_for(category) if category else version.route_for(tier) if tier else None
    rows = []
    if referral.has_category:
        rows.append(["Hackett category", Category(category).label if category else "Not chosen yet", OWN_CHOICE])
        rows.append(
            ["Brook colour", Brook(brook).label if brook else "Not answered yet", _usual_brook(expected, category)]
        )
    rows.append(["Threshold tier", Tier(tier).label if tier else "Not chosen yet", _usual_tier(expected, category)])
    rows.append(["Service response", _where_now(referral), expected.service_words if expected else ""])
    differences = pathway.mismatches(version, category=category, brook=brook, tier=tier)
    return {
        "caption": f"The four judgements, by pathway {version.version}" if referral.has_category else "Tier and route",
        "head": ["Judgement", "Recorded", _heading(category, tier)],
        "rows": rows,
        "mismatches": differences,
        "reason": reason if differences else "",
        "matches": _matching(brook) if category and brook and tier and not differences else "",
    }


def _matching(brook):
    if brook == Brook.NOT_USED:
        return "Brook was not used; category and tier match the pathway."
    return "The judgements match the pathway."


def _heading(category, tier):
    if category:
        name = "not HSB" if category == Category.NOT_HSB else Category(category).label.split(":")[0]
    else:
        name = Tier(tier).label if tier else ""
    return f"What the pathway expects for {name}" if name else "What the pathway expects"


def _usual_brook(expected, category):
    return Brook(expected.brook).label if expected and category else ""


def _usual_tier(expected, category):
    return Tier(expected.tier).label if expected and category else ""


def _where_now(referral):
    if referral.is_undecided:
        return "Not decided yet"
    team = referral.record.holding_team
    if team is None:
        return referral.get_state_display()
    return f"{Service(team.service).label}: {team.name}" if referral.is_open else referral.get_state_display()


def views_of(reading):
    """Every view of the overall category and of the tier, the newest first: rows with who, when, why.

    Returns categories, tiers (rows of a table), reasons (the long ones, to be folded), weighed (what stands beside a
    reason, to be folded) and whether there are `more`.
    """
    tiers = reading.on_some_pages("threshold_decisions")[::-1]
    categories = []
    if reading.referral.has_category:
        categories = reading.on_some_pages("category_decisions")[::-1]
    shown = [*categories[: SHOWN_VIEWS + 1], *tiers[: SHOWN_VIEWS + 1]]
    long = {_whose(each): each.reason for each in shown if len(each.reason) > LONG_REASON}
    return {
        "categories": [_row(each, each.get_category_display()) for each in categories[:SHOWN_VIEWS]],
        "tiers": [_row(each, _tier_in_words(each)) for each in tiers[:SHOWN_VIEWS]],
        "reasons": [{"summary": f"Why: {whose}", "text": text} for whose, text in long.items()],
        "weighed": weighed([*categories[:SHOWN_VIEWS], *tiers[:SHOWN_VIEWS]]),
        "more": max(len(categories), len(tiers)) > SHOWN_VIEWS,
    }


@asked_once
def views_of_behaviours(referral):
    """Behaviour -> every view of it alone, the newest first, as {"rows", "reasons"}: who, when, why, whose."""
    views = {}
    for each in (view for behaviour in described(referral) for view in behaviour.views):
        told = views.setdefault(each.behaviour_id, {"rows": [], "reasons": [], "said": []})
        row = _row(each, each.get_category_display())
        if each.view == View.WORKER:
            row[-1] = "The rationale of the assessment"
        elif len(each.reason) > LONG_REASON:
            told["reasons"].append({"summary": f"Why: {_whose(each)}", "text": each.reason})
        told["rows"].append(row)
        told["said"].append(f"{View(each.view).label}: {each.get_category_display()}")
    return views


def weighed(decisions):
    """What was weighed for each decision, folded; once where category and tier were decided in one step."""
    told = {f"What was weighed: {_whose(each)}": text for each in decisions if (text := weighed_in_words(each))}
    return [{"summary": summary, "text": text} for summary, text in told.items()]


def weighed_in_words(decision):
    """The four texts with their labels, as one; "" where nothing was weighed in words."""
    parts = [f"{label}: {said}" for name, label in WEIGHED.items() if (said := getattr(decision, name))]
    return "\n\n".join(parts)


def beside_reason(records):
    """What was weighed for the last of these decision records, as texts of a note: [{"summary", "text"}] or []."""
    last = next(reversed(records), None)
    said = weighed_in_words(last) if last is not None else ""
    return (
        [{"summary": f"What was weighed: {last.by.name}, {words.instant(last.recorded_at)}", "text": said}]
        if said
        else []
    )


def _whose(decision):
    return f"{View(decision.view).label}, {decision.by.name}, {words.instant(decision.recorded_at)}"


def _tier_in_words(decision):
    said = Tier(decision.tier).label
    return f"{said}, below the pathway's default" if decision.below_default else said


def _row(decision, judgement):
    return [
        words.instant(decision.recorded_at),
        View(decision.view).label,
        decision.by.name,
        judgement,
        _why(decision.reason),
    ]


def _why(reason):
    if len(reason) > LONG_REASON:
        return "Long: folded below this table"
    return reason or "No reason given: the view before was agreed"
