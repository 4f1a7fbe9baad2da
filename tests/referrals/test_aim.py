"""AIM assessments: by trained people alone, never overwritten, of any age with a reason (practice.md A26, B18)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from hsb.core import clock
from hsb.core.refusals import Denied, NotReady
from referrals.models import AimAssessment
from tests import cast
from tests.referrals import papers_of_a_child
from tests.referrals.aim_road import SUMMARY, recorded, replaced

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, willow):
    """Amara's case of a child of 14; Amara is trained in both tools."""
    for tool in ("aim3", "aim_under_12"):
        cast.train(amara, tool)
    born_on = date(clock.today().year - 14, 1, 1)
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=cast.person(born_on=born_on))


def refused(*needles):
    return pytest.raises(NotReady, match="(?s)" + ".*".join(needles))


def test_it_is_recorded_once_and_recorded_anew_beside_what_stood(case, amara, mo):
    once = uuid4()
    first = recorded(case, amara, once=once)
    document = papers_of_a_child.added(case, amara)

    assert recorded(case, amara, once=once) == first
    with refused("says something else"):
        recorded(case, amara, once=once, summary="Other.")
    second = replaced(first, amara, report=document, no_report_reason="")

    assert (first.reference, second.reference) == (f"{case.reference}-AIM1", f"{case.reference}-AIM2")
    assert (AimAssessment.objects.get(number=1).summary, second.replaces) == (SUMMARY, first)
    entries = case.record.entries.filter(verb__in=("record_aim", "replace_aim")).order_by("number")
    assert [(e.verb, e.facts["noun"], e.facts["text"]) for e in entries] == [
        (each.vouched_for()[0], each.reference, each.vouched_for()[1]) for each in (first, second)
    ]
    assert SUMMARY not in str([entry.facts for entry in entries])
    with refused("recorded this assessment anew already"):
        replaced(first, amara)
    with refused("Say why the assessment is recorded anew"):
        replaced(second, amara, reason=" ")


def test_only_trained_people_enter_and_assess(case, amara, bea, mo, carl):
    for user in (bea, mo):
        cast.train(user, "aim3", until=clock.today() - timedelta(days=1))

    with refused("Your training in AIM3 .* has run out"):
        recorded(case, mo, assessor=amara)
    with refused("The training of Bea in AIM3 .* not recorded for the day of completion"):
        recorded(case, amara, assessor=bea)
    yesterday = clock.today() - timedelta(days=1)
    days = {"started_on": yesterday - timedelta(days=60), "completed_on": yesterday}
    assert recorded(case, amara, assessor=bea, **days).assessor == bea
    cast.train(carl, "aim3")
    with pytest.raises(Denied):
        recorded(case, carl)


def test_an_age_that_does_not_fit_asks_why_and_blocks_nothing(case, amara):
    with refused("14 years old .* AIM Under 12s is for children under 12: say why"):
        recorded(case, amara, tool="aim_under_12")

    why = "The child's development was weighed."
    assert recorded(case, amara, tool="aim_under_12", age_reason=why).age_reason == why
    # Where it fits, a reason is about nothing.
    assert recorded(case, amara, age_reason=why).age_reason == ""


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"tool": "brook"}, "Choose the tool"),
        ({"tool_version": ""}, "Enter the version"),
        ({"summary": " "}, "Enter the summary"),
        ({"recommendations": ""}, "Enter the recommendations"),
        ({"no_report_reason": " "}, "or say why there is none yet"),
        ({"completed_on": date(2026, 1, 1), "started_on": date(2026, 2, 1)}, "on or after the day it started"),
        ({"completed_on": date(2099, 1, 1)}, "once it is completed"),
    ],
)
def test_what_is_missing_is_said(case, amara, fields, sentence):
    with refused(sentence):
        recorded(case, amara, **fields)


def test_the_report_is_a_document_of_this_child_and_ended_or_harmed_take_none(case, amara, willow):
    other = cast.referral(amara, held_by=willow, state="statutory", worker=amara)
    document = papers_of_a_child.added(other, amara)
    harmed = cast.referral(amara, held_by=willow, state="statutory", side="harmed", worker=amara)
    closed = cast.referral(amara, held_by=willow, state="closed", worker=amara)

    with refused("among the documents of this child"):
        recorded(case, amara, report=document, no_report_reason="")
    with refused("a child who displayed"):
        recorded(harmed, amara)
    with pytest.raises((NotReady, Denied)):
        recorded(closed, amara)
    assert not AimAssessment.objects.exists()


def test_the_database_asks_for_a_report_or_why_there_is_none(case, amara):
    row = recorded(case, amara)
    row.pk, row.number, row.reference, row.once, row.no_report_reason = None, 2, "X", uuid4(), ""

    with pytest.raises(IntegrityError, match="aim_assessment_report_or_why_none"), transaction.atomic():
        row.save(force_insert=True)
