"""The road from a logged concern to allocated referrals, walked by the people who walk it."""

import re

import pytest

from hsb.core import clock
from referrals.models import Referral

pytestmark = pytest.mark.journey


def log_a_concern(worker, *, crime=False):
    """Three people: one displayed, one was harmed, one known by a first name only. Returns the two references."""
    worker.go("/")
    worker.press("Log a concern")
    for given, family, part in (
        ("Clover", "Madeup", "displayed"),
        ("Juniper", "Pretend", "harmed"),
        ("Wren", "", "witness"),
    ):
        worker.main.get_by_label("Name", exact=True).fill(f"{given} {family}".strip())
        worker.press("Search")
        worker.press("Add somebody new")
        worker.fill(given_name=given, family_name=family, child_parts=[part])
        if family:
            worker.fill(birth_precision="known", born_known=(3, 4, 2014))
        worker.press("Add to the concern")
    worker.press("Everybody is in: continue")
    worker.fill(
        what_was_reported="A teacher saw something that worried her and spoke to both children.",
        source="2A",
        place_kind="school",
        place_name="Elmfield Example School",
        protection_needed="no",
    )
    if crime:
        worker.fill(marks=["crime_suspected"])
    worker.press("Save and continue")
    worker.press("Log the concern")
    worker.reads("What happens next")
    references = re.findall(r"HSB-\d{4}-\d{5}", worker.main.inner_text())
    return list(dict.fromkeys(references))[:2]


def assess(worker, reference, category, tier):
    """The one-page form, and from category 1 the full pages."""
    worker.go(f"/referrals/{reference}/assessment/")
    worker.press("Begin the assessment")
    worker.go(f"/referrals/{reference}/assessment/short/")
    worker.fill(
        description="What the teacher saw, in plain words.",
        category=category,
        brook_used="no",
        tier=tier,
        rationale="What was seen, between whom, and how it stopped.",
    )
    worker.press("Save and continue")
    if category in "123":
        for page, answers in (
            ("context", {"context_displayed": "Lives with family."}),
            ("strengths", {"protective_factors": "A teacher the child trusts."}),
            ("risk", dict.fromkeys(RISKS, "no")),
        ):
            worker.go(f"/referrals/{reference}/assessment/{page}/")
            worker.fill(**answers)
            worker.press("Save and continue")
    worker.go(f"/referrals/{reference}/assessment/check/")
    worker.press("Submit to the manager")


RISKS = (
    "risk_siblings",
    "risk_girls",
    "risk_boys",
    "risk_younger",
    "risk_older",
    "risk_adults",
    "risk_disabled",
)


def look_after(worker, reference, tier):
    """The safety and support page of the child who was harmed: no category, ever."""
    worker.go(f"/referrals/{reference}/assessment/")
    worker.press("Begin the assessment")
    for page, answers in (
        ("safety", {"safety_now": "At home, with an adult."}),
        ("support", {"support_needed": "A named adult at school."}),
        ("threshold", {"tier": tier, "rationale": "What this child needs."}),
    ):
        worker.go(f"/referrals/{reference}/assessment/{page}/")
        assert "Hackett" not in worker.main.inner_text()
        worker.fill(**answers)
        worker.press("Save and continue")
    worker.go(f"/referrals/{reference}/assessment/check/")
    worker.press("Submit to the manager")


def state_of(reference):
    return Referral.at(reference).get().state


def test_category_0_goes_to_early_help(actors):
    practitioner, manager = actors("practitioner"), actors("manager")
    displayed, harmed = log_a_concern(practitioner)
    assess(practitioner, displayed, "0", 2)
    look_after(practitioner, harmed, 2)

    # Returned once, with a reason, and submitted again.
    manager.go("/team-work/")
    manager.go(f"/referrals/{displayed}/decide/")
    manager.fill(agrees="yes", decision="return", reason="Please say more about what protects this child.")
    manager.press("Continue")
    practitioner.go(f"/referrals/{displayed}/assessment/")
    practitioner.reads("Please say more about what protects this child.")
    practitioner.go(f"/referrals/{displayed}/assessment/check/")
    practitioner.press("Submit to the manager")

    today = clock.today()
    manager.go(f"/referrals/{displayed}/decide/")
    manager.fill(
        agrees="yes",
        decision="early_help",
        early_help_team="hazel",
        agreed_by="The child's mother",
        agreed_on=(today.day, today.month, today.year),
        reason="A single event; the family wants help.",
    )
    manager.press("Continue")

    assert state_of(displayed) == "early_help"
    early_help = actors("ehmanager")
    early_help.go("/my-work/")
    early_help.go(f"/referrals/{displayed}/")
    assert actors("stranger").go(f"/referrals/{displayed}/").status == 404


def test_category_2_goes_to_a_statutory_team_with_form_87a(actors):
    practitioner, manager = actors("practitioner"), actors("manager")
    displayed, harmed = log_a_concern(practitioner, crime=True)
    assess(practitioner, displayed, "2", 4)
    look_after(practitioner, harmed, 4)
    practitioner.go(f"/referrals/{harmed}/")
    practitioner.reads("87A not sent")

    today = clock.today()
    practitioner.go(f"/referrals/{displayed}/police-referral/")
    practitioner.fill(
        decision="sent",
        sent_to="Borough police",
        sent_how="Secure e-mail",
        sent=(today.day, today.month, today.year),
    )
    practitioner.press("Save")
    for reference in (displayed, harmed):
        manager.go(f"/referrals/{reference}/decide/")
        manager.fill(agrees="yes", decision="statutory", statutory_team="willow", reason="The pathway's response.")
        manager.press("Continue")

    assert state_of(displayed) == state_of(harmed) == "statutory"
    assert not Referral.at(harmed).get().police_outstanding
    manager.go(f"/referrals/{displayed}/name-worker/")
