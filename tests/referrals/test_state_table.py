"""The referral's table, typed by hand from practice.md B23. A change of the workflow starts here."""

import pytest

from hsb.core.door import perform
from hsb.core.models import Entry
from hsb.core.refusals import AlreadyMoved
from referrals.models import (
    BoroughTransfer,
    MeetingDecision,
    Offer,
    Plan,
    PoliceReferral,
    Referral,
    RiskAssessment,
    Section47,
)
from tests import cast

NOUNS = (Referral, RiskAssessment, MeetingDecision, PoliceReferral, Offer, BoroughTransfer, Plan, Section47)
# verb: (states it leaves, state it reaches)
REFERRAL = {
    "begin_assessment": (["received"], "assessing"),
    "attach": (["received", "assessing"], "attached"),
    "submit": (["assessing"], "awaiting_decision"),
    "return_to_worker": (["awaiting_decision"], "assessing"),
    "accept_not_hsb": (["awaiting_decision"], "closed"),
    "close_with_advice": (["awaiting_decision"], "closed"),
    "allocate_to_early_help": (["awaiting_decision"], "early_help"),
    "allocate_to_statutory": (["awaiting_decision"], "statutory"),
    "refuse_allocation": (["early_help", "statutory"], "awaiting_decision"),
    "end_allocation": (["early_help", "statutory"], "awaiting_decision"),
    "step_up": (["early_help"], "statutory"),
    "step_up_urgently": (["early_help"], "statutory"),
    "step_down": (["statutory"], "early_help"),
    "transfer_out": (["early_help", "statutory"], "closed"),
    "propose_closing": (["early_help", "statutory"], "closing_proposed"),
    "close": (["closing_proposed"], "closed"),
    "return_to_service": (["closing_proposed"], ["early_help", "statutory"]),
}
# Whatever ends a referral leaves nothing running beside it (B2, B23): no enquiry, no open meeting, no waiting decision.
NOTHING_RUNS = [
    "section_47_is_concluded",
    "meeting_request_is_decided",
    "no_meeting_is_running",
    "no_further_action_is_decided",
    "added_child_is_told_to_the_police",
]
# verb: what must be true, for those that ask for something
MUST_BE_TRUE = {
    "attach": ["open_referral_of_same_child", *NOTHING_RUNS],
    "submit": ["role_is_known", "assessment_is_submitted"],
    "accept_not_hsb": [
        "not_hsb_was_submitted",
        "police_referral_is_resolved",
        "protection_is_followed_up",
        *NOTHING_RUNS,
        "new_concern_is_looked_at",
        "other_children_are_decided",
    ],
    "close_with_advice": [
        "advice_is_enough",
        "police_referral_is_resolved",
        "protection_is_followed_up",
        *NOTHING_RUNS,
        "new_concern_is_looked_at",
    ],
    "allocate_to_early_help": [
        "assessment_is_approved",
        "family_agreed",
        "tier_allows_early_help",
        "section_47_is_concluded",
    ],
    "allocate_to_statutory": ["assessment_is_approved"],
    "refuse_allocation": ["work_has_not_started", "no_team_is_asked", "no_borough_is_asked"],
    "end_allocation": ["work_has_started", "no_team_is_asked", "no_borough_is_asked"],
    "step_down": [
        "family_agreed",
        "police_referral_is_resolved",
        "protection_is_followed_up",
        "section_47_is_concluded",
    ],
    "transfer_out": [
        "borough_has_accepted",
        "police_referral_is_resolved",
        "protection_is_followed_up",
        *NOTHING_RUNS,
        "no_team_is_asked",
        "agreed_actions_are_answered",
        "nothing_urgent_is_owed",
        "new_concern_is_looked_at",
        "every_child_is_considered",
    ],
    "propose_closing": [
        "risk_was_rated_again",
        "new_concern_is_looked_at",
        "plan_is_met",
        "no_team_is_asked",
        "no_borough_is_asked",
    ],
    "close": [
        "plan_is_met",
        "police_referral_is_resolved",
        "protection_is_followed_up",
        *NOTHING_RUNS,
        "step_up_is_answered",
        "agreed_actions_are_answered",
        "nothing_urgent_is_owed",
        "new_concern_is_looked_at",
        "every_child_is_considered",
    ],
}
ASSESSMENT = {
    "submit": (["draft", "returned", "stale"], "submitted"),
    "approve": (["submitted"], "approved"),
    "return_to_worker": (["submitted"], "returned"),
    "go_stale": (["approved"], "stale"),
}
MEETING_DECISION = {
    "convene": (["requested"], "convened"),
    "do_not_convene": (["requested"], "not_convened"),
    "request_again": (["not_convened"], "requested"),
    "join": (["requested", "not_convened"], "convened"),
    "conclude": (["convened"], "concluded"),
    "ask_anew": (["convened"], "requested"),
}
POLICE_REFERRAL = {
    "draft": (["needed", "approved", "refused"], "drafted"),
    "return_to_drafter": (["drafted"], "needed"),
    "approve": (["drafted"], "approved"),
    "record_sent": (["approved"], "sent"),
    "acknowledge": (["sent"], "acknowledged"),
    "refuse": (["sent", "acknowledged"], "refused"),
    "not_sent_because": (["needed", "drafted", "approved", "refused"], "not_sent"),
    "no_longer_needed_because": (["needed", "drafted", "approved", "refused"], "no_longer_needed"),
}
OFFER = {
    "accept": (["offered"], "accepted"),
    "refuse": (["offered"], "refused"),
    "withdraw": (["offered"], "withdrawn"),
}
TRANSFER = {
    "accept": (["offered"], "accepted"),
    "refuse": (["offered"], "refused"),
    "withdraw": (["offered"], "withdrawn"),
}
PLAN = {
    "submit_plan": (["draft"], "submitted"),
    "return_plan": (["submitted"], "draft"),
    "agree_plan": (["submitted"], "agreed"),
    "change_plan": (["agreed"], "draft"),
    "meet_plan": (["agreed"], "met"),
    "end_plan": (["draft", "submitted", "agreed"], "ended"),
}
SECTION_47 = {
    "not_substantiated": (["open"], "not_substantiated"),
    "no_continuing_risk": (["open"], "no_continuing_risk"),
    "continuing_risk": (["open"], "continuing_risk"),
}
STATES = [
    "received",
    "assessing",
    "awaiting_decision",
    "early_help",
    "statutory",
    "closing_proposed",
    "closed",
    "attached",
]


