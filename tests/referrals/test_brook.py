"""Brook colours: found by trained people alone, never overwritten, named by an assessment (practice.md A25, B18)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.refusals import Denied, NotReady
from referrals import guards
from referrals.models import BrookFinding
from referrals.services import assessing
from tests import cast
from tests.referrals import assessment_road, papers_of_a_child
from tests.referrals.brook_road import SUMMARY, recorded, replaced

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, willow):
    cast.train(amara)
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


@pytest.fixture
def begun(dot, front_door):
    """(referral, assessment, Ned): begun by Dot, who is trained; Ned of her team is not."""
    cast.train(dot)
    return *assessment_road.begun(dot), cast.user("Ned", (front_door, "practitioner"))


def refused(*needles):
    return pytest.raises(NotReady, match="(?s)" + ".*".join(needles))


def test_it_is_recorded_once_and_recorded_anew_beside_what_stood(case, amara):
    once = uuid4()
    first = recorded(case, amara, once=once)

    assert recorded(case, amara, once=once) == first
    with refused("says something else"):
        recorded(case, amara, once=once, colour="red")
    second = replaced(first, amara, colour="green", report=papers_of_a_child.added(case, amara))

    assert (first.reference, second.reference) == (f"{case.reference}-BRK1", f"{case.reference}-BRK2")
    assert (BrookFinding.objects.get(number=1).colour, second.replaces) == ("orange", first)
    entries = case.record.entries.filter(verb__in=("record_brook", "replace_brook")).order_by("number")
    assert [(e.verb, e.facts["noun"], e.facts["text"]) for e in entries] == [
        (each.vouched_for()[0], each.reference, each.vouched_for()[1]) for each in (first, second)
    ]
    assert SUMMARY not in str([entry.facts for entry in entries])
    with refused("recorded this colour anew already"):
        replaced(first, amara)


def test_only_trained_people_enter_and_find(case, amara, bea, mo, carl):
    yesterday = clock.today() - timedelta(days=1)
    cast.train(bea, until=yesterday)

    with refused("Your training in the Brook tool is not recorded"):
        recorded(case, mo, found_by=amara)
    with refused("The training of Bea in the Brook tool is not recorded for the day"):
        recorded(case, amara, found_by=bea)
    assert recorded(case, amara, found_by=bea, found_on=yesterday).found_by == bea
    cast.train(carl)
    with pytest.raises(Denied):
        recorded(case, carl)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"colour": "not_used"}, "Choose the colour"),
        ({"age_group": " "}, "Enter the age group"),
        ({"tool_version": ""}, "Enter the version"),
        ({"summary": ""}, "Enter the summary"),
        ({"found_on": date(2099, 1, 1)}, "once it is found"),
    ],
)
def test_what_is_missing_is_said(case, amara, fields, sentence):
    with refused(sentence):
        recorded(case, amara, **fields)


def test_it_is_of_this_childs_behaviours_and_documents_and_of_who_displayed(case, amara, willow, begun, dot):
    _, assessment, _ = begun
    other = assessment_road.described(assessment, dot, "1")
    harmed = cast.referral(amara, held_by=willow, state="statutory", side="harmed", worker=amara)

    with refused("one of this child's behaviours"):
        recorded(case, amara, behaviour=other)
    with refused("among the documents of this child"):
        recorded(case, amara, report=papers_of_a_child.added(harmed, amara))
    with refused("a child who displayed"):
        recorded(harmed, amara)
    assert recorded(assessment.referral, dot, behaviour=other).behaviour == other


def test_an_assessment_names_the_colour_that_a_trained_colleague_found(begun, dot):
    referral, assessment, ned = begun
    found = recorded(referral, dot, colour="red")

    def save(by, **answers):
        assessing.save_page(assessment.reference, actor=by, page="brook", answers=answers)
        return assessment_road.now(assessment)

    with refused("Your Brook training is not recorded"):
        save(ned, brook="red", brook_on=clock.today())
    named = save(ned, brook_finding=found.reference)
    assert (named.brook, named.brook_by, named.brook_on, named.brook_finding) == ("red", dot, clock.today(), found)
    # It stays what it is on the record, so whoever writes may leave it again.
    left = save(ned, brook="not_used", brook_on=None, brook_age_group="", brook_tool_version="")
    assert (left.brook, left.brook_by, left.brook_finding) == ("not_used", None, None)

    replaced(found, dot, colour="green")
    with refused("recorded anew"):
        save(ned, brook_finding=found.reference)
    # A colour that a trained colleague entered on the page itself stays theirs.
    save(dot, brook="orange", brook_on=clock.today(), brook_age_group="third", brook_tool_version="2020")
    with refused("only a user whose Brook training"):
        save(ned, brook_finding=f"{referral.reference}-BRK2")


def test_a_colour_is_not_older_than_the_behaviour(case, amara, begun, dot):
    referral, assessment, _ = begun
    behaviour = assessment_road.described(assessment, dot)
    behaviour.happened_on = clock.today() - timedelta(days=3)
    behaviour.save()

    with refused("on a day before the behaviour"):
        recorded(referral, dot, behaviour=behaviour, found_on=clock.today() - timedelta(days=4))
    assert recorded(referral, dot, found_on=clock.today() - timedelta(days=3))


def test_a_colour_that_was_recorded_anew_is_chosen_again_before_the_assessment_is_passed_on(begun, dot):
    referral, assessment, ned = begun
    found = recorded(referral, dot, colour="red")
    assessing.save_page(assessment.reference, actor=ned, page="brook", answers={"brook_finding": found.reference})
    assert guards.brook_is_answered(assessment_road.now(assessment))

    replaced(found, dot, colour="green")

    assert not guards.brook_is_answered(assessment_road.now(assessment))
