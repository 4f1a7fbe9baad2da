"""AIM assessments, recorded through the services by somebody who is trained."""

from uuid import uuid4

from hsb.core import clock
from referrals.services import aim

SUMMARY = "Strengths in the wintergreen choir."
RECOMMENDED = "A weekly hour with the copperleaf worker."


def told(author, **fields):
    """What is recorded of a completed assessment; `fields` instead."""
    return {
        "tool": "aim3",
        "tool_version": "2023",
        "started_on": clock.today(),
        "completed_on": clock.today(),
        "assessor": author,
        "summary": SUMMARY,
        "recommendations": RECOMMENDED,
        "report": None,
        "no_report_reason": "It is being typed.",
    } | fields


def recorded(referral, author, **fields):
    typed = {"once": uuid4()} | told(author, **fields)
    return aim.record_aim(referral.reference, actor=author, **typed)


def replaced(assessment, author, **fields):
    typed = {"once": uuid4(), "reason": "The report has come."} | told(author, **fields)
    return aim.replace_aim(assessment.referral.reference, actor=author, number=assessment.number, **typed)
