"""What must be true before a verb moves: one predicate and one plain sentence each (practice.md B23)."""

from django.utils.timezone import localdate

from hsb.core.borough_words import said
from hsb.core.door import guard
from hsb.core.fetched import fetch
from hsb.people.models import is_trained
from hsb.people.states import Tool
from referrals import pathway
from referrals.states import (
    ENDS_WITHOUT_THE_PLAN,
    UNDECIDED,
    AssessmentState,
    Brook,
    Category,
    ClosedAs,
    LineState,
    MeetingDecisionState,
    OfferKind,
    OfferState,
    RiskGroup,
    Section47State,
    Side,
    TransferState,
)

# --- Of a referral ---


@guard("This child has no other open referral to attach this one to.")
def open_referral_of_same_child(referral):
    if (known := _known(referral, "open_episode_beside")) is not None:
        return known
    return referral.person.referrals.open().exclude(pk=referral.pk).exists()


@guard("Record this child's role before you submit: displayed the behaviour, was harmed, or both.")
def role_is_known(referral):
    return referral.side != Side.NOT_YET_KNOWN


@guard("Submit the assessment first.", asked=True)
def assessment_is_submitted(referral):
    latest = referral.latest_assessment()
    return latest is not None and latest.state == AssessmentState.SUBMITTED


@guard("Approve the assessment first.", asked=True)
def assessment_is_approved(referral):
    latest = referral.latest_assessment()
    return latest is not None and latest.state == AssessmentState.APPROVED


@guard(
    "The category must be 'developmentally expected: not HSB' for this exit.",
    asked=True,
)
def not_hsb_was_submitted(referral):
    return referral.category == Category.NOT_HSB


@guard("Record the call to the police first.")
def police_were_called(police_referral):
    return police_referral.was_called_about()


@guard(said("{form} is not resolved: record it as sent, not sent because, or no longer needed because."))
def police_referral_is_resolved(referral):
    return not referral.police_outstanding


@guard(
    "Decide on the other children of this concern first, or in the same step.",
    asked=True,
)
def other_children_are_decided(referral):
    return not _another_child_waits(referral)


def _another_child_waits(referral):
    if (known := _known(referral, "undecided_beside")) is not None:
        return known
    return referral.other_children().filter(state__in=UNDECIDED).exists()


def _known(referral, name):
    """What a page has read with the referral; None where it must be asked for, as under a lock."""
    return referral.__dict__.get(name)


@guard(
    "The pathway expects a service for this child. To close with advice, go below the default with your name and "
    "reason.",
    asked=True,
)
def advice_is_enough(referral):
    return not referral.expects_statutory() or _below_default_is_signed(referral)


@guard("Record the family's agreement to Early Help first.", asked=True)
def family_agreed(referral):
    answer = referral.agreements.last()
    return answer is not None and answer.agreed


@guard(
    "Early Help is below the pathway's default for this child. Choose a statutory team, or give your reason for "
    "going below the default.",
    asked=True,
)
def tier_allows_early_help(referral):
    return (referral.tier is not None and not referral.expects_statutory()) or _below_default_is_signed(referral)


def _below_default_is_signed(referral):
    latest = referral.threshold_decisions.last()
    return latest is not None and latest.below_default


@guard("Work has already started: step up, step down or propose closing instead.")
def work_has_not_started(referral):
    spell = referral.open_allocation()
    return spell is not None and spell.work_started_on is None


@guard("Work has not started yet: send the referral back to the team that decided instead.")
def work_has_started(referral):
    spell = referral.open_allocation()
    return spell is not None and spell.work_started_on is not None


@guard("Another team was asked to take this child and has not answered: withdraw the request first.")
def no_team_is_asked(referral):
    if (rows := referral.known("offers")) is not None:
        return all(offer.state != OfferState.OFFERED for offer in rows)
    return not referral.offers.filter(state=OfferState.OFFERED).exists()


@guard("Record the follow-up of the immediate protection first.")
def protection_is_followed_up(referral):
    if (rows := referral.known("protections")) is not None:
        return all(protection.followed_up_on for protection in rows)
    return not referral.protections.filter(followed_up_on__isnull=True).exists()


@guard("Rate the risk again first: complete a reassessment since this team took the referral.")
def risk_was_rated_again(referral):
    spell = referral.open_allocation()
    latest = referral.latest_assessment()
    return (
        spell is not None
        and latest is not None
        and latest.number > 1
        and latest.state in (AssessmentState.SUBMITTED, AssessmentState.APPROVED)
        and localdate(latest.submitted_at) >= spell.starts_on
    )


