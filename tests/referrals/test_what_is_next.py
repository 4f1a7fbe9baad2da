"""What "Next" says: the reader's own step first; somebody else's is a sentence and never outranks it."""

from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.people.states import Role
from referrals.selectors.case import case_frame
from referrals.services import assessing, deciding, urgent
from tests import cast
from tests.pages import page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(front_door, willow, rowan, hazel):
    """Teams; the front door holds what was logged."""


@pytest.fixture
def fay(front_door):
    """The front door's manager."""
    return cast.user("Fay", (front_door, Role.MANAGER))


def next_of(referral, user, here=""):
    return case_frame(road.again(referral), cast.again(user), here=here)["next"]


def protected(referral, actor):
    """Immediate protection, to be followed up the same day by the front door's managers."""
    urgent.record_protection(
        referral.reference,
        actor=actor,
        once=uuid4(),
        what="An adult stays.",
        done_on=clock.today(),
        who_was_told="All",
    )
    return referral


def returned(referral, manager, reason="Say more about the context."):
    deciding.return_to_worker(referral.reference, actor=manager, reason=reason)
    return road.again(referral)


def test_whoever_logged_it_begins_the_assessment_although_others_have_something_due_first(house, amara, fay):
    referral = protected(road.logged(amara)[0], amara)

    hers, theirs = next_of(referral, amara), next_of(referral, fay)

    assert (hers["text"], hers["who"], hers["post"]) == ("Begin the HSB risk assessment", "Yours to do", True)
    assert hers["url"] == road.url(referral, "begin-assessment")
    assert (theirs["text"], theirs["when"]) == ("Follow up the immediate protection", "due today")
    assert theirs["url"] == road.url(referral, "follow-up-protection")


def test_the_child_who_was_harmed_has_a_safety_page_to_begin(house, amara):
    assert next_of(road.logged(amara)[1], amara)["button"] == "Begin the safety and support page"


def test_an_assessment_that_is_begun_is_gone_on_with(house, amara):
    referral, _ = road.logged(amara)
    assessing.begin_assessment(referral.reference, actor=amara)

    step = next_of(referral, amara)

    assert (step["text"], step["url"], step["post"]) == (
        "Go on with the HSB risk assessment",
        road.url(referral, "assessment"),
        False,
    )


def test_the_authors_manager_decides_although_the_front_doors_managers_are_asked(house, amara, mo):
    referral = protected(road.awaiting(amara, "2")[0], amara)

    step = next_of(referral, mo)

    assert (step["text"], step["url"]) == ("Decide and allocate", road.url(referral, "decide"))


def test_somebody_elses_step_is_a_sentence_without_a_button(house, client_of, amara):
    referral = protected(road.awaiting(amara, "0")[0], amara)

    step = next_of(referral, amara)

    assert step["text"] == "Managers of Front door follow up the immediate protection"
    assert step["when"] == "due today"
    assert "url" not in step
    assert (
        "Managers of Front door follow up the immediate protection"
        in page(client_of(amara).get(road.url(referral, "chronology"))).text
    )


def test_after_a_return_both_next_and_the_overview_say_by_whom_and_why(house, client_of, amara, mo):
    referral = returned(road.awaiting(amara, "0")[0], mo)

    step = next_of(referral, amara)
    said = page(client_of(amara).get(f"/referrals/{referral.reference}/")).text

    assert step["text"] == "Go on with the HSB risk assessment"
    assert step["note"] == "Returned by Mo because: Say more about the context."
    assert said.count("Returned by Mo") == 2


def test_a_long_reason_is_cut_in_next_and_whole_on_the_overview(house, client_of, amara, mo):
    reason = "Say more about the context. " * 20
    referral = returned(road.awaiting(amara, "0")[0], mo, reason)

    assert len(next_of(referral, amara)["note"]) < 240
    assert reason.strip() in page(client_of(amara).get(f"/referrals/{referral.reference}/")).text


def test_work_with_the_child_comes_before_what_runs_beside_it_and_is_due_the_same_day(house, amara, mo, bea, willow):
    referral = road.with_statutory(amara, mo, willow, bea)
    referral.record.tasks.open().update(due_on=clock.today(), opened_at=clock.now())

    assert next_of(referral, bea)["text"] == "Start work with the child"


def test_a_manager_names_a_worker_where_there_is_none(house, amara, mo, willow):
    referral = road.with_statutory(amara, mo, willow)
    referral.record.tasks.open().filter(kind="meeting_decision").delete()

    assert next_of(referral, mo)["button"] == "Name a worker"


def test_a_reassessment_in_work_comes_before_what_is_not_due_yet(house, amara, mo, eli, hazel):
    referral = road.at_work(road.with_early_help(amara, mo, hazel, eli), eli)
    referral.record.tasks.open().filter(kind="tell_referrer").delete()
    assert next_of(referral, eli)["text"] == "Complete the Early Help assessment"

    assessing.begin_reassessment(referral.reference, actor=eli)

    assert next_of(referral, eli)["text"] == "Go on with the reassessment"


@pytest.mark.parametrize(("verb", "who"), [("decide", "mo"), ("assessment", "amara")])
def test_no_button_leads_to_the_page_it_stands_on(house, request, amara, mo, verb, who):
    referral = road.awaiting(amara, "0")[0] if verb == "decide" else road.logged(amara)[0]
    here = road.url(referral, verb)

    step = next_of(referral, request.getfixturevalue(who), here)

    assert step["here"]
    assert "url" not in step


def test_the_page_of_the_next_step_shows_no_next_beside_its_form(house, client_of, amara, mo):
    referral, _ = road.awaiting(amara, "0")

    said = road.text(client_of(mo).get(road.url(referral, "decide")))

    assert "next-heading" not in said


def test_nothing_is_waiting_where_nothing_is(client_of, amara, mo, willow):
    referral = cast.referral(amara, held_by=willow, state="closed", worker=amara)

    assert next_of(referral, mo) is None


def test_open_tasks_lead_to_where_they_are_done_for_whoever_can_do_them(house, client_of, amara, mo):
    referral = protected(road.awaiting(amara, "0")[0], amara)
    there = f"/referrals/{referral.reference}/"

    hers = page(client_of(amara).get(there)).links
    his = page(client_of(mo).get(there)).links

    assert [road.url(referral, "decide"), "Decide and allocate"] in his
    assert [road.url(referral, "follow-up-protection"), "Follow up the immediate protection"] in hers
    assert not [link for link in hers if link[1] == "Decide and allocate"]
