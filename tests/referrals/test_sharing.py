"""What was shared about a child, and what was not: recorded by hand, and by each verb that shares (A30, B21)."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command

from hsb.core import clock
from hsb.core.refusals import Denied, NotReady
from referrals.models import Concern, Disclosure
from referrals.selectors.held_back import held_back_on, repeats_held_back
from referrals.selectors.saying import what_may_be_said
from referrals.services import case_documents, intake, telling, urgent
from tests import cast
from tests.referrals import (
    age_road,
    case_road,
    consent_road,
    notes_road,
    papers_of_a_child,
    plans_road,
    police_road,
    sharing_road,
)
from tests.referrals.sharing_road import recorded, to_family, withheld

pytestmark = pytest.mark.django_db

RATIONALE = "What was weighed."  # of case_road.answer


@pytest.fixture
def case(front_door, amara, willow):
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


@pytest.fixture
def assessed(front_door, amara, mo, willow):
    """Amara's, with an approved assessment."""
    return case_road.with_statutory(amara, mo, willow, amara)


def refused(*needles):
    return pytest.raises(NotReady, match="(?s)" + ".*".join(needles))


@pytest.fixture(autouse=True)
def own_anchors(settings, tmp_path):
    settings.ANCHOR_DIR = tmp_path  # another run's anchors are of other entries


def rows(referral):
    return list(Disclosure.objects.filter(record=referral.record).order_by("pk"))


# --- Recorded by hand -------------------------------------------------------------------------------------------------


def test_it_is_recorded_once_and_its_entry_vouches_for_it(case, amara):
    once = uuid4()
    first = recorded(case, amara, once=once)

    assert recorded(case, amara, once=once) == first
    with refused("says something else"):
        recorded(case, amara, once=once, what="Something else.")
    second = withheld(case, amara)

    assert [row.reference for row in rows(case)] == [f"{case.reference}-SH1", f"{case.reference}-SH2"]
    assert (second.shared, second.basis[:30]) == (False, "Sharing it would be more detri")
    entry = case_road.last_entry(case, "record_sharing")
    assert (entry.facts["noun"], entry.facts["text"]) == (second.reference, second.vouched_for()[1])
    assert sharing_road.WHAT not in str(entry.facts)
    call_command("verify_record", case.reference, stdout=StringIO())


def test_whoever_works_with_the_child_records_and_nobody_else(case, amara, mo, carl, aud):
    recorded(case, mo)

    for user in (carl, aud):
        with pytest.raises(Denied):
            recorded(case, user)
    type(case).objects.filter(pk=case.pk).update(state="closed", closed_on=clock.today(), closed_as="moved")
    with refused("has ended"):
        recorded(case, amara)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"recipient": "police"}, "Choose with whom"),
        ({"what": " "}, "Say what it is, to whom, and why"),
        ({"basis": "because"}, "Choose the lawful basis"),
        ({"asked": ""}, "Say whether somebody was asked"),
        ({"consent": " "}, "Say why nobody was asked"),
        ({"basis": "consent"}, "only where somebody was asked, and agreed"),
        ({"happened_on": "tomorrow"}, "check the day"),
        ({"shared": False}, "Choose why it is not shared"),
    ],
)
def test_what_does_not_hold_is_not_recorded(case, amara, fields, sentence):
    if fields.get("happened_on"):
        fields = {"happened_on": clock.today() + timedelta(days=1)}
    with refused(sentence):
        recorded(case, amara, **fields)
    assert not Disclosure.objects.exists()


def test_nothing_is_said_to_be_agreed_that_is_not(case, amara):
    given = {"asked": "given", "consent": ""}
    for basis in ("consent", "public_task"):
        with refused("no answer is recorded for “Information shared with school or college”"):
            recorded(case, amara, basis=basis, **given)
    yes = consent_road.answered(case, amara)

    assert recorded(case, amara, basis="consent", **given).basis == f"With consent: {yes.reference}"
    with refused("choose the answer on which it rests"):
        to_family(case, amara, basis="consent", **given)
    assert to_family(case, amara, basis="consent", agreed_answer=yes.number, **given).basis.endswith(yes.reference)