@guard(
    "The plan must be met or ended, or the child must have moved away or turned 18, before this is closed. Record at a "
    "review that each plan is met, or end it with a reason, under “Plan”.",
    asked=True,
)
def plan_is_met(referral):
    proposal = referral.closing_proposals.last()
    if proposal is None:
        return False
    if proposal.closed_as in ENDS_WITHOUT_THE_PLAN:
        return True
    met = proposal.plan_met or proposal.closed_as != ClosedAs.PLAN_MET
    return met and not referral.plans.open().exists()


@guard("A section 47 enquiry is open: a manager of a statutory team concludes it first.")
def section_47_is_concluded(referral):
    return not _any_in(referral, "section_47s", Section47State.OPEN)


@guard("Decide on the request for a strategy meeting first.")
def meeting_request_is_decided(referral):
    return not _any_in(referral, "meeting_decisions", MeetingDecisionState.REQUESTED)


@guard("A strategy meeting about this child is convened: it issues its decisions, or is cancelled, first.")
def no_meeting_is_running(referral):
    return not _any_in(referral, "meeting_decisions", MeetingDecisionState.CONVENED)


def _any_in(referral, related, state):
    """Whether a row of the relation is in `state`; of rows that a page has read already nothing is asked again."""
    if (rows := referral.known(related)) is not None:
        return any(row.state == state for row in rows)
    return getattr(referral, related).filter(state=state).exists()


def is_asked(referral, *kinds):
    """Whether a task of one of these kinds is open; of tasks that a page has read already nothing is asked again."""
    if (tasks := referral.record.__dict__.get("open_tasks")) is not None:
        return any(task.kind in kinds for task in tasks)
    return referral.record.tasks.open().filter(kind__in=kinds).exists()


@guard("A manager decides on no further action first.")
def no_further_action_is_decided(referral):
    # What the meeting agreed is of the floor above; that a manager is asked stands on the child's own record (B10).
    return not is_asked(referral, "confirm_nfa")


@guard(said("A child was added to the concern after {form} went out: send the supplement that tells the police first."))
def added_child_is_told_to_the_police(referral):
    return not is_asked(referral, "write_supplement")


# What runs beside the holder state (B2) and would be left running on a referral that ended. Each is met on a page of
# its own: the conclusion of the enquiry, the decision on the request, the meeting's pages, the decision on no action.
NOTHING_RUNS = (
    section_47_is_concluded,
    meeting_request_is_decided,
    no_meeting_is_running,
    no_further_action_is_decided,
    added_child_is_told_to_the_police,
)


# What the statutory team settles before Early Help is offered the child, and again before they take it (B23).
BEFORE_STEP_DOWN = (police_referral_is_resolved, protection_is_followed_up, section_47_is_concluded)


@guard("A statutory team was asked to take this child: return the referral to its service, so that they can answer.")
def step_up_is_answered(referral):
    return referral.open_offer(OfferKind.STEP_UP) is None


@guard("An agreed action is open: record what came of it, or a manager says why it is no longer needed, first.")
def agreed_actions_are_answered(referral):
    return not is_asked(referral, "action")


@guard("What a meeting agreed to do at once, or a child protection conference, is open: record what came of it first.")
def nothing_urgent_is_owed(referral):
    return not is_asked(referral, "immediate_action", "conference")


@guard(
    "A new concern about this child waits to be looked at: submit an assessment with it first. Where the referral "
    "waits for a manager, it is returned for that."
)
def new_concern_is_looked_at(referral):
    return not is_asked(referral, "new_concern")


@guard("Every child of the concern must have a decision first.")
def every_child_is_considered(referral):
    return not _another_child_waits(referral)


@guard("Another borough was asked to take this child: record what they answered, or withdraw the offer, first.")
def no_borough_is_asked(referral):
    return not _any_in(referral, "borough_transfers", TransferState.OFFERED)


@guard("Record that the other borough has accepted the child first.", asked=True)
def borough_has_accepted(referral):
    return referral.borough_transfers.filter(state=TransferState.ACCEPTED).exists()


# What is settled here before a child goes to another borough: as for every closing (B23).
BEFORE_TRANSFER = (
    police_referral_is_resolved,
    protection_is_followed_up,
    *NOTHING_RUNS,
    no_team_is_asked,
    agreed_actions_are_answered,
    nothing_urgent_is_owed,
    new_concern_is_looked_at,
    every_child_is_considered,
)


# --- Of a plan ---


