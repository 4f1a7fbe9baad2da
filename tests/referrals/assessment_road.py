"""An assessment on its way, walked through the services, and what a browser sends for its pages."""

from datetime import date
from uuid import uuid4

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.models import Entry
from referrals.models import RiskAssessment
from referrals.services import assessing, behaviours, intake
from referrals.states import RiskGroup
from tests.pages import filled, page

RATIONALE = "Two children of the same age, once, and both were calm about it."
SHORT = {
    "description": "Something that should not have happened at school.",
    "category": "0",
    "brook_used": "no",
    "tier": "2",
    "rationale": RATIONALE,
}


def logged(author, *roles, born_on=date(2013, 5, 14), happened_on=None):
    """The referral of one child with these parts in a concern, just received, with a child who was harmed beside."""
    people = [
        intake.Newcomer(
            details={
                "given_name": "Robin",
                "family_name": "Sample",
                "born_on": born_on,
                "birth_precision": "known" if born_on else "unknown",
            },
            roles=roles or ("displayed",),
        ),
        intake.Newcomer(
            details={
                "given_name": "Sky",
                "family_name": "Other",
                "born_on": date(2015, 9, 1),
                "birth_precision": "known",
            },
            roles=("harmed",),
        ),
    ]
    found = intake.log_concern(
        author=author,
        once=uuid4(),
        people=people,
        what_was_reported="Something was reported at school.",
        source="2A",
        reported_on=clock.today(),
        happened_on=happened_on,
        place_kind="school",
        protection_needed="no",
    )
    return found.opened[0]


def begun(author, *roles, **fields):
    """(referral, assessment): just begun by its author."""
    referral = logged(author, *roles, **fields)
    return referral, assessing.begin_assessment(referral.reference, actor=author)


def url(referral, page=""):
    return f"/referrals/{referral.reference}/assessment/{f'{page}/' if page else ''}"


def concern(referral):
    return referral.involvements.select_related("concern__record").first().concern


def described(assessment, worker, category="1", **fields):
    """One more behaviour of this category."""
    return behaviours.add_behaviour(
        assessment.reference,
        actor=worker,
        concern=concern(assessment.referral),
        category=category,
        description=fields.pop("description", "Something that should not have happened."),
        **fields,
    )


def answered(assessment, worker, **answers):
    """Saves every page of a full assessment of category 1, with these answers instead of the usual ones."""
    pages = {
        "category": {"category": "1", "indicators": ["1.1"]},
        "brook": {"brook": "not_used"},
        "threshold": {"tier": 3, "rationale": RATIONALE},
        "context": {"context_displayed": "School and home."},
        "strengths": {"protective_factors": "A trusted adult."},
        "risk": {f"risk_{group}": "no" for group in RiskGroup.values},
    }
    for part, usual in pages.items():
        mine = usual | {name: answers[name] for name in assessing.PAGES[part] if name in answers}
        assessing.save_page(assessment.reference, actor=worker, page=part, answers=mine)
    return now(assessment)


def ready(worker, category="1", **answers):
    """(referral, assessment): one behaviour and every page of this category answered, not yet submitted."""
    referral, assessment = begun(worker)
    described(assessment, worker, category)
    tier = {"N": 1, "0": 2, "1": 3, "2": 4, "3": 4}[category]
    answered(assessment, worker, **({"category": category, "tier": tier} | answers))
    return referral, assessment


def submitted(assessment, worker):
    return assessing.submit(assessment.reference, actor=worker)


def now(assessment):
    return RiskAssessment.at(assessment.reference).get()


def sent(browser, address, **answers):
    """Opens the page, fills its own form in (the frame has others) and sends it; the response."""
    return browser.post(address, form_of(browser.get(address), **answers))


def form_of(response, **answers):
    """What the page's own form would send, with these answers put in."""
    own = [place for place, form in enumerate(page(response).forms) if form["action"] == ""]
    return filled(response, form=own[-1], **answers)


def verbs(referral):
    return list(Entry.objects.filter(record=referral.record_id).order_by("number").values_list("verb", flat=True))


def brook(colour="orange", on=None):
    """What a trained user sends about the Brook tool."""
    return {
        "brook_used": "yes",
        "brook": colour,
        "brook_age_group": "third",
        "brook_tool_version": "2020",
        **date_parts("brook_on", on or clock.today()),
    }
