"""The HSB risk assessment, page by page, and the safety and support page (practice.md B1, B5, B6, B17, B18)."""

from django.db import transaction

from hsb.core import clock, work
from hsb.core.door import held, noted, opened
from hsb.core.refusals import NotReady
from hsb.people.models import is_trained
from hsb.people.states import Role, Tool
from referrals.models import (
    CategoryDecision,
    Concern,
    Referral,
    RiskAssessment,
    ThresholdDecision,
)
from referrals.models.assessments import PAGES
from referrals.permissions import can_assess, can_write_assessment
from referrals.selectors import assessment_pages
from referrals.selectors import brook as reading
from referrals.selectors.assessment_answers import said_by
from referrals.services import behaviour_views, patterns, police, submitting
from referrals.states import (
    IN_SERVICE,
    POLICE_CATEGORIES,
    AssessmentKind,
    AssessmentState,
    Brook,
    Category,
    Side,
    View,
)

# What a reassessment starts from: last time's answers, to be looked at again. The judgements are made anew.
CARRIED_OVER = tuple(name for page in ("context", "strengths", "safety", "support") for name in PAGES[page]) + (
    "risk_statement",
)


@transaction.atomic
def begin_assessment(reference, *, actor, version=None):
    """Starts the assessment of a referral just received. Returns the RiskAssessment."""
    with opened(Referral, reference, "begin_assessment", actor=actor, version=version) as move:
        assessment = _new_assessment(move.subject, actor)
        # Whoever begins has it to finish; the due date stays, and a colleague may still go on.
        kind = "assess_safety" if move.subject.side == Side.HARMED else "assess"
        work.ask(move.subject.record, kind, owner=actor)
        move.facts["assessment"] = assessment.reference
    return assessment


@transaction.atomic
def begin_reassessment(reference, *, actor, version=None):
    """A new assessment of a child a service works with; last time's is kept beside it. Returns it.

    An unfinished one is given back instead of starting a second.
    """
    with noted(
        Referral,
        reference,
        "begin_reassessment",
        actor=actor,
        may=can_assess,
        version=version,
    ) as move:
        referral = move.subject
        if referral.state not in IN_SERVICE:
            raise NotReady("A reassessment can be started while Early Help or a statutory team has the child.")
        latest = referral.latest_assessment()
        if assessment_pages.is_in_work(latest):
            return latest
        if latest is not None and latest.state == AssessmentState.SUBMITTED:
            raise NotReady("The last assessment waits for a manager's decision: a new one can be started after it.")
        assessment = _new_assessment(referral, actor, after=latest)
        move.facts["assessment"] = assessment.reference
    return assessment


def _new_assessment(referral, actor, after=None):
    number = after.number + 1 if after else 1
    carried = {name: getattr(after, name) for name in CARRIED_OVER} if after else {}
    kind = AssessmentKind.SAFETY if referral.side == Side.HARMED else AssessmentKind.SHORT
    return RiskAssessment.objects.create(
        record=referral.record,
        referral=referral,
        reference=f"{referral.reference}-A{number}",
        number=number,
        kind=kind,
        started_by=actor,
        started_at=clock.now(),
        **carried,
    )


@transaction.atomic
def save_page(reference, *, actor, page, answers, version=None):
    """Saves one page of an unfinished assessment. Returns it.

    `answers` are the page's fields (PAGES). A Brook colour is taken only from a user whose training is recorded and
    current (B18), or as "brook_finding", the reference of one that a trained colleague recorded. Raises Changed, where
    somebody saved this page since it was opened: two people may work on two pages at the same time. Raises NotReady
    for a page that the child's side does not have (B1).
    """
    now = held(RiskAssessment, reference)
    if version is not None and not assessment_pages.saved_since(now, page, version):
        version = None
    with noted(
        RiskAssessment,
        reference,
        "save_page",
        actor=actor,
        may=can_write_assessment,
        version=version,
        edits=True,
        fields=PAGES[page],
        page=page,
    ) as move:
        assessment = move.subject
        write_on(assessment, actor)
        finding = None
        if page == "brook" and "brook_finding" in answers:
            finding, answers = _found(assessment.referral, answers["brook_finding"])
        unknown = set(answers) - set(PAGES[page])
        if unknown:
            raise ValueError(f"The page {page!r} has no {sorted(unknown)}.")
        if not assessment_pages.may_save(assessment.referral, page):
            raise NotReady("This page does not belong to the part this child had in it: open the assessment again.")
        if page == "brook":
            _refuse_untrained(assessment, actor, answers, finding)
            answers = answers | {"brook_finding": finding}
        # Names only: the journal says what was changed, the record what it says now.
        changed = sorted(name for name, value in answers.items() if value != getattr(assessment, name))
        move.facts.update(changed=changed, version=assessment.version + 1)
        for name, value in answers.items():
            setattr(assessment, name, value)
        if page == "brook":
            _brook_by(assessment, actor if finding is None else finding.found_by)
        assessment.kind = _kind(assessment)
    return assessment


def write_on(assessment, actor):
    """Notes that `actor` writes on it. Raises NotReady where it was submitted. Call with it locked; the door saves."""
    if not assessment.is_writable:
        raise NotReady("This assessment was submitted: it can be changed only after a manager returns it.")
    if actor.pk not in assessment.written_by:
        assessment.written_by.append(actor.pk)


def _kind(assessment):
    """Short for category 0 and not HSB, the full pages from category 1 (B5)."""
    if not assessment.referral.has_category:
        return AssessmentKind.SAFETY
    full = assessment.category in (Category.PROBLEMATIC, *POLICE_CATEGORIES)
    return AssessmentKind.FULL if full else AssessmentKind.SHORT


