"""AIM assessments of a child who displayed: which tool, by whom, what came of it; never the instrument (A26, B18).

Nothing is overwritten: an assessment that was recorded wrongly, or whose report came later, is recorded anew, and the
row before it stays.
"""

from django.db import transaction

from hsb.core import clock
from hsb.core.door import held, noted
from hsb.core.numbers import last_number
from hsb.core.once import made_alike, tidy
from hsb.core.refusals import NotReady
from hsb.people.models import is_trained
from referrals.models import AimAssessment, CaseDocument, Referral
from referrals.permissions import can_record_aim
from referrals.selectors.aim import ENDED, NOT_DISPLAYED, age_that_does_not_fit
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
    return _write(reference, "record_aim", actor, once, told)


@transaction.atomic
def replace_aim(reference, *, actor, once, number, reason, **told):
    """Records the assessment of that number anew, with the reason why; the one before it stays. Returns the new one."""
    old = AimAssessment.objects.filter(referral__record__reference=reference, number=number).get()
    return _write(reference, "replace_aim", actor, once, told, replaces=old, replaces_reason=reason.strip())


def _write(reference, verb, actor, once, told, **replacing):
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
    own = AimAssessment.objects.filter(referral=referral, recorded_by=actor)
    if (before := made_alike(own, once, new, SAYS_SOMETHING_ELSE)) is not None:
        return before
    with noted(Referral, reference, verb, actor=actor, may=can_record_aim, happened_on=new.completed_on) as move:
        _refuse_unready(new, move.subject, actor)
        last = last_number(AimAssessment.objects.filter(referral=referral))
        new.number = last + 1
        new.reference = f"{referral.reference}-AIM{new.number}"
        new.recorded_at = clock.now()
        new.save(force_insert=True)
        _, digest = new.vouched_for()
        move.facts |= {"noun": new.reference, "tool": new.tool, "text": digest}
        if new.replaces_id:
            move.facts["replaces"] = new.replaces.reference
    return new


def _refuse_unready(new, referral, actor):
    """Raises NotReady with every sentence about what cannot be recorded so."""
    unmet = []
    if not referral.is_open:
        unmet.append(ENDED)
    if not referral.has_category:
        unmet.append(NOT_DISPLAYED)
    if new.tool not in AimTool.values:
        unmet.append("Choose the tool.")
    else:
        unmet += _untrained(new, actor)
        said = age_that_does_not_fit(referral.person, new.tool, new.started_on)
        if said and not new.age_reason:
            unmet.append(f"{said}: say why this tool was used.")
    if new.completed_on < new.started_on:
        unmet.append("The day of completion must be on or after the day it started.")
    if new.completed_on > clock.today():
        unmet.append("An assessment is recorded once it is completed: check the day.")
    for text, sentence in (
        (new.tool_version, "Enter the version of the tool."),
        (new.summary, "Enter the summary."),
        (new.recommendations, "Enter the recommendations."),
    ):
        if not text:
            unmet.append(sentence)
    unmet += _about_the_report(new, referral)
    if new.replaces_id:
        if not new.replaces_reason:
            unmet.append("Say why the assessment is recorded anew.")
        if AimAssessment.objects.filter(replaces=new.replaces_id).exists():
            unmet.append(REPLACED_ALREADY)
    if unmet:
        raise NotReady(*unmet)


def _untrained(new, actor):
    """Only a user whose training is current enters a summary, and of the work of a trained assessor (B18)."""
    called = AimTool(new.tool).label
    if not is_trained(actor, new.tool):
        yield f"Your training in {called} is not recorded, or has run out: ask a trained colleague to enter this."
    if not is_trained(new.assessor, new.tool, new.completed_on):
        yield (
            f"The training of {new.assessor.name} in {called} is not recorded for the day of completion: name the "
            "trained assessor, or ask an administrator to record the training."
        )


def _about_the_report(new, referral):
    if new.report_id is None:
        return [] if new.no_report_reason else ["Choose the report, or say why there is none yet."]
    if new.no_report_reason:
        return ["Choose the report, or say why there is none: not both."]
    standing = CaseDocument.objects.read_through(referral).filter(pk=new.report_id, taken_out_at__isnull=True)
    return [] if standing.exists() else ["Choose the report among the documents of this child."]
