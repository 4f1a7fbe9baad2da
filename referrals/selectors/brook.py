"""Colours that trained colleagues found with the Brook tool: on the tab "Assessment", and beside their behaviours."""

from django.urls import reverse

from hsb.core import words
from hsb.people.states import Tool
from referrals.models import BrookFinding
from referrals.permissions import can_record_brook
from referrals.selectors.described import described
from referrals.selectors.instruments import (
    newest_first,
    recorded_rows,
    report_row,
    reports_that_open,
    trained_today,
    was_replaced,
)
from referrals.states import Brook

OVERALL = "All behaviours taken together"
ENDED = "This referral has ended and stays as it is: reopen it first, and record the colour on the new episode."
NOT_DISPLAYED = "A Brook colour is about a child who displayed the behaviour: this child's part is another one."
NOT_TRAINED = (
    "Only a user whose Brook training is recorded and current enters a colour, and yours is not. Ask a trained "
    "colleague; where you are trained, ask an administrator to record it."
)


def unmet(referral, user):
    """Sentences of what must be true before this user can record a colour on the referral."""
    found = []
    if not referral.is_open:
        found.append(ENDED)
    elif not referral.has_category:
        found.append(NOT_DISPLAYED)
    if Tool.BROOK not in trained_today(user):
        found.append(NOT_TRAINED)
    return tuple(found)


def finding_at(referral, number):
    """The finding of that number, or None."""
    named = ("found_by", "report", "recorded_by", "replaced_by", "behaviour")
    return BrookFinding.objects.select_related(*named).filter(referral=referral, number=number).first()


def standing(referral):
    """The findings that nobody has recorded anew, the latest first."""
    found = BrookFinding.objects.filter(referral=referral, replaced_by__isnull=True)
    return found.select_related("found_by").order_by("-found_on", "-number")


def to_choose(referral):
    """The colours of the whole that an assessment can name, whoever writes it."""
    return list(standing(referral).filter(behaviour__isnull=True))


def findings_to_choose(referral):
    """The same for a form: [(reference, words, colour)]."""
    return [(each.reference, in_words(each), each.colour) for each in to_choose(referral)]


def may_change_colour(assessment):
    """Whether somebody who is not trained may change the colour: there is none, or it is one that stands recorded."""
    return assessment.brook in ("", Brook.NOT_USED) or assessment.brook_finding_id is not None


def in_words(finding):
    """The colour, by whom and when, under which it can be read: in one line."""
    found = f"{finding.get_colour_display()}, found by {finding.found_by.name} on {words.day(finding.found_on)}"
    return f"{found} ({finding.reference})"


def behaviours_in_words(referral):
    """[(key, words)] of the child's behaviours, of which one may have a colour."""
    return [
        (str(row.pk), f"Behaviour {place}, {words.day(row.happened_on) or row.happened_in_words or 'day not known'}")
        for place, row in enumerate(described(referral), start=1)
    ]


def of_behaviours(referral):
    """Behaviour -> the colours that were found of it, each in one line."""
    return {row.pk: [in_words(each) for each in row.colours] for row in described(referral) if row.colours}


def section(referral, user):
    """The part of the tab; None for a child of whom none can be made and none is recorded."""
    found = newest_first(referral, user, "brook_findings")
    if not found and not referral.has_category:
        return None
    may = can_record_brook(referral, user)
    missing = unmet(referral, user) if may else ()
    opens = may and not missing
    reports = reports_that_open(referral, found)
    called = dict(behaviours_in_words(referral)) if any(each.behaviour_id for each in found) else {}
    return {
        "id": "brook",
        "title": "Brook colours",
        "about": "What a trained colleague found, why, and where the report is. The tool itself is never stored here.",
        "record_text": "Record a Brook colour",
        "rows": [_row(each, referral, reports, called, opens) for each in found if not was_replaced(each)],
        "replaced": [_row(each, referral, reports, called, False) for each in found if was_replaced(each)],
        "record_url": reverse("referrals:record_brook", args=[referral.reference]) if opens else "",
        "why_not": missing if may and referral.is_open and referral.has_category else (),
    }


def _row(each, referral, reports, called, may_replace):
    at = [referral.reference, each.number]
    return {
        "title": f"{each.get_colour_display()}, {words.day(each.found_on)}",
        "facts": [
            {"label": "Of what", "value": called.get(str(each.behaviour_id), OVERALL)},
            {"label": "Found by", "value": f"{each.found_by.name}, whose training was current on that day"},
            {"label": "Age group and version", "value": f"{each.age_group}, {each.tool_version}"},
            {"label": "Summary", "value": each.summary},
            report_row(each, referral, reports, "None"),
            *recorded_rows(each),
        ],
        "reference": each.reference,
        "replace_url": reverse("referrals:replace_brook", args=at) if may_replace else "",
    }