def _found(referral, reference):
    """(BrookFinding, the answers that it gives) of the colour of the whole that a trained colleague recorded."""
    finding = next((each for each in reading.to_choose(referral) if each.reference == reference), None)
    if finding is None:
        raise NotReady("This colour was recorded anew, or is of one behaviour alone: choose again.")
    return finding, {
        "brook": finding.colour,
        "brook_on": finding.found_on,
        "brook_age_group": finding.age_group,
        "brook_tool_version": finding.tool_version,
    }


def _refuse_untrained(assessment, actor, answers, finding):
    """A colour is recorded, and one that is recorded is changed, only by a trained user (B18).

    One that stands recorded for itself may be named, and left again, by whoever writes: it stays what it is.
    """
    colours = (
        "" if reading.may_change_colour(assessment) else assessment.brook,
        "" if finding is not None else answers.get("brook", ""),
    )
    if all(colour in ("", Brook.NOT_USED) for colour in colours):
        return
    days = {clock.today(), answers.get("brook_on") or clock.today()}
    if not all(is_trained(actor, Tool.BROOK, day) for day in days):
        raise NotReady(
            "Your Brook training is not recorded or has run out. Choose 'Not used', or ask a trained colleague to "
            "enter the colour."
            if reading.may_change_colour(assessment)
            else "A trained colleague recorded the Brook colour: only a user whose Brook training is recorded and "
            "current can change it."
        )


def _brook_by(assessment, finder):
    if assessment.brook in ("", Brook.NOT_USED):
        assessment.brook_by, assessment.brook_on = None, None
        assessment.brook_age_group = assessment.brook_tool_version = ""
        return
    assessment.brook_by = finder


@transaction.atomic
def submit(reference, *, actor, version=None):
    """The assessment goes to a manager, its judgements recorded as the worker's view. Returns the assessment.

    `reference` is the assessment's. From category 2 on Form 87A is needed at once (B3). Raises NotReady with
    every sentence of what is missing.
    """
    police.lock_with_siblings(reference)
    with opened(RiskAssessment, reference, "submit", actor=actor, version=version) as move:
        assessment, now = move.subject, clock.now()
        assessment.submitted_by, assessment.submitted_at, assessment.return_reason = (
            actor,
            now,
            "",
        )
        move.facts.update(tier=assessment.tier, text=assessment.digest())
        if assessment.referral.has_category:
            move.facts.update(category=assessment.category, brook=assessment.brook)
        submitting.keep(assessment.record, reference, said_by(assessment), actor=actor)
    referral = assessment.referral
    _record_workers_view(assessment, actor)
    if not referral.is_undecided:
        return _submit_reassessment(assessment, actor)
    with opened(Referral, referral.reference, "submit", actor=actor, assessment=reference) as move:
        referral = move.subject
        _take_into_force(referral, assessment)
        work.finish(referral.record, "assess", "assess_safety", "new_concern", by=actor)
        work.ask(
            referral.record,
            "decide",
            team=referral.record.holding_team,
            role=Role.MANAGER,
        )
        referral.next_due_on = work.next_due_on(referral.record)
    _need_police(referral, actor)
    patterns.follow(referral.person, actor=actor)
    referral.refresh_from_db(fields=["next_due_on"])
    assessment.referral = referral
    return assessment


def _submit_reassessment(assessment, actor):
    with noted(
        Referral,
        assessment.referral.reference,
        "reassess",
        actor=actor,
        may=can_assess,
        assessment=assessment.reference,
    ) as move:
        referral = move.subject
        _take_into_force(referral, assessment)
        work.finish(referral.record, "new_concern", by=actor)
        work.ask(
            referral.record,
            "reassess",
            about=str(assessment.number),
            team=referral.record.holding_team,
            role=Role.MANAGER,
        )
        referral.next_due_on = work.next_due_on(referral.record)
    _need_police(referral, actor)
    patterns.follow(referral.person, actor=actor)
    referral.refresh_from_db(fields=["next_due_on"])
    assessment.referral = referral
    return assessment


def _record_workers_view(assessment, actor):
    """Every category and tier is kept, with who, when and why; the latest is in force (A4)."""
    referral = assessment.referral
    same = {
        "referral": referral,
        "assessment": assessment,
        "view": View.WORKER,
        "by": actor,
        "decided_on": clock.today(),
        "recorded_at": clock.now(),
        "pathway_version": referral.pathway_version,
        "reason": assessment.rationale,
    }
    if referral.has_category:
        CategoryDecision.objects.create(category=assessment.category, **same)
        CategoryDecision.objects.bulk_create(
            CategoryDecision(behaviour=rated.behaviour, category=rated.category, **same)
            for rated in assessment.behaviour_categories.select_related("behaviour")
        )
    ThresholdDecision.objects.create(tier=assessment.tier, **same)


def _take_into_force(referral, assessment):
    if referral.has_category:
        referral.category, referral.brook = assessment.category, assessment.brook
    referral.tier = assessment.tier


def _need_police(referral, actor):
    """Of the whole, or of one behaviour alone (B3)."""
    if referral.category in POLICE_CATEGORIES or behaviour_views.one_reaches_the_police(referral):
        for concern in Concern.objects.filter(involvements__referral=referral).distinct():
            police.need_police_referral(concern, actor=actor)
        referral.refresh_from_db(fields=["police_outstanding", "next_due_on"])