@guard("Add at least one line first: what should change or happen, who does it, by when.", asked=True)
def plan_has_a_line(plan):
    return plan.standing_lines().exists()


@guard(
    "A line of the plan did not happen. Let the plan go on or change; a line that is no longer needed is taken out "
    "with a reason.",
    asked=True,
)
def nothing_of_the_plan_failed(plan):
    return not plan.standing_lines().exclude(state__in=(LineState.HAPPENED, LineState.PARTLY)).exists()


# --- Of a request to another team ---


@guard(
    "A section 47 enquiry is open, and Early Help cannot have one: take the child. Where another team should have the "
    "child, Early Help steps up to that team at once."
)
def early_help_may_keep_the_child(offer):
    return offer.kind != OfferKind.STEP_UP or section_47_is_concluded(offer.referral)


@guard(
    "A meeting asked for this, or a section 47 enquiry is open: the manager who was asked answers. What cannot wait, "
    "or belongs to another team, steps up at once."
)
def is_the_teams_own_request(offer):
    if offer.kind != OfferKind.STEP_UP:
        return True
    # Whoever asked for the team may have left it since.
    asked_by_it = offer.offered_by.memberships.filter(team=offer.referral.record.holding_team_id).exists()
    return asked_by_it and early_help_may_keep_the_child(offer)


# --- Of an assessment ---


def _needs_category(assessment):
    return assessment.referral.has_category


def _is_full(assessment):
    return _needs_category(assessment) and assessment.category in (
        Category.PROBLEMATIC,
        Category.ABUSIVE,
        Category.VIOLENT,
    )


@guard("Choose the overall Hackett category.")
def category_is_chosen(assessment):
    return not _needs_category(assessment) or bool(assessment.category)


@guard("Describe at least one behaviour, and choose a category for each.")
def behaviours_are_rated(assessment):
    if not _needs_category(assessment):
        return True
    behaviours, rated = fetch(
        assessment.referral.behaviours().values_list("pk", flat=True),
        assessment.behaviour_categories.values_list("behaviour", flat=True),
    )
    return bool(behaviours) and set(behaviours) <= set(rated)


@guard(
    "Record the Brook colour with its date and a user whose training is current, or 'not used'. A colour that was "
    "recorded anew since is chosen again."
)
def brook_is_answered(assessment):
    if not _needs_category(assessment) or assessment.brook == Brook.NOT_USED:
        return True
    if assessment.brook_finding_id is not None and hasattr(assessment.brook_finding, "replaced_by"):
        return False  # the colour that it names was recorded anew: it is chosen again
    return bool(assessment.brook and assessment.brook_on and assessment.brook_by) and is_trained(
        assessment.brook_by, Tool.BROOK, assessment.brook_on
    )


@guard("Choose the threshold tier.")
def tier_is_chosen(assessment):
    return assessment.tier is not None


@guard("Give your rationale.")
def rationale_is_given(assessment):
    return bool(assessment.rationale.strip())


@guard("The judgements do not match the pathway: write one sentence to say why.")
def mismatch_is_explained(assessment):
    return bool(assessment.mismatch_reason.strip()) or not pathway.mismatches(
        pathway.of(assessment.pathway_version),
        # What was chosen before the role was corrected to harmed counts no longer (B1).
        category=assessment.category if _needs_category(assessment) else "",
        brook=assessment.brook,
        tier=assessment.tier,
    )


@guard("Say for every group whether they may be at risk.")
def every_group_is_considered(assessment):
    return not _is_full(assessment) or all(getattr(assessment, f"risk_{group}") for group in RiskGroup.values)


@guard("Describe the context of the child, and what protects them.")
def context_is_given(assessment):
    return not _is_full(assessment) or bool(
        assessment.context_displayed.strip() and assessment.protective_factors.strip()
    )


@guard("Complete the safety and support page: the child's safety now, and the support they need.")
def safety_page_is_complete(assessment):
    return not assessment.referral.has_safety_page or bool(
        assessment.safety_now.strip() and assessment.support_needed.strip()
    )


ASKED_OF_AN_ASSESSMENT = (
    category_is_chosen,
    behaviours_are_rated,
    brook_is_answered,
    tier_is_chosen,
    rationale_is_given,
    mismatch_is_explained,
    every_group_is_considered,
    context_is_given,
    safety_page_is_complete,
)


@guard(
    "More is asked of this assessment than when it was submitted: a role, a concern or a behaviour was added since. "
    "Return it to the worker, who completes it."
)
def still_answers_everything(assessment):
    return all(each(assessment) for each in ASKED_OF_AN_ASSESSMENT)
