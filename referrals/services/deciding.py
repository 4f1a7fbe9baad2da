"""The manager's page: return, approve and allocate, or one of the exits (practice.md A4, A5, B5, B6, B23)."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from hsb.core import clock, work
from hsb.core.door import check_version, noted, opened, perform
from hsb.core.models import AccessBar
from hsb.core.refusals import NotReady
from hsb.people.states import CASE_ROLES, Role, Service
from referrals.models import (
    Agreement,
    Allocation,
    CategoryDecision,
    Concern,
    Referral,
    RiskAssessment,
    ThresholdDecision,
)
from referrals.permissions import can_decide
from referrals.selectors import colleagues
from referrals.services import behaviour_views, holders, meetings, patterns, police
from referrals.services.weighing import WEIGHED, Weighed, is_below_default
from referrals.states import (
    ADVICE_EXITS,
    OPEN,
    POLICE_CATEGORIES,
    AssessmentState,
    Category,
    ClosedAs,
    View,
)


class SameWorkerQuestioned(NotReady):
    """The same worker for a child who displayed and a child who was harmed: asks for the reason (practice.md B22)."""


@dataclass(kw_only=True)
class Judgement(Weighed):
    """The manager's own view. What is left empty is the worker's view, agreed. What was weighed stands on both
    decisions."""

    category: str = ""
    # Why the manager's view differs from the worker's; kept with the tier too, where the child has no category.
    category_reason: str = ""
    tier: int | None = None
    # Why below the pathway's default: kept with the manager's name.
    below_reason: str = ""
    # The manager's own view of single behaviours: {key: (category, reason)}. Of the others none is given.
    behaviours: dict = field(default_factory=dict)


@dataclass(kw_only=True)
class FamilyAnswer:
    """What the family said to Early Help."""

    agreed: bool
    given_by: str
    given_on: date
    note: str = ""


@dataclass(kw_only=True)
class Destination:
    """Which team takes the child, and who in it where that is known already."""

    team: object
    worker: object = None
    reason: str = ""
    same_worker_reason: str = ""


@transaction.atomic
def return_to_worker(reference, *, actor, reason, version=None):
    """The manager sends the assessment back, with what needs to change. Returns the referral."""
    with opened(Referral, reference, "return_to_worker", actor=actor, reason=reason, version=version) as move:
        referral = move.subject
        assessment = referral.weighed
        worker = assessment.submitted_by_id or assessment.started_by_id
        _reopen_assessment(assessment, actor, reason)
        work.cancel(referral.record, "decide", reason="Returned to the worker.")
        work.ask(referral.record, _assess_task(referral), owner=worker)
        referral.next_due_on = work.next_due_on(referral.record)
    return referral


def _reopen_assessment(assessment, actor, reason):
    """The worker writes on. A team that refused may leave one that was approved, went stale or was just begun anew."""
    if assessment.is_writable:
        RiskAssessment.objects.filter(pk=assessment.pk).update(return_reason=reason)
        return
    if assessment.state == AssessmentState.APPROVED:
        perform(RiskAssessment, assessment.reference, "go_stale", actor=actor, reason=reason)
        RiskAssessment.objects.filter(pk=assessment.pk).update(return_reason=reason)
        return
    with opened(
        RiskAssessment, assessment.reference, "return_to_worker", actor=actor, reason=reason, read=assessment
    ) as move:
        move.subject.return_reason = reason
        move.subject.decided_by, move.subject.decided_at = actor, clock.now()


def _assess_task(referral):
    return "assess" if referral.has_category else "assess_safety"


@transaction.atomic
def allocate(
    reference, *, actor, destination: Destination, judgement=None, family: FamilyAnswer | None = None, version=None
):
    """Approves the assessment and allocates to Early Help or a statutory team, in one step. Returns the referral.

    The team's service decides the verb. Raises NotReady with every sentence of what stands in the way.
    """
    judgement = judgement or Judgement()
    early_help = destination.team.service == Service.EARLY_HELP
    if destination.team.service not in (Service.EARLY_HELP, Service.STATUTORY):
        raise NotReady("Choose an Early Help team or a statutory social work team.")
    verb = "allocate_to_early_help" if early_help else "allocate_to_statutory"
    police.lock_with_siblings(reference)
    with opened(
        Referral, reference, verb, actor=actor, reason=destination.reason, version=version, team=destination.team.slug
    ) as move:
        referral = move.subject
        _approve(referral, actor)
        _managers_view(move, judgement, service=destination.team.service)
        if family is not None:
            record_family_answer(referral, family, actor=actor)
        if not early_help:
            referral.csc_referral_on = referral.csc_referral_on or clock.today()
        holders.end_front_door(referral)
        place_with(referral, destination, actor=actor)
        work.finish(referral.record, "decide", by=actor)
        # Whoever has the child tells: the author's own access ends some days after the decision.
        work.ask(referral.record, "tell_referrer", **holders.holder(referral))
        holders.pass_tasks_on(referral, *holders.NEVER_DROPPED)
        if early_help:
            work.ask(referral.record, "early_help_review", **holders.holder(referral))
            work.ask(referral.record, "early_help_assessment", **holders.holder(referral))
        else:
            work.ask(
                referral.record, "family_assessment", started_on=referral.csc_referral_on, **holders.holder(referral)
            )
        referral.next_due_on = work.next_due_on(referral.record)
    follow_category(referral, actor)
    meetings.pass_on(referral, actor=actor)
    if not early_help and referral.expected_response().meeting_question:
        meetings.expect(referral, actor=actor)
    return referral


def _approve(referral, actor):
    assessment = referral.latest_assessment()
    if assessment is None or assessment.state != AssessmentState.SUBMITTED:
        return  # the guard says so in a sentence
    with opened(RiskAssessment, assessment.reference, "approve", actor=actor) as move:
        move.subject.decided_by, move.subject.decided_at = actor, clock.now()


def _managers_view(move, judgement, *, service):
    """Keeps the manager's category and tier beside the worker's, and brings them into force."""
    referral, actor = move.subject, move.actor
    missing = []
    same = {
        "referral": referral,
        "assessment": referral.latest_assessment(),
        "view": View.MANAGER,
        "by": actor,
        "decided_on": clock.today(),
        "recorded_at": clock.now(),
        "pathway_version": referral.pathway_version,
        **judgement.weighed(),
    }
    if referral.has_category:
        category = judgement.category or referral.category
        if category != referral.category and not judgement.category_reason.strip():
            missing.append("Say why your category differs from the worker's.")
        CategoryDecision.objects.create(category=category, reason=judgement.category_reason, **same)
        referral.category = category
    given = {name: value for name, value in same.items() if name not in (*WEIGHED, "referral")}
    move.facts |= behaviour_views.give(referral, judgement.behaviours, **given)
    tier = judgement.tier or referral.tier
    below = is_below_default(referral, tier, service)
    if below and not judgement.below_reason.strip():
        missing.append("Give your reason for going below the pathway's default: it is kept with your name.")
    missing += judgement.missing(below)
    if missing:
        raise NotReady(*missing)
    ThresholdDecision.objects.create(
        tier=tier, below_default=below, reason=judgement.below_reason or judgement.category_reason, **same
    )
    referral.tier = tier
    move.facts.update(category=referral.category, tier=tier, below_default=below)


def record_family_answer(referral, family, *, actor):
    """Keeps what the family said; call with the referral locked."""
    if not family.given_by.strip():
        raise NotReady("Say who gave the family's answer.")
    Agreement.objects.create(
        referral=referral,
        agreed=family.agreed,
        given_by=family.given_by,
        given_on=family.given_on,
        note=family.note,
        recorded_by=actor,
        recorded_at=clock.now(),
    )


def place_with(referral, destination, *, actor):
    """Opens the spell with the team and, where named, the worker: grants and tasks follow. Locked already."""
    team, worker = destination.team, destination.worker
    if worker is not None:
        refuse_worker(referral, team, worker, destination.same_worker_reason)
    Allocation.objects.create(
        referral=referral,
        team=team,
        from_team=referral.record.holding_team,
        worker=worker,
        starts_on=clock.today(),
        decided_by=actor,
        reason=destination.reason,
        same_worker_reason=destination.same_worker_reason if worker else "",
    )
    holders.pass_to(referral, team, worker, given_by=actor)
    if worker is None:
        work.ask(referral.record, "name_worker", team=team, role=Role.MANAGER)
    else:
        work.ask(referral.record, "start_work", owner=worker)


def refuse_worker(referral, team, worker, same_worker_reason):
    """Raises NotReady where `worker` cannot take the child, or the same worker on both sides is unexplained."""
    if (
        not worker.memberships.current(clock.today()).filter(team=team, role__in=CASE_ROLES).exists()
        or not worker.is_active
    ):
        raise NotReady(f"{worker.name} does not work in {team.name} today: choose somebody who does.")
    if AccessBar.objects.filter(user=worker, record=referral.person_id, lifted_at__isnull=True).exists():
        raise NotReady(f"{worker.name} cannot be given this referral. Choose somebody else.")
    if worker.pk not in colleagues.named_on(referral, [worker.pk]):
        raise NotReady(
            f"This record is restricted, and {worker.name} is not named on it. Ask for access for them: a manager of "
            "the team that holds it names them as a reader first."
        )
    both_sides = referral.other_children().filter(state__in=OPEN, worker=worker).exclude(side=referral.side).exists()
    if both_sides and not same_worker_reason.strip():
        raise SameWorkerQuestioned(
            f"{worker.name} already works with another child of this concern, on the other side. Choose somebody "
            "else, or give the reason why the same worker is right for both."
        )


def follow_category(referral, actor):
    """From category 2 on Form 87A is needed for each of the child's concerns (B3). Call in the transaction.

    Where the worker's category stands, submitting it asked already: a manager's exit since then holds (B4).
    """
    latest = referral.latest_assessment()
    changed = latest is None or latest.category != referral.category
    said = behaviour_views.one_reaches_the_police(referral, view=View.MANAGER, assessment=latest)
    if said or (changed and referral.category in POLICE_CATEGORIES):
        for concern in Concern.objects.filter(involvements__referral=referral).distinct():
            police.need_police_referral(concern, actor=actor)
    patterns.follow(referral.person, actor=actor)


@transaction.atomic
def accept_not_hsb(reference, *, actor, reason, judgement=None, others=(), version=None):
    """Developmentally expected: not HSB. Closes the referral; `others` close with advice in the same step.

    `others` are references of the concern's other children awaiting decision. Returns the referral.
    """
    police.lock_with_siblings(reference, *others)
    with opened(Referral, reference, "accept_not_hsb", actor=actor, reason=reason, version=version) as move:
        referral = move.subject
        _approve(referral, actor)
        judgement = judgement or Judgement(category=Category.NOT_HSB)
        _managers_view(move, judgement, service="")
        for other in others:
            close_with_advice(
                other,
                actor=actor,
                closed_as=ClosedAs.NO_SERVICE,
                reason=reason,
                judgement=_for_another(judgement, reference),
            )
        end(referral, ClosedAs.NOT_HSB, actor=actor)
    return referral


def _for_another(judgement, reference):
    """Below another child's own default needs the manager's reason too; what this child said is not what they say."""
    not_asked = f"Not recorded for this child: closed in the same step as {reference}."
    return Judgement(
        below_reason=judgement.below_reason,
        options_considered=judgement.options_considered,
        relied_on=judgement.relied_on,
        childs_views=not_asked if judgement.childs_views.strip() else "",
        parents_views=not_asked if judgement.parents_views.strip() else "",
    )


@transaction.atomic
def close_with_advice(
    reference, *, actor, closed_as, reason, judgement=None, family: FamilyAnswer | None = None, version=None
):
    """No service needed, supported by school, or agreement refused with the risk considered. Returns the referral."""
    if closed_as not in ADVICE_EXITS:
        raise NotReady("Choose which exit it is: no service needed, supported by school, or agreement refused.")
    if closed_as == ClosedAs.AGREEMENT_REFUSED and (family is None or family.agreed):
        raise NotReady("Record who refused the agreement, and when.")
    with opened(Referral, reference, "close_with_advice", actor=actor, reason=reason, version=version) as move:
        referral = move.subject
        _approve(referral, actor)
        _managers_view(move, judgement or Judgement(), service="")
        if family is not None:
            record_family_answer(referral, family, actor=actor)
        end(referral, closed_as, actor=actor)
    return referral


def end(referral, closed_as, *, actor):
    """What every way of closing does, inside the door: the day, the reason's code, grants and tasks."""
    referral.closed_on, referral.closed_as = clock.today(), closed_as
    holders.keep_for_last_holders(referral, given_by=actor)
    spell = referral.open_allocation()
    if spell is not None:
        spell.ends_on, spell.end_reason = clock.today(), "Closed"
        spell.save(update_fields=["ends_on", "end_reason"])
        _cancel_what_closing_ends(referral)
    else:
        work.finish(referral.record, "decide", by=actor)
        _cancel_what_closing_ends(referral)
        # Telling the referrer is the one thing still owed after a decision without a service (B21).
        work.ask(referral.record, "tell_referrer", owner=referral.author)
    holders.pass_tasks_on(referral, "review_marker")
    referral.next_due_on = work.next_due_on(referral.record)


