"""With a service: name a worker, start, step up and down, refuse, propose closing, close (practice.md B23)."""

from django.db import transaction

from hsb.core import access, clock, words, work
from hsb.core.door import noted, opened
from hsb.core.refusals import NotReady
from hsb.core.states import Because
from hsb.people.states import Role, Service
from referrals import guards
from referrals.models import (
    Allocation,
    ClosingProposal,
    EarlyHelpAssessment,
    FamilyAssessment,
    Offer,
    Referral,
    ThresholdDecision,
)
from referrals.permissions import can_manage, can_work
from referrals.selectors.closing import why_not
from referrals.services import deciding, episodes, holders, markers, meetings, weighing
from referrals.services.deciding import Destination, FamilyAnswer
from referrals.states import (
    ASSESSMENTS_OF,
    CLOSING_REASONS,
    AssessmentOutcome,
    ClosedAs,
    HelpAssessmentOutcome,
    OfferKind,
    OfferState,
    ReferralState,
    Tier,
    View,
)


@transaction.atomic
def name_worker(reference, *, actor, worker, reason="", same_worker_reason="", version=None):
    """The team's manager gives the referral to a worker, or to another one. Returns the referral.

    A change of worker ends the spell and opens the next, so that who had the child when stays readable.
    """
    with noted(
        Referral, reference, "name_worker", actor=actor, may=can_manage, reason=reason, version=version, edits=True
    ) as move:
        referral = move.subject
        spell = referral.open_allocation()
        if spell is None:
            raise NotReady("A worker is named after the referral is allocated to a team.")
        if spell.worker_id == worker.pk:
            raise NotReady(f"{worker.name} already has this referral.")
        deciding.refuse_worker(referral, spell.team, worker, same_worker_reason)
        if spell.worker_id is not None:
            if not reason.strip():
                raise NotReady("Say why the worker changes.")
            spell = _next_spell(spell, actor, reason)
        spell.worker, spell.same_worker_reason = worker, same_worker_reason
        spell.save()
        holders.pass_to(referral, spell.team, worker, given_by=actor)
        work.finish(referral.record, "name_worker", by=actor)
        holders.pass_tasks_on(referral, *WORKERS_TASKS, *holders.NEVER_DROPPED)
        if spell.work_started_on is None:
            work.ask(referral.record, "start_work", owner=worker)
        move.facts["worker"] = worker.reference
        referral.next_due_on = work.next_due_on(referral.record)
    return referral


def _next_spell(spell, actor, reason):
    spell.ends_on, spell.end_reason = clock.today(), reason
    spell.save()
    return Allocation(
        referral=spell.referral,
        team=spell.team,
        from_team=spell.from_team,
        starts_on=clock.today(),
        decided_by=actor,
        reason=reason,
        work_started_on=spell.work_started_on,
    )


# A worker's tasks follow the child to the next worker; a manager's stay with the managers.
WORKERS_TASKS = (
    "start_work",
    "tell_referrer",
    "early_help_review",
    "early_help_assessment",
    "family_assessment",
    "assess",
    "assess_safety",
    "close_at_18",
)


@transaction.atomic
def start_work(reference, *, actor, started_on, version=None):
    """The worker has begun with the child: from now on the allocation cannot be refused. Returns the referral."""
    with noted(
        Referral, reference, "start_work", actor=actor, may=can_work, happened_on=started_on, version=version
    ) as move:
        referral = move.subject
        spell = referral.open_allocation()
        if spell is None or spell.worker_id is None:
            raise NotReady("Name a worker first.")
        if spell.work_started_on is not None:
            raise NotReady("Work has already started.")
        if started_on < spell.starts_on:
            raise NotReady("Work cannot have started before the referral was allocated to the team.")
        spell.work_started_on = started_on
        spell.save(update_fields=["work_started_on"])
        work.finish(referral.record, "start_work", by=actor)
        referral.next_due_on = work.next_due_on(referral.record)
    return referral


# What a service owes, by the kind of its task, and the verb by which it is done.
STEP_VERBS = {
    "family_assessment": "complete_family_assessment",
    "early_help_assessment": "complete_help_assessment",
    "early_help_review": "review_early_help",
}
# The services' own assessments, by the kind of their task: the rows that are kept, and what can follow.
ASSESSMENTS = {
    "family_assessment": (FamilyAssessment, AssessmentOutcome),
    "early_help_assessment": (EarlyHelpAssessment, HelpAssessmentOutcome),
}