def table_of(model):
    """verb: (sources, target) as the model's transitions say it."""
    found = {}
    for transition in model(state=model._meta.get_field("state").default).get_all_state_transitions():
        sources, _ = found.setdefault(transition.name, ([], transition.target))
        sources.append(str(transition.source))
    return {verb: (sorted(sources), _words(target)) for verb, (sources, target) in found.items()}


def _words(target):
    return [str(s) for s in target.allowed_states] if hasattr(target, "allowed_states") else str(target)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Referral, REFERRAL),
        (RiskAssessment, ASSESSMENT),
        (MeetingDecision, MEETING_DECISION),
        (PoliceReferral, POLICE_REFERRAL),
        (Offer, OFFER),
        (BoroughTransfer, TRANSFER),
        (Plan, PLAN),
        (Section47, SECTION_47),
    ],
    ids=["referral", "risk assessment", "meeting decision", "Form 87A", "offer", "transfer", "plan", "section 47"],
)
def test_the_machine_is_the_table(model, expected):
    assert table_of(model) == {verb: (sorted(sources), target) for verb, (sources, target) in expected.items()}


def test_what_must_be_true_is_the_table():
    found = {t.name: [g.__name__ for g in t.conditions] for t in Referral().get_all_state_transitions() if t.conditions}

    assert found == MUST_BE_TRUE


FORBIDDEN = [(state, verb) for verb, (sources, _) in REFERRAL.items() for state in STATES if state not in sources]


@pytest.mark.parametrize(("state", "verb"), FORBIDDEN, ids=[f"{verb} when {state}" for state, verb in FORBIDDEN])
def test_a_verb_does_nothing_from_any_other_state(state, verb, amara, mo, willow):
    # Mo manages the holding team, so that only the state stands in the way.
    referral = cast.referral(amara, held_by=willow, state=state)
    entries = Entry.objects.count()

    with cast.refused(AlreadyMoved):
        perform(Referral, referral.reference, verb, actor=mo, reason="A reason.")

    assert Referral.objects.get(pk=referral.pk).state == state
    assert Entry.objects.count() == entries


def test_every_transition_of_the_table_asks_for_a_permission():
    for model in NOUNS:
        for transition in model().get_all_state_transitions():
            assert callable(transition.permission), f"{model.__name__}.{transition.name}"


def test_a_decision_that_returns_refuses_or_closes_asks_for_a_reason():
    asks = {t.name for t in Referral().get_all_state_transitions() if t.custom.get("reason")}

    assert asks == {
        "attach",
        "return_to_worker",
        "accept_not_hsb",
        "close_with_advice",
        "refuse_allocation",
        "end_allocation",
        "step_up",
        "step_up_urgently",
        "step_down",
        "transfer_out",
        "propose_closing",
        "close",
        "return_to_service",
    }