def test_a_family_is_told_nothing_that_is_held_back(case, amara, mo):
    concern = case.involvements.get().concern.reference
    telling.hold_back(case.reference, actor=amara, concern=concern, reason="The police asked.")
    for recipient in ("parent", "child"):
        with refused("“Do not disclose yet” stands on a concern", "agrees with the police"):
            to_family(case, amara, recipient=recipient)
    withheld(case, amara, recipient="parent")
    recorded(case, amara)
    telling.tell_again(case.reference, actor=mo, concern=concern, reason="The police agreed.")
    note = notes_road.written(case, amara, do_not_disclose=True)
    with refused("that is not shared with the family yet"):
        to_family(case, amara, what=f"I said: {note.text}")

    assert to_family(case, amara).recipient == "parent"


# --- Written by the verb that shares ----------------------------------------------------------------------------------


def test_the_referrer_who_was_told_stands_there_and_a_protection_with_whom_it_told(assessed, amara):
    day = clock.today()
    intake.tell_referrer(assessed.reference, actor=amara, told_on=day, how="By telephone.")
    long = "The duty manager; " * 20
    urgent.record_protection(
        assessed.reference, actor=amara, once=uuid4(), what="They sleep apart.", done_on=day, who_was_told=long
    )

    referrer, protection = rows(assessed)[-2:]
    assert (referrer.recipient, referrer.what[-14:]) == ("referrer", " By telephone.")
    assert (protection.to_whom, protection.what) == (long, "Immediate protection: They sleep apart.")
    said = what_may_be_said(case_road.again(assessed), amara)
    assert said["told"] == []
    assert [row[1]["text"] for row in said["shared"]][:2] == [protection.what, referrer.what]


def test_what_is_passed_to_adult_services_stands_there(front_door, amara, mo, willow):
    grown = cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=age_road.child_of(18))
    age_road.decided(grown, mo, outcome="close")
    assert rows(grown) == []

    age_road.decided(
        grown, mo, version=1, outcome="pass", passed_to="Adult social care", accepted_by="Ada", passed_on=clock.today()
    )

    row = rows(grown)[0]
    assert (row.recipient, row.to_whom) == ("adult", "Adult social care: Ada")


def test_holding_back_and_lifting_it_stand_with_every_child_of_the_concern(
    front_door, amara, mo, dev, willow, rowan, carl
):
    first, other = police_road.apart(amara, dev, ((willow, amara), (rowan, carl)))
    concern = Concern.objects.get(involvements__referral=first).reference
    telling.hold_back(first.reference, actor=amara, concern=concern, reason="The police asked.")
    telling.tell_again(first.reference, actor=mo, concern=concern, reason="The police agreed.")

    for child in (first, other):
        held, lifted = rows(child)[-2:]
        why = "The police asked." if child == first else telling.WITH_THE_CONCERN  # it may speak of the first child
        assert (held.shared, held.lifts, held.why) == (False, False, why)
        assert (lifted.shared, lifted.lifts, lifted.recipient) == (False, True, "family")


# --- Held back: an assessment, a Form 87A, a document -----------------------------------------------------------------


def test_an_assessment_is_held_back_and_obeyed_in_what_goes_to_the_family(assessed, amara, mo):
    assessment = assessed.assessments.get()
    told = telling.hold_assessment_back(assessment.reference, actor=amara, reason="The police asked.")
    with refused("recorded already"):
        telling.hold_assessment_back(assessment.reference, actor=amara, reason="Again.")
    with pytest.raises(Denied):
        telling.tell_assessment(assessment.reference, actor=amara, reason="I think so.")
    with refused("Give the reason"):
        telling.tell_assessment(assessment.reference, actor=mo, reason=" ")
    family = {"kind": "plan_for_family", "recipient": "The family"}
    plan = plans_road.agreed(assessed, amara, mo)

    with refused("says “what was weighed”"):
        plans_road.sheet(plan, amara, contact=RATIONALE, **family)
    said = what_may_be_said(case_road.again(assessed), amara)
    assert f"what the assessment {assessment.reference} says" in said["sentences"][0]
    assert said["held"][0][1]["note"] == "The police asked."
    assert held_back_on(assessed, amara) == [f"“Do not disclose yet” stands on the assessment {assessment.reference}."]
    call_command("verify_record", assessed.reference, stdout=StringIO())

    telling.tell_assessment(assessment.reference, actor=mo, reason="The police agreed.")
    assert plans_road.sheet(plan, amara, contact=RATIONALE, **family).number == 1
    assert told.reference == f"{assessment.reference}-T1"
    assert [row.lifts for row in rows(assessed) if row.what.startswith("The assessment")] == [False, True]