@transaction.atomic
def finish_service_step(reference, *, actor, kind, done_on, outcome, follows="", done_by="", began_on=None):
    """An assessment of the service is complete, or the Early Help plan was reviewed. Returns the referral.

    `kind` is one of STEP_VERBS whose task is open; `follows` (AssessmentOutcome, HelpAssessmentOutcome) what follows an
    assessment. Of an Early Help assessment `done_by` says who did it and `began_on` when it began. A plan is reviewed
    again: the next review is asked for from `done_on`. Raises NotReady where nothing of the kind is owed.
    """
    with noted(
        Referral,
        reference,
        STEP_VERBS[kind],
        actor=actor,
        may=can_work,
        reason=outcome,
        asks="Say what came of it.",
        happened_on=done_on,
    ) as move:
        referral = move.subject
        spell = referral.open_allocation()
        task = referral.record.tasks.open().filter(kind=kind).first()
        if spell is None or task is None:
            raise NotReady("Nothing of this kind is owed now.")
        if done_on < spell.starts_on:
            raise NotReady("It cannot have been completed before the team took the child.")
        if kind in ASSESSMENTS:
            began = began_on if kind == "early_help_assessment" else task.started_on
            about = {"done_by": done_by.strip()} if kind == "early_help_assessment" else {}
            kept = _keep_assessment(move, kind, task, began or task.started_on, done_on, outcome, follows, about)
            move.facts |= {"outcome": kept.outcome, "assessment_number": _assessments(referral, kind).count()}
        work.finish(referral.record, kind, by=actor)
        if kind == "early_help_review":
            work.ask(referral.record, kind, started_on=done_on, **holders.holder(referral))
        referral.next_due_on = work.next_due_on(referral.record)
    return referral


def _assessments(referral, kind):
    return ASSESSMENTS[kind][0].objects.filter(referral=referral)


def _keep_assessment(move, kind, task, began_on, done_on, summary, follows, about):
    model, outcomes = ASSESSMENTS[kind]
    if follows not in outcomes.values:
        raise NotReady("Choose what follows the assessment.")
    if done_on < began_on:
        raise NotReady("It cannot have been completed before it began.")
    last = model.objects.filter(referral=move.subject).order_by("completed_on").last()
    if last is not None and began_on < last.completed_on:
        raise NotReady(f"It cannot have begun before the last one was completed, on {words.day(last.completed_on)}.")
    if "done_by" in about and not about["done_by"]:
        raise NotReady("Say who did the assessment.")
    return model.objects.create(
        referral=move.subject,
        started_on=began_on,
        due_on=task.due_on,
        completed_on=done_on,
        outcome=follows,
        summary=summary.strip(),
        by=move.actor,
        recorded_at=clock.now(),
        **about,
    )


@transaction.atomic
def begin_assessment_again(reference, *, actor, began_on, reason):
    """Another assessment of the service that has the child begins: an updated one, with its own days. Returns the
    referral. One at a time: its clock runs from `began_on`."""
    with noted(
        Referral,
        reference,
        "begin_service_assessment",
        actor=actor,
        may=can_work,
        reason=reason,
        asks="Say why the child is assessed again.",
        happened_on=began_on,
    ) as move:
        referral = move.subject
        spell, kind = referral.open_allocation(), ASSESSMENTS_OF.get(referral.state)
        if kind is None or spell is None:
            raise NotReady("A service assesses a child while it has the child.")
        if referral.record.tasks.open().filter(kind=kind).exists():
            raise NotReady("An assessment has begun and is not completed: record that one first.")
        if began_on > clock.today() or began_on < spell.starts_on:
            raise NotReady("It began while this team had the child: check the day.")
        last = _assessments(referral, kind).last()
        if last is not None and began_on < last.completed_on:
            raise NotReady("It cannot have begun before the last one was completed.")
        work.ask(referral.record, kind, started_on=began_on, **holders.holder(referral))
        move.facts |= {"assessed": kind, "assessment_number": _assessments(referral, kind).count() + 1}
        referral.next_due_on = work.next_due_on(referral.record)
    return referral


@transaction.atomic
def refuse_allocation(reference, *, actor, reason, version=None):
    """The receiving manager sends it back, before work starts, to the team that decided. Returns the referral."""
    with opened(Referral, reference, "refuse_allocation", actor=actor, reason=reason, version=version) as move:
        spell = _back_to_who_decided(move, actor, reason, because="The allocation was refused.")
    # After the guard has been asked: it looks for the open spell.
    spell.save()
    meetings.pass_on(move.subject, actor=actor)
    return move.subject


