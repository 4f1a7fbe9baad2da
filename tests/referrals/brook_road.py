"""Colours of the Brook tool, recorded through the services by somebody who is trained."""

from uuid import uuid4

from hsb.core import clock
from referrals.services import brook

SUMMARY = "It went on after the copperleaf teacher had spoken with them."


def told(finder, **fields):
    """What is recorded of a colour; `fields` instead."""
    return {
        "behaviour": None,
        "colour": "orange",
        "found_on": clock.today(),
        "found_by": finder,
        "age_group": "third",
        "tool_version": "2020",
        "summary": SUMMARY,
        "report": None,
    } | fields


def recorded(referral, author, **fields):
    typed = {"once": uuid4()} | told(author, **fields)
    return brook.record_brook(referral.reference, actor=author, **typed)


def replaced(finding, author, **fields):
    typed = {"once": uuid4(), "reason": "The report has come."} | told(author, **fields)
    return brook.replace_brook(finding.referral.reference, actor=author, number=finding.number, **typed)
