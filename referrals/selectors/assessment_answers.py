"""What an assessment says, section by section, ready to read: answers in words, long ones as they were written."""

from datetime import date

from hsb.core import words
from referrals.selectors.assessment_pages import ALL, BEHAVIOURS, pages_of, url_of
from referrals.selectors.behaviours import behaviours_of
from referrals.selectors.questions import QUESTIONS
from referrals.states import Brook, Category, RiskGroup

ROWS = {
    "category": ("indicators", "category"),
    "brook": ("brook", "brook_on", "brook_age_group", "brook_tool_version", "brook_by"),
    "threshold": ("tier", "rationale", "mismatch_reason"),
    "context": ("context_displayed", "context_harmed", "age_and_power"),
    "strengths": ("protective_factors", "child_views", "family_views"),
    "risk": (*(f"risk_{group}" for group in RiskGroup.values), "risk_statement"),
    "safety": ("safety_now", "safety_contact"),
    "support": ("support_needed", "support_health", "wishes"),
}
# What an assessment itself says of a behaviour, beside what happened.
BEHAVIOUR_FACTS = ("When", "Where in the child's life", "Category")


def sections_of(assessment, *, change=False):
    """The assessment's parts as sections: title, rows for a summary list; behaviours apart.

    `change` adds the links to change each answer. A child who was harmed has no section about a category (B1).
    """
    found = []
    for page in pages_of(assessment):
        for part in page.saves:
            url = url_of(assessment.referral, page.key) if change else ""
            section = {"key": part, "title": ALL[part].title, "url": url, "rows": [], "behaviours": None}
            if part == BEHAVIOURS:
                section["behaviours"] = behaviours_of(assessment)
            else:
                section["rows"] = [{**row, "change_url": url} for row in rows_of(assessment, part)]
            found.append(section)
    return found


def said_by(assessment):
    """What an assessment says, as (the question, the answer): what a manager is asked to approve."""
    found = []
    for section in sections_of(assessment):
        for each in section["behaviours"] or ():
            found.append((each["heading"], each["description"]))
            facts = [row for row in each["rows"] if row["label"] in BEHAVIOUR_FACTS]
            found += [(f"{each['heading']}: {row['label'].lower()}", row["value"]) for row in facts]
        found += [
            (row["label"], row["value"] if "value" in row else "\n".join(row["values"])) for row in section["rows"]
        ]
    return [(label, str(text or "")) for label, text in found]


def rows_of(assessment, part):
    """The answers of one part, as summary list rows; what was not asked is left out."""
    return [
        {"label": QUESTIONS.get(name, "Recorded by"), **_said(assessment, name)}
        for name in ROWS[part]
        if _was_asked(assessment, name)
    ]


def _was_asked(assessment, name):
    if name.startswith("brook_"):
        return assessment.brook not in ("", Brook.NOT_USED)
    if name == "mismatch_reason":
        return assessment.referral.has_category and bool(assessment.mismatch_reason)
    return True


def _said(assessment, name):
    if name == "indicators":
        return {"values": indicators_in_words(assessment)}
    if name == "brook_by":
        return {"value": finder_in_words(assessment)}
    if name == "tier":
        return {"value": assessment.referral.pathway().tier_words[assessment.tier] if assessment.tier else ""}
    display = getattr(assessment, f"get_{name}_display", None)
    value = display() if display else getattr(assessment, name)
    return {"value": words.day(value) if isinstance(value, date) else value}


def finder_in_words(assessment):
    """Who found the colour; where it stands recorded for itself, under which number, and whether that still holds."""
    name, finding = assessment.brook_by.name if assessment.brook_by_id else "", assessment.brook_finding
    if finding is None:
        return name
    newer = getattr(finding, "replaced_by", None)
    said = f"{name} ({finding.reference})"
    return said if newer is None else f"{said}. Recorded anew since: {newer.get_colour_display()} ({newer.reference})"


def indicators_in_words(assessment):
    """The indicators that were ticked, each under its column's name: evidence, never added up (A3)."""
    chosen, responses = set(assessment.indicators), assessment.referral.pathway().responses
    return [
        f"{Category(category).label.split(':')[0]}: {indicator.text}"
        for category, response in responses.items()
        for indicator in response.indicators
        if indicator.code in chosen
    ]