def _back_to_who_decided(move, actor, reason, *, because):
    """The team that allocated the child holds it again and decides. Returns the spell that ended, not saved yet."""
    referral = move.subject
    spell = referral.open_allocation()
    spell.ends_on, spell.end_reason = clock.today(), reason
    team = _who_decided(referral, spell)
    access.end_grants(referral.record, Because.ALLOCATED, Because.ALLOCATED_TEAM)
    holders.hold(referral, team, given_by=actor)
    access.grant(
        referral.record,
        because=Because.AUTHORS_MANAGER,
        team=referral.authors_team,
        role=Role.MANAGER,
        given_by=actor,
    )
    referral.worker = None
    work.cancel(referral.record, *WORKERS_TASKS, "name_worker", "decide_help", reason=because)
    holders.pass_tasks_on(referral, *holders.NEVER_DROPPED)
    work.ask(referral.record, "decide", team=team, role=Role.MANAGER)
    move.facts.update(by_team=spell.team.slug, back_to=team.slug)
    referral.next_due_on = work.next_due_on(referral.record)
    return spell


def _who_decided(referral, spell):
    """The team from which the spell's team has the child; where that is closed by now, the front door."""
    came = referral.allocations.filter(team=spell.team).exclude(from_team=spell.team).order_by("-pk").first()
    team = spell.from_team if spell.from_team_id != spell.team_id or came is None else came.from_team
    return team if team.closed_on is None else holders.front_door()


@transaction.atomic
def end_allocation(reference, *, actor, reason, version=None):
    """Team and worker have the child no more, although work has started: the team that decided decides anew. Returns
    the referral."""
    with opened(Referral, reference, "end_allocation", actor=actor, reason=reason, version=version) as move:
        spell = _back_to_who_decided(move, actor, reason, because="The allocation has ended.")
    # After the guard has been asked, as when it is refused.
    spell.save()
    meetings.pass_on(move.subject, actor=actor)
    return move.subject


@transaction.atomic
def end_worker(reference, *, actor, reason, version=None):
    """The worker has the child no more; the team keeps it, and its managers name the next. Returns the referral."""
    with noted(
        Referral,
        reference,
        "end_worker",
        actor=actor,
        may=can_manage,
        reason=reason,
        asks="Say why the worker's allocation ends.",
        version=version,
        edits=True,
    ) as move:
        referral = move.subject
        spell = referral.open_allocation()
        if spell is None or spell.worker_id is None:
            raise NotReady("No worker is named.")
        move.facts["worker"] = spell.worker.reference
        spell = _next_spell(spell, actor, reason)
        spell.save()
        holders.pass_to(referral, spell.team, None, given_by=actor)
        work.cancel(referral.record, "start_work", reason="The worker's allocation has ended.")
        work.ask(referral.record, "name_worker", team=spell.team, role=Role.MANAGER)
        holders.pass_tasks_on(referral, *WORKERS_TASKS, *holders.NEVER_DROPPED)
        referral.next_due_on = work.next_due_on(referral.record)
    return referral


# --- Step up, step down ---

# Kind of offer: who asks, from which state, which service must answer.
OFFERS = {
    OfferKind.STEP_UP: (can_work, ReferralState.EARLY_HELP, Service.STATUTORY),
    OfferKind.STEP_DOWN: (can_manage, ReferralState.STATUTORY, Service.EARLY_HELP),
}


@transaction.atomic
def offer(reference, *, actor, kind, to_team, reason, family: FamilyAnswer | None = None, weighed=None, version=None):
    """Asks another team to take the referral. Returns the Offer.

    Step down is decided here, and needs the family's agreement to Early Help; `weighed` (weighing.Weighed): what was
    weighed for it. Step up is decided by whoever accepts. The asked team's managers see the record until they
    answer.
    """
    may, state, service = OFFERS[kind]
    with noted(
        Referral,
        reference,
        f"offer_{kind}",
        actor=actor,
        may=may,
        reason=reason,
        asks="Give the reason: the manager you ask reads it.",
        version=version,
        team=to_team.slug,
    ) as move:
        referral = move.subject
        if referral.state != state:
            raise NotReady(f"This can be asked while the referral is: {state.label.lower()}.")
        if to_team.service != service or to_team.closed_on:
            raise NotReady("Choose a team of the other service.")
        if referral.offers.filter(state=OfferState.OFFERED).exists():
            raise NotReady("A request already waits for an answer.")
        if kind == OfferKind.STEP_DOWN:
            _refuse_step_down_too_early(referral)
            if family is None or not family.agreed:
                raise NotReady("Record the family's agreement to Early Help first.")
            deciding.record_family_answer(referral, family, actor=actor)
        offered = holders.ask_to_take(referral, to_team, kind, actor=actor, reason=reason)
        move.facts["offer"] = offered.reference
        if kind == OfferKind.STEP_DOWN:
            below = weighing.step_down_is_below(referral)
            weighing.record(move, weighed, reason=reason, below_default=below, about=offered.reference)
        referral.next_due_on = work.next_due_on(referral.record)
    return offered


