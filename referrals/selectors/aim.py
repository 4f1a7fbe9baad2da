"""AIM assessments on the tab "Assessment": what was found, by whom, where the report is; what does not fit is said."""

from django.urls import reverse

from hsb.core import words
from referrals.models import AimAssessment
from referrals.permissions import can_record_aim
from referrals.selectors.instruments import (
    newest_first,
    recorded_rows,
    report_row,
    reports_that_open,
    trained_today,
    was_replaced,
)
from referrals.states import IN_SERVICE, AimTool, BirthPrecision

# A tool -> the youngest and the oldest it is for, in whole years.
AGES = {AimTool.AIM3: (12, 18), AimTool.AIM_UNDER_12: (0, 11)}
FOR = {AimTool.AIM3: "AIM3 is for children of 12 to 18", AimTool.AIM_UNDER_12: "AIM Under 12s is for children under 12"}
AGE_UNKNOWN = "The child's date of birth is not known: nobody can say here whether the tool fits their age."
ENDED = "This referral has ended and stays as it is: reopen it first, and record the assessment on the new episode."
NOT_DISPLAYED = "An AIM assessment is about a child who displayed the behaviour: this child's part is another one."
NOT_TRAINED = (
    "Only a user whose AIM training is recorded and current enters an AIM assessment, and yours is not. Ask a trained "
    "colleague; where you are trained, ask an administrator to record it."
)


def tools_of(user):
    """The AIM tools in which `user` is trained today, as choices."""
    mine = trained_today(user)
    return [(tool.value, tool.label) for tool in AimTool if tool.value in mine]


def unmet(referral, user):
    """Sentences of what must be true before this user can record an AIM assessment on the referral."""
    found = []
    if not referral.is_open:
        found.append(ENDED)
    elif not referral.has_category:
        found.append(NOT_DISPLAYED)
    if not tools_of(user):
        found.append(NOT_TRAINED)
    return tuple(found)


def age_that_does_not_fit(person, tool, day):
    """Where the child's age on `day` does not fit the tool: what is said of it, without a full stop; else ""."""
    years = person.age_on(day) if day else None
    if years is None or tool not in AGES:
        return ""
    youngest, oldest = AGES[tool]
    if youngest <= years <= oldest:
        return ""
    about = "about " if person.birth_precision == BirthPrecision.ESTIMATED else ""
    return f"The child was {about}{words.count(years, 'year')} old on {words.day(day)}, and {FOR[tool]}"


def aim_at(referral, number):
    """The AIM assessment of that number, or None."""
    named = ("assessor", "report", "recorded_by", "replaced_by")
    return AimAssessment.objects.select_related(*named).filter(referral=referral, number=number).first()


def section(referral, user):
    """The part of the tab; None for a child of whom none can be made and none is recorded."""
    found = newest_first(referral, user, "aim_assessments")
    if not found and not referral.has_category:
        return None
    may = can_record_aim(referral, user)
    missing = unmet(referral, user) if may else ()
    opens = may and not missing
    reports = reports_that_open(referral, found)
    return {
        "id": "aim",
        "title": "AIM assessments",
        "about": "What came of each, in plain words, and where its report is. The instrument is never stored here.",
        "record_text": "Record an AIM assessment",
        "rows": [_row(each, referral, reports, opens) for each in found if not was_replaced(each)],
        "replaced": [_row(each, referral, reports, False) for each in found if was_replaced(each)],
        "record_url": reverse("referrals:record_aim", args=[referral.reference]) if opens else "",
        "why_not": missing if may and referral.state in IN_SERVICE and referral.has_category else (),
    }


def _row(each, referral, reports, may_replace):
    facts = [
        {"label": "Tool and version", "value": f"{each.get_tool_display()}, {each.tool_version}"},
        {"label": "Started and completed", "value": f"{words.day(each.started_on)} to {words.day(each.completed_on)}"},
        {"label": "Assessor", "value": f"{each.assessor.name}, whose training was current on that day"},
        {"label": "Age", "value": _age(each, referral)},
        {"label": "Summary", "value": each.summary},
        {"label": "Recommendations", "value": each.recommendations},
        report_row(each, referral, reports, f"None yet, because: {each.no_report_reason}"),
        *recorded_rows(each),
    ]
    at = [referral.reference, each.number]
    return {
        "title": f"{each.get_tool_display()}, completed on {words.day(each.completed_on)}",
        "facts": facts,
        "reference": each.reference,
        "replace_url": reverse("referrals:replace_aim", args=at) if may_replace else "",
    }


def _age(each, referral):
    said = age_that_does_not_fit(referral.person, each.tool, each.started_on)
    if said:
        return f"{said}. Why this tool was used: {each.age_reason or 'not recorded, the age was not known then'}"
    if referral.person.age_on(each.started_on) is None:
        return AGE_UNKNOWN
    return f"Fits the tool: {FOR[each.tool]}"
