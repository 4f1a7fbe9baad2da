"""AIM assessments of a child who displayed: which tool, by whom, what came of it; never the instrument (A26, B18).

Nothing is overwritten: an assessment that was recorded wrongly, or whose report came later, is recorded anew, and the
row before it stays.
"""

from django.db import transaction

from hsb.core import clock
from hsb.core.door import held
from hsb.core.once import tidy
from referrals.models import AimAssessment, Referral
from referrals.permissions import can_record_aim
from referrals.selectors.aim import ENDED, NOT_DISPLAYED, age_that_does_not_fit
from referrals.services import instruments
from referrals.states import AimTool

SAYS_SOMETHING_ELSE = (
    "This assessment is recorded already, and says something else: it was sent before. What you typed last is not in "
    "it. Record it anew from the assessment's page."
)
REPLACED_ALREADY = "Somebody has recorded this assessment anew already: open the assessment's page again."
# What stands in a row beside its own keys.
FIELDS = (
    "tool",
    "tool_version",
    "started_on",
    "completed_on",
    "assessor",
    "summary",
    "recommendations",
    "report",
    "no_report_reason",
    "age_reason",
)


@transaction.atomic
def record_aim(reference, *, actor, once, **told):
    """A completed AIM assessment on the referral; `told` are FIELDS. Returns the AimAssessment.

    The same page sent twice makes one; sent again with other words it is refused, for what is recorded stays.
    """
    return _write(reference, actor, once, told)


@transaction.atomic
def replace_aim(reference, *, actor, once, number, reason, **told):
    """Records the assessment of that number anew, with the reason why; the one before it stays. Returns the new one."""
    old = AimAssessment.objects.filter(referral__record__reference=reference, number=number).get()
    return _write(reference, actor, once, told, replaces=old, replaces_reason=reason.strip())


def _write(reference, actor, once, told, **replacing):
    referral = held(Referral, reference)
    new = AimAssessment(
        record=referral.record,
        referral=referral,
        recorded_by=actor,
        once=once,
        **tidy({name: told[name] for name in FIELDS if name in told}),
        **replacing,
    )
    if not age_that_does_not_fit(referral.person, new.tool, new.started_on):
        new.age_reason = ""
    return instruments.write(
        new,
        actor=actor,
        may=can_record_aim,
        refuse=lambda new, referral: _unmet(new, referral, actor),
        letters="AIM",
        otherwise=SAYS_SOMETHING_ELSE,
        happened_on=new.completed_on,
        tool=new.tool,
    )


def _unmet(new, referral, actor):
    """Every sentence about what cannot be recorded so."""
    if not referral.is_open:
        yield ENDED
    if not referral.has_category:
        yield NOT_DISPLAYED
    if new.tool not in AimTool.values:
        yield "Choose the tool."
    else:
        called = AimTool(new.tool).label
        yield from instruments.about_training(
            actor, new.assessor, new.tool, called, new.completed_on, "the day of completion"
        )
        said = age_that_does_not_fit(referral.person, new.tool, new.started_on)
        if said and not new.age_reason:
            yield f"{said}: say why this tool was used."
    if new.completed_on < new.started_on:
        yield "The day of completion must be on or after the day it started."
    if new.completed_on > clock.today():
        yield "An assessment is recorded once it is completed: check the day."
    for text, sentence in (
        (new.tool_version, "Enter the version of the tool."),
        (new.summary, "Enter the summary."),
        (new.recommendations, "Enter the recommendations."),
    ):
        if not text:
            yield sentence
    yield from _about_the_report(new, referral)
    yield from instruments.about_replacing(new, "assessment", REPLACED_ALREADY)


def _about_the_report(new, referral):
    if new.report_id is None:
        return [] if new.no_report_reason else ["Choose the report, or say why there is none yet."]
    if new.no_report_reason:
        return ["Choose the report, or say why there is none: not both."]
    return instruments.about_the_report(new, referral)