def _refuse_step_down_too_early(referral):
    """What would stop the step down anyway is said when it is offered, not only when it is answered."""
    unmet = [g.sentence for g in guards.BEFORE_STEP_DOWN if not g(referral)]
    if unmet:
        raise NotReady(*unmet)


@transaction.atomic
def accept_offer(
    reference, *, actor, answer, tier=None, worker=None, same_worker_reason="", weighed=None, version=None
):
    """The asked team's manager takes the referral. `reference` is the Offer's. Returns the referral.

    Step up is a new threshold decision (`tier` 3 or 4, `weighed`) and sets the referral date (B23).
    """
    offered = Offer.at(reference).get()
    verb = offered.kind  # "step_up" or "step_down": the referral's verbs have the same names
    with opened(Referral, offered.referral.record.reference, verb, actor=actor, reason=answer, offer=reference) as move:
        referral = move.subject
        with opened(Offer, reference, "accept", actor=actor, reason=answer, version=version) as answered:
            _answered(answered.subject, actor, answer)
        if verb == OfferKind.STEP_UP:
            _step_up_decision(move, tier, answer, view=View.MANAGER)
            below = weighing.is_below_default(referral, tier, Service.STATUTORY)
            weighing.record(move, weighed, reason=answer, about=reference, below_default=below)
        _change_team(
            referral,
            Destination(team=offered.to_team, worker=worker, reason=answer, same_worker_reason=same_worker_reason),
            actor,
        )
        work.finish(referral.record, "answer_offer", by=actor)
        referral.next_due_on = work.next_due_on(referral.record)
    holders.ask_no_more(referral.record, offered.to_team)
    if verb == OfferKind.STEP_UP:
        meetings.expect(referral, actor=actor)
    return referral


def _answered(offered, actor, answer):
    offered.answered_by, offered.answered_at, offered.answer = actor, clock.now(), answer


def _step_up_decision(move, tier, reason, *, view):
    referral, actor = move.subject, move.actor
    if tier not in (Tier.COMPLEX, Tier.ACUTE):
        raise NotReady("Choose tier 3 or tier 4 for the step up.")
    ThresholdDecision.objects.create(
        referral=referral,
        tier=tier,
        view=view,
        by=actor,
        reason=reason,
        decided_on=clock.today(),
        recorded_at=clock.now(),
        pathway_version=referral.pathway_version,
    )
    referral.tier = tier
    referral.csc_referral_on = clock.today()


def _change_team(referral, destination, actor):
    """Ends the spell with the old team and opens one with the new; the clocks of the old service end."""
    spell = referral.open_allocation()
    if spell is not None:
        spell.ends_on, spell.end_reason = clock.today(), destination.reason
        spell.save()
    work.cancel(
        referral.record,
        "early_help_review",
        "early_help_assessment",
        "family_assessment",
        "name_worker",
        "start_work",
        "decide_help",
        reason=f"Passed to {destination.team.name}.",
    )
    deciding.place_with(referral, destination, actor=actor)
    if destination.team.service == Service.STATUTORY:
        work.ask(referral.record, "family_assessment", started_on=referral.csc_referral_on, **holders.holder(referral))
    else:
        work.ask(referral.record, "early_help_review", **holders.holder(referral))
        work.ask(referral.record, "early_help_assessment", **holders.holder(referral))
    holders.pass_tasks_on(referral, *WORKERS_TASKS, *holders.NEVER_DROPPED)
    meetings.pass_on(referral, actor=actor)


@transaction.atomic
def refuse_offer(reference, *, actor, answer, version=None):
    """The asked team's manager does not take it; the referral stays where it is. Returns the Offer."""
    with opened(Offer, reference, "refuse", actor=actor, reason=answer, version=version) as move:
        _must(guards.early_help_may_keep_the_child, move.subject)
        _answered(move.subject, actor, answer)
    _offer_over(move.subject, actor)
    return move.subject