# What outlives the closing: what is owed to whoever referred the child (B21), what adds to a form that went out, which
# holds up no closing (decision 30), and hearing what the police do. A waiting decision on no further action, what was
# agreed and a new concern stop it: the guard, asked when all is written, must still find them.
# Markers that stay on the child are looked at again on their days by the last holders, until a new episode has them.
OUTLIVE_CLOSING = {
    "tell_referrer",
    "approve_police_referral",
    "send_supplement",
    "police_acknowledgement",
    "confirm_nfa",
    "action",
    "immediate_action",
    "conference",
    "new_concern",
    "confirm_marker",
    "review_marker",
    "review_break_glass",
    "answer_access",
}


def _cancel_what_closing_ends(referral):
    kinds = set(referral.record.tasks.open().values_list("kind", flat=True)) - OUTLIVE_CLOSING - set(work.PERSONAL)
    if kinds:
        work.cancel(referral.record, *kinds, reason="Closed.")


@transaction.atomic
def decide_reassessment(reference, *, actor, approve, reason="", judgement=None, version=None):
    """A manager approves or returns a reassessment. `reference` is the referral's, `version` the assessment's.

    Returns the referral.
    """
    police.lock_with_siblings(reference)
    with noted(
        Referral,
        reference,
        "approve_reassessment" if approve else "return_reassessment",
        actor=actor,
        may=can_decide,
        reason=reason,
        asks="" if approve else "Say what needs to change before you can approve it.",
    ) as move:
        referral = move.subject
        assessment = referral.latest_assessment()
        if referral.is_undecided or assessment is None or assessment.state != AssessmentState.SUBMITTED:
            raise NotReady("There is no submitted reassessment to decide on.")
        assessment.record = referral.record
        check_version(assessment, version, ())
        move.facts["assessment"] = assessment.reference
        if approve:
            _approve(referral, actor)
            _managers_view(move, judgement or Judgement(), service=referral.record.holding_team.service)
            work.finish(referral.record, "reassess", by=actor)
            if referral.expected_response().meeting_question:
                meetings.expect(referral, actor=actor)
        else:
            _reopen_assessment(assessment, actor, reason)
            work.cancel(referral.record, "reassess", reason="Returned to the worker.")
            work.ask(referral.record, _assess_task(referral), owner=assessment.submitted_by)
        referral.next_due_on = work.next_due_on(referral.record)
    if approve:
        follow_category(referral, actor)
    return referral
