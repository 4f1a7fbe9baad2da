"""Consent of a child: one row an answer, for ever; what stands of it; what is shared with it (practice.md A6, B21)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from hsb.core import clock
from hsb.core.models import Task
from hsb.core.refusals import Denied, NotReady
from referrals.models import ConsentAnswer, Disclosure
from referrals.selectors import consent as reading
from referrals.services import consent, police, police_supplements, working
from referrals.states import ConsentPurpose
from tests import cast
from tests.referrals import case_road, plans_road, police_road
from tests.referrals.consent_road import OWN_WORDS, answered, by_parent, mother, replaced

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, willow):
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


@pytest.fixture
def early_help(front_door, amara, dev, eli, hazel):
    """With Eli of Early Help, whose manager is Esi."""
    return case_road.with_early_help(amara, dev, hazel, worker=eli)


def refused(*needles):
    return pytest.raises(NotReady, match="(?s)" + ".*".join(needles))


def stands(referral):
    rows = reading.standing(reading.answers_of([referral])[referral.pk])
    return [(row.purpose, row.answered_by, row.answer) for row in rows]


def ago(days):
    return clock.today() - timedelta(days=days)


def owed(referral):
    return Task.objects.open().filter(record=referral.record, kind="decide_help")


# --- What is recorded -------------------------------------------------------------------------------------------------


def test_it_is_recorded_once_and_recorded_anew_beside_what_stood(case, amara):
    once = uuid4()
    first = answered(case, amara, once=once)

    assert answered(case, amara, once=once) == first
    with refused("says something else"):
        answered(case, amara, once=once, answer="refused")
    second = replaced(first, amara, answer="refused")

    assert (first.reference, second.reference) == (f"{case.reference}-CON1", f"{case.reference}-CON2")
    assert ConsentAnswer.objects.get(number=1).answer == "agreed"
    assert stands(case) == [("school", "child", "refused")]
    entries = case.record.entries.filter(verb__in=("record_consent", "replace_consent")).order_by("number")
    assert [(e.verb, e.facts["noun"], e.facts["text"]) for e in entries] == [
        (*each.vouched_for()[:1], each.reference, each.vouched_for()[1]) for each in (first, second)
    ]
    assert OWN_WORDS not in str([entry.facts for entry in entries])
    with refused("recorded this answer anew already"):
        replaced(first, amara)
    with refused("Say why the answer is recorded anew"):
        replaced(second, amara, reason=" ")


def test_whoever_works_with_the_child_records_and_nobody_else(case, amara, mo, carl, aud):
    answered(case, mo)

    for user in (carl, aud):
        with pytest.raises(Denied):
            answered(case, user)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"purpose": "all"}, "Choose for what"),
        ({"purpose": "council"}, "Say which council"),
        ({"purpose_words": "A council"}, "only of these"),
        ({"answered_by": "nobody"}, "whose answer"),
        ({"answerer_name": "Lin"}, "the child's alone"),
        ({"answered_by": "parent"}, "enter their name"),
        ({"answer": "perhaps"}, "Choose the answer"),
        ({"how": ""}, "how they answered"),
        ({"told": " "}, "what they were told"),
        ({"own_words": ""}, "in their own words"),
        ({"not_asked_because": "risk"}, "Somebody was asked"),
        ({"answer": "not_asked", "not_asked_because": ""}, "why nobody was asked"),
        ({"answer": "not_asked", "not_asked_because": "other"}, "which other reason"),
        ({"answer": "refused", "holds_until": date(2099, 1, 1)}, "Only what was agreed"),
        ({"holds_until": date(2020, 1, 1)}, "on or after the day of the answer"),
        ({"happened_on": date(2099, 1, 1)}, "once it was given"),
    ],
)
def test_what_is_missing_is_said(case, amara, fields, sentence):
    with refused(sentence):
        answered(case, amara, **fields)
    assert not ConsentAnswer.objects.exists()


def test_a_parent_is_chosen_among_the_childs_own_family(case, amara, willow):
    lin = mother(case, amara)
    other = cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=cast.person("Ash"))
    without = mother(other, amara, responsible="no")

    assert answered(case, amara, answered_by="parent", relationship=lin).relationship == lin
    for row in (lin, without):
        with refused("who has, or may have, parental responsibility"):
            answered(other, amara, answered_by="parent", relationship=row)


def test_only_who_agreed_to_the_same_withdraws(case, amara):
    with refused("never agreed to"):
        answered(case, amara, answer="withdrew")
    agreed = answered(case, amara, happened_on=ago(2))
    with refused("never agreed to"):
        answered(case, amara, answer="withdrew", purpose="health")
    with refused("never agreed to"):
        by_parent(case, amara, answer="withdrew")
    with refused("never agreed to"):
        answered(case, amara, answer="withdrew", happened_on=ago(3))

    answered(case, amara, answer="withdrew")

    assert stands(case) == [("school", "child", "withdrew")]
    with refused("withdraws this agreement"):
        replaced(agreed, amara, answer="refused", happened_on=ago(2))


def test_the_latest_of_each_purpose_and_person_stands(case, amara):
    answered(case, amara, happened_on=ago(3))
    by_parent(case, amara, answer="refused")
    by_parent(case, amara, " lin  SAMPLE, Mother", happened_on=ago(1))  # recorded later, and given before
    answered(case, amara, purpose="council", purpose_words="Northborough", answer="refused")
    answered(case, amara, purpose="council", purpose_words="Southborough")

    assert stands(case) == [
        ("school", "child", "agreed"),
        ("school", "parent", "refused"),
        ("council", "child", "refused"),
        ("council", "child", "agreed"),
    ]


def test_an_answer_recorded_anew_keeps_its_place_among_those_of_its_day(case, amara):
    first = answered(case, amara)
    answered(case, amara, answer="withdrew")

    replaced(first, amara, own_words="All right.")

    assert stands(case) == [("school", "child", "withdrew")]


def test_an_ended_referral_takes_none(amara, willow, front_door):
    closed = cast.referral(amara, held_by=willow, state="closed", worker=amara)

    with pytest.raises((NotReady, Denied)):
        answered(closed, amara)


def test_what_stands_of_several_children_is_one_query(case, amara, willow, django_assert_num_queries):
    other = cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=cast.person("Ash"))
    for referral in (case, other):
        answered(referral, amara, answered_by="parent", relationship=mother(referral, amara))
        replaced(answered(referral, amara), amara)

    with django_assert_num_queries(1):
        found = reading.answers_of([case, other])
        said = [(row.whose, hasattr(row, "replaced_by")) for rows in found.values() for row in reading.standing(rows)]
    assert len(said) == 4


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"told": ""}, "consent_answer_asked_or_why_not"),
        ({"answerer_name": "Lin"}, "consent_answer_by_whom"),
        ({"purpose_words": "x"}, "consent_answer_purpose_named"),
        ({"not_asked_words": "x"}, "consent_answer_other_reason_said"),
        ({"holds_until": date(2020, 1, 1)}, "consent_answer_holds_after_it_was_given"),
        ({"replaces_reason": "x"}, "consent_answer_replaced_with_a_reason"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_database_refuses_half_an_answer(case, amara, wrong, constraint):
    row = answered(case, amara)
    row.pk, row.number, row.reference, row.once = None, 2, "X", uuid4()
    for name, value in wrong.items():
        setattr(row, name, value)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save(force_insert=True)


# --- Sharing with consent ---------------------------------------------------------------------------------------------


def test_the_schools_sheet_goes_with_consent_only_where_it_stands(case, amara, mo):
    plan = plans_road.agreed(case, amara, mo)
    with refused("With consent it cannot be: no answer is recorded", "Record an answer"):
        plans_road.sheet(plan, amara, basis="consent")
    answered(case, amara, purpose="health", happened_on=ago(9))
    with refused("no answer is recorded"):
        plans_road.sheet(plan, amara, basis="consent")
    answered(case, amara, happened_on=ago(9), holds_until=ago(1))
    with refused("which held until"):
        plans_road.sheet(plan, amara, basis="consent")
    answered(case, amara, happened_on=ago(8))
    by_parent(case, amara, answer="refused", happened_on=ago(7))
    with refused("a parent or carer refused on"):
        plans_road.sheet(plan, amara, basis="consent")
    assert not Disclosure.objects.exists()

    yes = by_parent(case, amara, happened_on=ago(6))
    plans_road.sheet(plan, amara, basis="consent")

    answered(case, amara, answer="withdrew")
    with refused("the child withdrew what was agreed"):
        plans_road.sheet(plan, amara, basis="consent")
    plans_road.sheet(plan, amara, basis="overridden")
    assert list(Disclosure.objects.order_by("pk").values_list("basis", flat=True)) == [
        f"With consent: {case.reference}-CON3, {yes.reference}",
        "Against what was said: protecting a child comes first",
    ]


def test_nobody_was_asked_is_no_consent(case, amara, mo):
    plan = plans_road.agreed(case, amara, mo)
    answered(case, amara, answer="not_asked")

    with refused("was not asked on .* because: asking would put a child at risk"):
        plans_road.sheet(plan, amara, basis="consent")


def test_the_familys_page_names_the_answer_on_which_it_rests(case, amara, mo):
    plan = plans_road.agreed(case, amara, mo)
    family = {"kind": "plan_for_family", "recipient": "The family", "adults_do": "", "basis": "consent"}
    yes = by_parent(case, amara, purpose="early_help")
    no = answered(case, amara, answer="refused")

    for number in (None, no.number, 9):
        with refused("With consent it cannot be"):
            plans_road.sheet(plan, amara, agreed_answer=number, **family)
    plans_road.sheet(plan, amara, agreed_answer=yes.number, **family)

    assert Disclosure.objects.get().basis == f"With consent: {yes.reference}"


def test_form_87a_goes_with_consent_only_where_every_child_it_covers_agreed(front_door, amara, mo, willow):
    pair = case_road.awaiting(amara, "2", harmed=True)
    with refused("Robin .*: With consent it cannot be"):
        police_road.drafted(pair[0], amara, basis="consent")
    answered(pair[0], amara, purpose="police")
    with refused("Sky .*: With consent it cannot be"):
        police_road.drafted(pair[0], amara, basis="consent")
    answered(pair[1], amara, purpose="police")

    police_road.drafted(pair[0], amara, basis="consent")
    answered(pair[1], amara, purpose="police", answer="withdrew")

    form = police_road.of(pair[0]).reference
    with refused("Sky .*withdrew"):
        police.approve(form, actor=mo)
    police_road.drafted(pair[0], amara)
    police.approve(form, actor=mo)


def test_a_supplement_goes_with_consent_only_where_it_stands(front_door, amara, mo):
    referral, _ = case_road.awaiting(amara, "2")
    police_road.sent(referral, amara, mo)

    with refused("With consent it cannot be"):
        police_road.supplement_drafted(referral, amara, mo, basis="consent")
    answered(referral, amara, purpose="police")
    form = police_road.supplement_drafted(referral, amara, mo, basis="consent")
    answered(referral, amara, purpose="police", answer="withdrew")
    with refused("withdrew"):
        police_supplements.approve(form.reference, actor=mo)


# --- Early Help rests on agreement ------------------------------------------------------------------------------------


def test_a_no_to_early_help_asks_its_manager_to_decide_again(early_help, eli, esi, hazel):
    by_parent(early_help, eli, purpose="early_help", happened_on=ago(1))
    answered(early_help, eli, answer="refused")
    assert not owed(early_help).exists()

    by_parent(early_help, eli, purpose="early_help", answer="withdrew")

    task = owed(early_help).get()
    assert (task.team, task.role) == (hazel, "manager")
    with pytest.raises(Denied):
        consent.decide_help(early_help.reference, actor=eli, decision="goes_on", reason="The school helps.")
    with refused("what the risk is"):
        consent.decide_help(early_help.reference, actor=esi, decision="goes_on", reason=" ")
    with refused("Choose what you decide"):
        consent.decide_help(early_help.reference, actor=esi, decision="x", reason="The school helps.")
    consent.decide_help(early_help.reference, actor=esi, decision="goes_on", reason="The school helps.")
    assert not owed(early_help).exists()
    entry = early_help.record.entries.get(verb="decide_help")
    assert (entry.actor, entry.reason, entry.facts["decision"]) == (esi, "The school helps.", "goes_on")
    with refused("Nobody asks"):
        consent.decide_help(early_help.reference, actor=esi, decision="goes_on", reason="Again.")
    # The same no said once more asks nothing again; another one's does.
    by_parent(early_help, eli, purpose="early_help", answer="withdrew", own_words="Still no.")
    assert not owed(early_help).exists()
    answered(early_help, eli, purpose="early_help", answer="refused")
    assert owed(early_help).exists()


def test_nobody_is_asked_any_more_where_nobody_says_no_or_the_child_has_stepped_up(early_help, eli, esi, willow):
    answered(early_help, eli, purpose="early_help", answer="refused", happened_on=ago(1))
    answered(early_help, eli, purpose="early_help")
    assert not owed(early_help).exists()
    answered(early_help, eli, purpose="early_help", answer="withdrew")
    assert owed(early_help).exists()
    assert case_road.again(early_help).next_due_on <= owed(early_help).get().due_on

    working.step_up_urgently(early_help.reference, actor=eli, to_team=willow, tier=3, reason="More is needed.")

    assert not owed(early_help).exists()


def test_statutory_work_asks_nobody_to_decide_again(case, amara):
    answered(case, amara, purpose=ConsentPurpose.EARLY_HELP, answer="refused")

    assert not owed(case).exists()
