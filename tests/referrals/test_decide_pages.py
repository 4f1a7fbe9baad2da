"""The manager's one page, through a browser: what it shows, and each decision."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hsb.core import access, clock
from hsb.core.forms import date_parts
from hsb.core.states import Because
from referrals.models import Agreement, CategoryDecision, ThresholdDecision
from referrals.services import assessing, deciding
from referrals.states import ReferralState
from tests import cast
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(front_door, willow, rowan, hazel):
    """Teams that the decisions need; the front door holds what was logged."""


# --- What it shows ----------------------------------------------------


def test_shows_the_judgements_the_rationale_and_every_option(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "2")

    page = client_of(mo).get(road.url(referral, "decide"))

    assert page.status_code == 200
    for words in (
        "Category 2: Abusive",
        "Tier 4: children in acute need",
        "What was weighed.",
        "Approve, and allocate to Early Help",
        "Approve, and allocate to a statutory social work team",
        "Close: developmentally expected, not harmful sexual behaviour",
        "Return to the worker",
        "a strategy meeting is expected",
        "Form 87A is not resolved",
    ):
        assert words in road.text(page), words


def test_work_that_was_returned_shows_what_changed(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "1")
    deciding.return_to_worker(referral.reference, actor=mo, reason="Say more of what protects this child.")
    assessment = road.again(referral).latest_assessment()
    assessing.save_page(assessment.reference, actor=amara, page="category", answers={"category": "2"})
    told = {"tier": 4, "rationale": "More is known now.", "mismatch_reason": ""}
    assessing.save_page(assessment.reference, actor=amara, page="threshold", answers=told)
    assessing.submit(assessment.reference, actor=amara)

    said = road.text(client_of(mo).get(road.url(referral, "decide")))

    assert "Returned by Mo on " in said
    assert "Say more of what protects this child." in said
    assert "Changed before it was sent again on " in said
    assert "Category 1: Problematic was submitted; now Category 2: Abusive." in said
    assert "Tier 3 was submitted; now Tier 4." in said
    assert "Threshold tier and reasons (" in said


def test_a_pair_that_does_not_match_the_pathway_is_shown_with_its_reason(house, client_of, amara, mo):
    displayed, _ = road.logged(amara, harmed=False)
    road.assess_displayed(displayed, amara, "1", tier=2)

    page = client_of(mo).get(road.url(displayed, "decide"))

    assert "Category 1: Problematic usually goes with Tier 3; Tier 2 is recorded." in road.text(page)


def test_nothing_says_category_for_a_child_who_was_harmed(house, client_of, amara, mo):
    displayed, harmed = road.awaiting(amara, harmed=True)
    road.assess_harmed(harmed, amara)

    page = road.text(client_of(mo).get(road.url(harmed, "decide")))

    assert "ategory" not in page.split("<main")[1].split("</main")[0]


def test_another_child_that_the_manager_may_not_open_is_masked(house, client_of, amara, mo):
    displayed, harmed = road.awaiting(amara, harmed=True)
    access.end_grants(harmed.record, Because.AUTHORS_MANAGER, Because.HOLDING_TEAM)

    page = road.text(client_of(mo).get(road.url(displayed, "decide")))

    assert "Another child" in page
    assert "Sky Other" not in page
    assert "Not decided yet" in page


def test_another_child_that_the_manager_may_open_is_named(house, client_of, amara, mo):
    displayed, harmed = road.awaiting(amara, harmed=True)

    assert "Sky Other" in road.text(client_of(mo).get(road.url(displayed, "decide")))


def test_workers_stand_with_their_caseloads_and_nobody_of_the_past(house, client_of, amara, bea, mo, willow, rowan):
    referral, _ = road.awaiting(amara, "1")
    cast.referral(bea, held_by=willow, state=ReferralState.STATUTORY, worker=bea)
    gone = cast.user("Gone")
    cast.join(gone, willow, "practitioner", ends_on=cast.SINCE)

    page = road.text(client_of(mo).get(road.url(referral, "decide")))

    assert "Bea, 1 open referral" in page
    assert "Amara, no open referrals" in page
    assert "Gone" not in page


def test_the_worker_who_already_has_the_child_is_suggested(house, client_of, amara, bea, mo, willow):
    referral, _ = road.awaiting(amara, "1")
    cast.referral(amara, held_by=willow, state=ReferralState.CLOSED, worker=bea, child=referral.person)

    page = road.text(client_of(mo).get(road.url(referral, "decide")))

    assert "already knows this child" in page


def test_the_page_takes_as_many_queries_for_many_workers_and_children(house, client_of, amara, mo, willow):
    referral, harmed = road.awaiting(amara, "1", harmed=True)
    road.assess_harmed(harmed, amara)
    browser = client_of(mo)
    browser.get(road.url(referral, "decide"))
    with CaptureQueriesContext(connection) as few:
        browser.get(road.url(referral, "decide"))
    for number in range(12):
        cast.user(f"Worker {number}", (willow, "practitioner"))
    about = referral.involvements.first().concern
    for number in range(8):
        cast.referral(
            amara,
            held_by=willow,
            side="harmed",
            state=ReferralState.AWAITING_DECISION,
            child=cast.person(f"Child {number}"),
            about=about,
        )
    with CaptureQueriesContext(connection) as many:
        browser.get(road.url(referral, "decide"))

    assert len(many) == len(few)


# --- Each decision ----------------------------------------------------


def test_allocates_to_early_help_with_the_familys_agreement(house, client_of, amara, mo, eli, esi):
    referral, _ = road.awaiting(amara, "0")

    answer = road.decide(
        client_of(mo),
        referral,
        decision="early_help",
        early_help_team="hazel",
        early_help_worker_hazel=eli.reference,
        **road.agreed(),
    )

    after = road.again(referral)
    assert (after.state, after.worker, after.record.holding_team.slug) == ("early_help", eli, "hazel")
    assert after.csc_referral_on is None
    assert Agreement.objects.get(referral=referral).given_by == "The mother"
    assert road.last_entry(referral, "allocate_to_early_help").actor == mo
    assert client_of(esi).get(f"/referrals/{referral.reference}/").status_code == 200
    assert answer.status_code == 302
    assert answer.url == "/my-work/", "Mo's leave to see it ended with the decision"


def test_allocates_to_a_statutory_team_that_names_its_worker_later(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "2")

    answer = road.decide(client_of(mo), referral, decision="statutory", statutory_team="willow")

    after = road.again(referral)
    assert (after.state, after.worker, after.category, after.tier) == ("statutory", None, "2", 4)
    assert after.csc_referral_on == clock.today()
    assert after.meeting_decisions.get().state == "requested"
    assert answer.url == f"/referrals/{referral.reference}/"


def test_early_help_without_an_agreement_is_asked_for_in_words(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "0")

    answer = road.decide(client_of(mo), referral, decision="early_help", early_help_team="hazel")

    assert answer.status_code == 422
    assert "Enter who in the family agreed to Early Help" in road.text(answer)
    assert "It fits what the worker wrote." in road.text(answer), "what was typed is kept"
    assert road.again(referral).state == "awaiting_decision"


def test_below_the_default_asks_for_the_managers_reason(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "1")
    browser = client_of(mo)
    choice = {"decision": "early_help", "early_help_team": "hazel", **road.agreed()}

    refused = road.decide(browser, referral, **choice)
    accepted = road.decide(browser, referral, below_reason="The family asked for it first.", **road.WEIGHED, **choice)

    assert "Give your reason for going below the pathway's default" in road.text(refused)
    assert "Give the child's views, or say why they are not known" in road.text(refused)
    assert refused.status_code == 422
    assert accepted.status_code == 302
    latest = ThresholdDecision.objects.filter(referral=referral).last()
    assert (latest.below_default, latest.by, latest.reason) == (True, mo, "The family asked for it first.")
    assert {name: getattr(latest, name) for name in road.WEIGHED} == road.WEIGHED


def test_the_managers_own_category_stands_beside_the_workers(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "0")

    road.decide(
        client_of(mo),
        referral,
        agrees="no",
        category="2",
        tier="4",
        view_reason="Pressure was used.",
        decision="statutory",
        statutory_team="rowan",
    )

    views = list(
        CategoryDecision.objects.filter(referral=referral, behaviour=None).values_list("view", "category", "reason")
    )
    after = road.again(referral)
    assert views == [("worker", "0", "What was weighed."), ("manager", "2", "Pressure was used.")]
    assert (after.category, after.tier, after.police_outstanding) == ("2", 4, True)


def test_whoever_returns_it_need_not_judge_yet(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "0")

    answer = road.decide(client_of(mo), referral, agrees="", decision="return", reason="Say more of the school.")

    assert answer.status_code == 302
    assert road.again(referral).state == "assessing"
    assert not CategoryDecision.objects.filter(referral=referral, view="manager").exists()


def test_a_view_that_differs_needs_its_reason(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "0")

    answer = road.decide(
        client_of(mo), referral, agrees="no", category="1", tier="3", decision="statutory", statutory_team="rowan"
    )

    assert answer.status_code == 422
    assert "Say why your view differs from the worker's" in road.text(answer)
    assert road.again(referral).state == "awaiting_decision"


def test_the_same_worker_on_both_sides_is_questioned_then_explained(house, client_of, amara, bea, mo):
    displayed, harmed = road.awaiting(amara, "1", harmed=True)
    road.assess_harmed(harmed, amara, tier=3)
    deciding.allocate(
        harmed.reference, actor=mo, destination=deciding.Destination(team=bea.memberships.get().team, worker=bea)
    )
    browser = client_of(mo)
    choice = {"decision": "statutory", "statutory_team": "willow", "statutory_worker_willow": bea.reference}

    asked = road.decide(browser, displayed, **choice)
    done = road.decide(browser, displayed, same_worker_reason="Bea knows both families well.", **choice)

    assert asked.status_code == 422
    assert "Bea already works with another child of this concern, on the other side." in road.text(asked)
    assert "Why the same worker is right for both children" in road.text(asked)
    assert done.status_code == 302
    assert road.again(displayed).allocations.get().same_worker_reason == "Bea knows both families well."


def test_returns_to_the_worker_with_the_reason(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara)

    road.decide(client_of(mo), referral, decision="return", reason="Say more about school.")

    after = road.again(referral)
    assert after.state == "assessing"
    assert after.latest_assessment().return_reason == "Say more about school."
    assert after.record.tasks.open().get().owner == amara


@pytest.mark.parametrize(
    ("decision", "more"),
    [
        pytest.param("no_service", {}, id="no service needed"),
        pytest.param("school", {}, id="supported by school"),
        pytest.param(
            "agreement_refused",
            {"refused_by": "The father", "refused_note": "School watches."},
            id="agreement refused, with the risk considered",
        ),
    ],
)
def test_closing_is_asked_twice_and_then_done(house, client_of, amara, mo, decision, more):
    referral, _ = road.awaiting(amara, "0")
    browser = client_of(mo)
    more = more | (date_parts("refused_on", clock.today()) if more else {})

    asked = road.decide(browser, referral, decision=decision, **more)
    before = road.again(referral).state
    done = road.decide(browser, referral, decision=decision, confirmed="1", **more)

    assert "This cannot be undone" in road.text(asked)
    assert before == "awaiting_decision"
    after = road.again(referral)
    assert done.status_code == 302
    assert (after.state, after.closed_as) == ("closed", decision)
    assert after.record.tasks.open().get().kind == "tell_referrer"


def test_going_back_from_the_second_question_keeps_what_was_typed(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "0")

    page = road.decide(client_of(mo), referral, decision="school", reason="School does all of it.", change="1")

    assert page.status_code == 200
    assert "School does all of it." in road.text(page)
    assert "There is a problem" not in road.text(page)
    assert road.again(referral).state == "awaiting_decision"


def test_not_hsb_closes_the_other_child_in_the_same_step(house, client_of, amara, mo):
    displayed, harmed = road.logged(amara)
    displayed = road.assess_displayed(displayed, amara, "N")
    road.assess_harmed(harmed, amara, tier=2)
    browser = client_of(mo)

    alone = road.decide(browser, displayed, decision="not_hsb", confirmed="1")
    together = road.decide(browser, displayed, decision="not_hsb", others=harmed.reference, confirmed="1")

    assert "Decide on the other children of this concern first, or in the same step." in road.text(alone)
    assert together.status_code == 302
    assert [road.again(r).state for r in (displayed, harmed)] == ["closed", "closed"]
    assert road.again(displayed).closed_as == "not_hsb"


def test_a_child_who_was_harmed_has_no_such_exit(house, client_of, amara, mo):
    _, harmed = road.awaiting(amara, harmed=True)
    harmed = road.assess_harmed(harmed, amara)

    answer = road.decide(client_of(mo), harmed, decision="not_hsb", confirmed="1")

    assert answer.status_code == 422
    assert road.again(harmed).state == "awaiting_decision"


def test_a_worker_of_another_team_cannot_be_smuggled_in(house, client_of, amara, mo, carl):
    referral, _ = road.awaiting(amara, "1")

    answer = road.decide(
        client_of(mo), referral, decision="statutory", statutory_team="willow", statutory_worker_willow=carl.reference
    )

    assert answer.status_code == 422
    assert road.again(referral).state == "awaiting_decision"


def test_an_unsent_87a_is_said_before_anybody_is_asked_whether_they_are_sure(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "2")

    answer = road.decide(client_of(mo), referral, decision="no_service", below_reason="The family has moved on.")

    assert answer.status_code == 422
    assert "Form 87A is not resolved: record it as sent" in road.text(answer)
    assert road.again(referral).state == "awaiting_decision"
