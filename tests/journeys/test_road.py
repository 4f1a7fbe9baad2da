"""The road from a logged concern to allocated referrals, walked by the people who walk it."""

import pytest
from django.db.models import F

from hsb.core.models import Entry
from referrals.models import PoliceReferral, Referral
from referrals.states import ReferralState
from tests.journeys import steps

pytestmark = pytest.mark.journey


def has(reference):
    """(state, holding team, worker) of a referral."""
    referral = Referral.at(reference).select_related("record__holding_team", "worker").get()
    return referral.state, referral.record.holding_team.slug, referral.worker and referral.worker.name


def states(reference):
    """The states that the referral has passed through, in order, as the journal has them."""
    moves = Entry.objects.filter(record__reference=reference, to_state__in=ReferralState.values)
    return list(moves.exclude(to_state=F("from_state")).order_by("number").values_list("to_state", flat=True))


def test_category_0_goes_to_early_help_and_back_up(actors):
    practitioner, manager = actors("practitioner"), actors("manager")
    displayed, harmed = steps.log_a_concern(practitioner)
    steps.assess(practitioner, displayed, "0", 2)
    steps.look_after(practitioner, harmed, 2)

    # Returned once, with a reason, and submitted again.
    manager.go("/team-work/")
    manager.reads("2 referrals waiting for a decision")
    manager.go(f"/referrals/{displayed}/decide/")
    manager.press("Save the decision")
    manager.is_refused()
    manager.fill(agrees="yes", decision="return", reason="Please say more about what protects this child.")
    manager.press("Save the decision")
    practitioner.go(f"/referrals/{displayed}/assessment/")
    practitioner.reads("Please say more about what protects this child.")
    steps.submit(practitioner, displayed)

    steps.to_early_help(manager, displayed)
    steps.to_school(manager, harmed)

    # Early Help takes it.
    early_help = actors("ehmanager")
    early_help.opens("/my-work/")
    early_help.reads("Clover Madeup")
    steps.name_worker(early_help, displayed, "Eli Novak")
    worker = actors("earlyhelp")
    steps.start_work(worker, displayed)
    worker.go(f"/referrals/{displayed}/tell-referrer/")
    worker.fill(told_on=steps.today(), how="By telephone: that Early Help begins.")
    worker.press("Save")

    assert has(displayed) == ("early_help", "hazel", "Eli Novak")
    assert has(harmed)[0] == "closed"
    assert states(displayed) == [
        "received",
        "assessing",
        "awaiting_decision",
        "assessing",
        "awaiting_decision",
        "early_help",
    ]
    stranger = actors("stranger")
    stranger.finds_nothing(f"/referrals/{displayed}/")
    stranger.opens("/referrals/")
    stranger.reads("No open referral is yours to open")

    # It is not enough: Early Help asks, keeps the child until there is an answer, and a statutory team takes them.
    worker.go(f"/referrals/{displayed}/step-up/")
    worker.fill(to_team="willow", reason="It happened again, and the plan does not hold it.")
    worker.press("Ask the team")
    assert has(displayed) == ("early_help", "hazel", "Eli Novak")
    manager.opens("/my-work/")
    manager.reads("Answer the request to step up or down")
    manager.go(f"/referrals/{displayed}/answer-offer/")
    manager.fill(decision="accept", tier="3", answer="The needs are complex now.")
    manager.press("Answer")
    assert has(displayed) == ("statutory", "willow", None)
    assert states(displayed)[-2:] == ["early_help", "statutory"]
    steps.name_worker(manager, displayed, "Amara Okafor")
    steps.start_work(practitioner, displayed)
    assert has(displayed) == ("statutory", "willow", "Amara Okafor")


@pytest.mark.one_database("postgresql", "the first road is walked on both")
def test_category_2_goes_to_a_statutory_team_with_form_87a(actors):
    practitioner, manager = actors("practitioner"), actors("manager")
    displayed, harmed = steps.log_a_concern(practitioner, crime=True)
    steps.assess(practitioner, displayed, "2", 4)
    steps.look_after(practitioner, harmed, 4)
    practitioner.go(f"/referrals/{harmed}/")
    practitioner.reads("87A not sent")

    steps.refer_to_the_police(practitioner, manager, displayed)
    manager.search("Clover Madeup")
    manager.reads("1 person found")

    # Each child has a decision, a worker and a plan of their own.
    steps.to_statutory(manager, displayed)
    steps.to_statutory(manager, harmed)
    steps.name_worker(manager, displayed, "Bea Lindqvist")
    steps.name_worker(manager, harmed, "Amara Okafor")
    second = actors("practitioner2")
    steps.start_work(second, displayed)
    steps.start_work(practitioner, harmed)
    manager.opens(f"/referrals/{displayed}/decide-meeting/")
    manager.fill(decision="convene")
    manager.press("Save the decision")
    manager.opens("/")
    manager.opens("/referrals/?box=statutory-police")
    manager.reads("1 child with a statutory team, category 2 or 3")

    assert has(displayed) == ("statutory", "willow", "Bea Lindqvist")
    assert has(harmed) == ("statutory", "willow", "Amara Okafor")
    assert PoliceReferral.objects.get().state == "sent"
    assert not Referral.at(harmed).get().police_outstanding
    second.finds_nothing(f"/referrals/{harmed}/")
    for tab in ("assessment", "people", "chronology", "who-looked"):
        second.opens(f"/referrals/{displayed}/{tab}/")
    actors("stranger").finds_nothing(f"/referrals/{harmed}/")


@pytest.mark.one_database("postgresql", "the first road is walked on both")
def test_on_a_phone_a_worker_protects_at_once(actors_on_phones):
    practitioner = actors_on_phones("practitioner")
    displayed, _ = steps.log_a_concern(practitioner)

    practitioner.go(f"/referrals/{displayed}/protection/")
    practitioner.fill(
        what="The children were kept apart; an adult stays with each of them.",
        who_was_told="Both parents",
        done=steps.today(),
    )
    practitioner.press("Record immediate protection")

    assert Referral.at(displayed).get().protections.count() == 1
    practitioner.opens("/")
    practitioner.opens("/my-work/")
