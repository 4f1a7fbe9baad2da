"""Stretches of the road, each walked by one actor: log a concern, assess, look after, decide."""

import re

from hsb.core import clock

RISKS = (
    "risk_siblings",
    "risk_girls",
    "risk_boys",
    "risk_younger",
    "risk_older",
    "risk_adults",
    "risk_disabled",
)


def today():
    day = clock.today()
    return (day.day, day.month, day.year)


def log_a_concern(worker, *, crime=False, clicks=1, third="witness"):
    """Three people, each searched for before they are added: one displayed, one was harmed, and Wren, known by a
    first name only, who saw it; with a family name where Wren took `third` part in it.

    Returns the references of the children's referrals: two, or three. The last button gets so many clicks.
    """
    worker.go("/")
    worker.press("Log a concern")
    for given, family, part in (
        ("Clover", "Madeup", "displayed"),
        ("Juniper", "Pretend", "harmed"),
        ("Wren", "" if third == "witness" else "Storybook", third),
    ):
        worker.main.get_by_label("Name", exact=True).fill(f"{given} {family}".strip())
        worker.press("Search")
        worker.press("Add somebody new")
        worker.fill(given_name=given, family_name=family, child_parts=[part])
        if family:
            worker.fill(birth_precision="known", born_known=(3, 4, 2014))
        worker.press("Add to the concern")
    worker.press("Continue to what was reported")
    worker.press("Save and continue")
    worker.is_refused()
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
    worker.press("Log the concern", clicks=clicks)
    worker.reads("What happens next")
    references = re.findall(r"HSB-\d{4}-\d{5}", worker.main.inner_text())
    return list(dict.fromkeys(references))[: 2 if third == "witness" else 3]


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
    submit(worker, reference)


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
    submit(worker, reference)


def submit(worker, reference):
    worker.go(f"/referrals/{reference}/assessment/check/")
    worker.press("Submit to the manager")


def to_early_help(manager, reference):
    manager.go(f"/referrals/{reference}/decide/")
    manager.fill(
        agrees="yes",
        decision="early_help",
        early_help_team="hazel",
        agreed_by="The child's mother",
        agreed_on=today(),
        reason="A single event; the family wants help.",
    )
    manager.press("Save the decision")


def to_school(manager, reference):
    """Ends the referral, so it is asked twice."""
    manager.go(f"/referrals/{reference}/decide/")
    manager.fill(agrees="yes", decision="school", reason="A named adult at school; both families know where to turn.")
    manager.press("Save the decision")
    manager.reads("Are you sure?")
    manager.press("Yes, close this referral")


def to_statutory(manager, reference):
    manager.go(f"/referrals/{reference}/decide/")
    manager.fill(agrees="yes", decision="statutory", statutory_team="willow", reason="The pathway's response.")
    manager.press("Save the decision")


def call_the_police(worker, reference):
    worker.go(f"/referrals/{reference}/police-forms/")
    worker.press("Record the call to the police")
    worker.fill(
        emergency="no", called=today(), spoke_to="The duty officer", what_was_said="What the teacher saw was told."
    )
    worker.press("Record the call")


def draft_87a(worker, reference, asked="Checks, and a strategy discussion."):
    """From the task on: what is recorded stands in it already."""
    worker.go(f"/referrals/{reference}/police-referral/")
    worker.finds_filled(known="A teacher saw something that worried her and spoke to both children.")
    worker.fill(urgency="today", asked=asked, basis="without", consent="Nobody was asked: the police asked to wait.")
    worker.press("Save the draft for approval")


def approve_87a(manager, reference):
    manager.go(f"/referrals/{reference}/police-referral/")
    manager.fill(decision="approve")
    manager.press("Save the decision")


def send_87a(worker, reference):
    """Reads the pack, and records that it went out."""
    worker.go(f"/referrals/{reference}/police-referral/")
    worker.fill(sent_to="Borough police", sent_how="Secure e-mail", sent=today())
    worker.press("Record that it was sent")


def refer_to_the_police(worker, manager, reference):
    call_the_police(worker, reference)
    draft_87a(worker, reference)
    approve_87a(manager, reference)
    send_87a(worker, reference)


def name_worker(manager, reference, worker):
    manager.go(f"/referrals/{reference}/name-worker/")
    manager.choose_worker("worker", worker)
    manager.press("Name the worker")


def start_work(worker, reference):
    worker.go(f"/referrals/{reference}/start-work/")
    worker.fill(started_on=today())
    worker.press("Record that work has started")