@transaction.atomic
def withdraw_offer(reference, *, actor, reason, version=None):
    """The team that asked takes its own request back. Returns the Offer."""
    with opened(Offer, reference, "withdraw", actor=actor, reason=reason, version=version) as move:
        _must(guards.is_the_teams_own_request, move.subject)
        _answered(move.subject, actor, reason)
    _offer_over(move.subject, actor)
    return move.subject


def _must(guard, offered):
    if not guard(offered):
        raise NotReady(guard.sentence)


def _offer_over(offered, actor):
    holders.ask_no_more(offered.record, offered.to_team)
    work.finish(offered.record, "answer_offer", by=actor)
    holders.refresh_due(offered.referral)


def _overtake(waiting, actor, reason):
    """A request that waits is over, whoever made it: the child steps up now."""
    with opened(Offer, waiting.reference, "withdraw", actor=actor, reason=reason) as move:
        _answered(move.subject, actor, reason)
    _offer_over(move.subject, actor)


@transaction.atomic
def step_up_urgently(reference, *, actor, to_team, tier, reason, weighed=None, version=None):
    """At once: the statutory team has the child now; its managers name the worker. Returns the referral."""
    if to_team.service != Service.STATUTORY or to_team.closed_on:
        raise NotReady("Choose a statutory social work team.")
    with opened(
        Referral, reference, "step_up_urgently", actor=actor, reason=reason, version=version, team=to_team.slug
    ) as move:
        referral = move.subject
        waiting = referral.open_offer(OfferKind.STEP_UP)
        if waiting is not None:
            _overtake(waiting, actor, reason)
        _step_up_decision(move, tier, reason, view=View.WORKER)
        weighing.record(move, weighed, reason=reason)
        _change_team(referral, Destination(team=to_team, reason=reason), actor)
        referral.next_due_on = work.next_due_on(referral.record)
    meetings.expect(referral, actor=actor)
    return referral


# --- Closing ---


@transaction.atomic
def propose_closing(reference, *, actor, closed_as, plan_met, what_changed, reason, child_views="", version=None):
    """The worker proposes; a manager decides. Returns the referral."""
    if closed_as not in CLOSING_REASONS:
        raise NotReady("Choose why the referral can be closed.")
    with opened(Referral, reference, "propose_closing", actor=actor, reason=reason, version=version) as move:
        referral = move.subject
        if why := why_not(referral, closed_as):
            raise NotReady(why)
        if closed_as == ClosedAs.PLAN_MET and guards.is_asked(referral, "early_help_assessment"):
            raise NotReady("The Early Help assessment has begun and is not completed: record it first.")
        ClosingProposal.objects.create(
            referral=referral,
            proposed_by=actor,
            proposed_at=clock.now(),
            closed_as=closed_as,
            plan_met=plan_met,
            what_changed=what_changed,
            child_views=child_views,
        )
        work.finish(referral.record, "close_at_18", by=actor)
        work.ask(referral.record, "close", team=referral.record.holding_team, role=Role.MANAGER)
        referral.next_due_on = work.next_due_on(referral.record)
    return referral


@transaction.atomic
def close(reference, *, actor, reason, weighed=None, version=None, ending_markers=None):
    """The manager closes what was proposed. Returns the referral.

    `weighed` (weighing.Weighed): what was weighed. `ending_markers`: {number: reason} of those of the child's markers
    that end with it; the others stay.
    """
    if ending_markers:
        episodes.hold_child_of(reference)  # whose record too is written to
    with opened(Referral, reference, "close", actor=actor, reason=reason, version=version) as move:
        referral = move.subject
        work.finish(referral.record, "close", by=actor)
        weighing.record(move, weighed, reason=reason, below_default=weighing.closing_is_below(referral))
        deciding.end(referral, referral.closing_proposals.last().closed_as, actor=actor)
        if ending_markers:
            markers.end_on_closing(referral, actor=actor, reasons=ending_markers)
    return referral


@transaction.atomic
def return_to_service(reference, *, actor, reason, version=None):
    """Not yet: back to the service that proposed it. Returns the referral."""
    with opened(Referral, reference, "return_to_service", actor=actor, reason=reason, version=version) as move:
        referral = move.subject
        work.cancel(referral.record, "close", reason="Not closed yet.")
        referral.next_due_on = work.next_due_on(referral.record)
    return referral