def test_a_form_is_held_back_for_every_child_and_lifted_by_who_may_open_them_all(
    front_door, amara, dev, willow, rowan, carl, max
):
    first, other = police_road.apart(amara, dev, ((willow, amara), (rowan, carl)))
    form = police_road.of(first)
    telling.hold_form_back(form.reference, actor=carl, reason="The police asked, of Robin.")

    for child in (first, other):
        row = rows(child)[-1]
        assert (row.shared, "Robin" in row.why) == (False, False)
        assert len(held_back_on(child, dev)) == 1
    with pytest.raises(Denied):
        telling.tell_form(form.reference, actor=max, reason="They agreed.")
    held = what_may_be_said(case_road.again(other), carl)["held"]
    assert "Robin" not in str(held)


def test_the_words_of_a_form_that_is_held_back_stand_in_no_copy(front_door, amara, mo, willow):
    referral = case_road.with_statutory(amara, mo, willow, amara, category="2")
    police_road.drafted(referral, amara, known="He was seen by the thistlewood weir.")
    persons = [referral.person_id]
    copy = "Dear family: he was seen by the thistlewood weir"
    assert repeats_held_back(copy, persons) == []

    form = police_road.of(referral)
    telling.hold_form_back(form.reference, actor=amara, reason="The police asked.")
    assert repeats_held_back(copy, persons) == ["he was seen by the thistlewood weir"]
    call_command("verify_record", form.reference, stdout=StringIO())
    telling.tell_form(form.reference, actor=mo, reason="The police agreed.")
    assert repeats_held_back(copy, persons) == []


def test_a_document_is_held_back_again(case, amara, mo, carl):
    document = papers_of_a_child.added(case, amara, do_not_disclose=True)
    told = {"document": document, "reason": "The police agreed."}
    case_documents.let_disclose(case.reference, actor=mo, **told)

    held = case_documents.hold_back(case.reference, actor=amara, document=document, reason="They asked anew.")

    assert held.do_not_disclose
    with refused("recorded already"):
        case_documents.hold_back(case.reference, actor=amara, **told)
    with pytest.raises(Denied):
        case_documents.hold_back(case.reference, actor=carl, **told)
    assert [row.lifts for row in rows(case)] == [False, True, False]
    said = what_may_be_said(case_road.again(case), amara)["held"]
    assert said[0][1]["note"] == "They asked anew."


# --- Of the whole child -----------------------------------------------------------------------------------------------


@pytest.fixture
def twice(front_door, amara, bea, willow):
    """Two open referrals of one child, Amara's and Bea's."""
    first = cast.referral(amara, held_by=willow, state="statutory", worker=amara)
    return first, cast.referral(amara, held_by=willow, state="statutory", worker=bea, child=first.person)


def test_what_is_held_back_on_another_record_of_the_child_is_said_by_the_readers_right(twice, amara, bea, mo):
    first, second = twice
    notes_road.written(first, amara, do_not_disclose=True)

    said = what_may_be_said(second, bea)["sentences"]
    assert "until you have read what is held back elsewhere" in said[0]
    assert any("on a record that you cannot open" in each for each in said)
    assert any(f"on this child's referral {first.reference}" in each for each in held_back_on(second, mo))
    assert what_may_be_said(second, mo)["family"] == []


def test_the_behaviour_of_a_held_back_assessment_is_in_no_paper(assessed, amara):
    assessment = assessed.assessments.get()
    telling.hold_assessment_back(assessment.reference, actor=amara, reason="The police asked.")
    behaviour = assessed.behaviours().first()

    assert repeats_held_back(f"We think: {behaviour.description}", [assessed.person_id])


@pytest.mark.parametrize("whom", ["Mother of the child", "His grandmother", "The foster carer"])
def test_the_family_is_never_somebody_else(case, amara, whom):
    with refused("somebody of the family"):
        recorded(case, amara, recipient="other", to_whom=whom)


def test_nothing_was_shared_before_the_child_was_born(case, amara):
    with refused("before the child was born"):
        recorded(case, amara, happened_on=case.person.born_on - timedelta(days=1))
