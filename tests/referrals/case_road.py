"""The road of a case, walked through the services: referrals in the state that a page's test begins with."""

from html import unescape
from uuid import uuid4

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.models import Entry
from referrals.models import Referral
from referrals.services import assessing, behaviours, deciding, intake, working
from referrals.services.weighing import Weighed
from referrals.states import Brook, InvolvementRole, RiskGroup
from tests.remembered import remembered

EXPECTED_TIER = {"N": 1, "0": 2, "1": 3, "2": 4, "3": 4}

# What is asked beside the reason of whoever goes below the pathway's default.
WEIGHED = {
    "options_considered": "Statutory social work; Early Help.",
    "relied_on": "The assessment and a visit.",
    "childs_views": "Wants help from the same worker.",
    "parents_views": "Not known: nobody could be reached yet.",
}


def logged(author, *, harmed=True, **fields):
    """(referral of the child who displayed, referral of the child who was harmed or None), just received."""
    people = [intake.Newcomer(details={"given_name": "Robin", "family_name": "Sample"}, roles=("displayed",))]
    if harmed:
        people.append(intake.Newcomer(details={"given_name": "Sky", "family_name": "Other"}, roles=("harmed",)))
    found = intake.log_concern(
        author=author,
        once=uuid4(),
        people=people,
        what_was_reported="Something was reported at school.",
        source="2A",
        reported_on=clock.today(),
        place_kind="school",
        protection_needed="no",
        **fields,
    )
    return found.opened[0], found.opened[1] if harmed else None


def harmed_too(referral, author, roles=("harmed",), **fields):
    """A further concern about the referral's child, who was harmed in it; attached to the referral. Returns it."""
    return intake.log_concern(
        author=author,
        once=uuid4(),
        people=[intake.Known(person=referral.person, roles=roles)],
        what_was_reported="Something else was reported at home.",
        source="1A",
        reported_on=clock.today(),
        place_kind="home",
        protection_needed="no",
        **fields,
    ).concern


def assess_displayed(referral, worker, category="0", *, tier=None):
    """Submits an assessment of the child who displayed, of that category; `referral` awaits a decision after it."""
    assessment = assessing.begin_assessment(referral.reference, actor=worker)
    part = referral.involvements.get(role=InvolvementRole.DISPLAYED)
    behaviours.add_behaviour(
        assessment.reference, actor=worker, concern=part.concern, description="What was seen.", category=category
    )
    answer(assessment, worker, category, tier)
    assessing.submit(assessment.reference, actor=worker)
    return again(referral)


def answer(assessment, worker, category, tier=None):
    pages = {
        "category": {"category": category},
        "brook": {"brook": Brook.NOT_USED},
        "threshold": {
            "tier": tier or EXPECTED_TIER[category],
            "rationale": "What was weighed.",
            "mismatch_reason": "x",
        },
        "context": {"context_displayed": "School and home."},
        "strengths": {"protective_factors": "A trusted adult."},
        "risk": {f"risk_{group}": "no" for group in RiskGroup.values},
    }
    for page, answers in pages.items():
        assessing.save_page(assessment.reference, actor=worker, page=page, answers=answers)


def assess_harmed(referral, worker, tier=2):
    """Submits the safety and support page of the child who was harmed."""
    assessment = assessing.begin_assessment(referral.reference, actor=worker)
    pages = {
        "safety": {"safety_now": "Safe at home."},
        "support": {"support_needed": "Somebody to talk to."},
        "threshold": {"tier": tier, "rationale": "What was weighed."},
    }
    for page, answers in pages.items():
        assessing.save_page(assessment.reference, actor=worker, page=page, answers=answers)
    assessing.submit(assessment.reference, actor=worker)
    return again(referral)


@remembered
def awaiting(author, category="0", *, harmed=False):
    """A referral that awaits the manager's decision, and the other child's (None unless `harmed`)."""
    displayed, other = logged(author, harmed=harmed)
    return assess_displayed(displayed, author, category), other


@remembered
def with_early_help(author, manager, team, worker=None):
    displayed, _ = awaiting(author)
    family = deciding.FamilyAnswer(agreed=True, given_by="The mother", given_on=clock.today())
    deciding.allocate(
        displayed.reference,
        actor=manager,
        destination=deciding.Destination(team=team, worker=worker, reason="Early help fits."),
        family=family,
    )
    return again(displayed)


@remembered
def with_statutory(author, manager, team, worker=None, category="1"):
    displayed, _ = awaiting(author, category)
    deciding.allocate(
        displayed.reference,
        actor=manager,
        destination=deciding.Destination(team=team, worker=worker, reason="Social work is needed."),
    )
    return again(displayed)


@remembered
def at_work(referral, worker):
    working.start_work(referral.reference, actor=worker, started_on=clock.today())
    return again(referral)


@remembered
def reassessed(referral, worker, category="0"):
    """A reassessment, submitted."""
    assessment = assessing.begin_reassessment(referral.reference, actor=worker)
    for behaviour in referral.behaviours():
        assessment.behaviour_categories.create(behaviour=behaviour, category=category)
    answer(assessment, worker, category)
    assessing.submit(assessment.reference, actor=worker)
    return again(referral)


def weighed(**instead):
    """All that was weighed for a decision, for the services."""
    return Weighed(**WEIGHED | instead)


def assessed_by_help(referral, worker):
    """The Early Help assessment is complete."""
    working.finish_service_step(
        referral.reference,
        actor=worker,
        kind="early_help_assessment",
        done_on=clock.today(),
        done_by="Eli, with the school",
        outcome="Help at home.",
        follows="plan",
    )
    return again(referral)


@remembered
def closing_proposed(referral, worker):
    if referral.state == "early_help":
        assessed_by_help(referral, worker)
    reassessed(referral, worker, referral.category)
    working.propose_closing(
        referral.reference,
        actor=worker,
        closed_as="plan_met",
        plan_met=True,
        what_changed="Calm months at school.",
        reason="The plan is met.",
    )
    return again(referral)


def again(referral):
    """The referral as the next request reads it."""
    return Referral.at(referral.reference).get()


def last_entry(referral, verb):
    """The record's last entry of that verb, or None."""
    return Entry.objects.filter(record=referral.record_id, verb=verb).order_by("-number").first()


def entries(referral):
    return Entry.objects.filter(record=referral.record_id).count()


def url(referral, verb):
    return f"/referrals/{referral.reference}/{verb}/"


YES = {"agrees": "yes", "reason": "It fits what the worker wrote."}


def decide(browser, referral, **answers):
    """What a manager sends from the decision page, agreeing with the worker unless told otherwise."""
    return browser.post(url(referral, "decide"), {"version": referral.version} | YES | answers)


def agreed():
    """The family's agreement to Early Help, as it is typed."""
    return {"agreed_by": "The mother", **date_parts("agreed_on", clock.today())}


def text(answer):
    """What a page says, its references turned back into characters."""
    return unescape(answer.content.decode())
