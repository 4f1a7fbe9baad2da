"""What was weighed for a decision about a child stands beside its reason, and is vouched for (practice.md A29)."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from hsb.core import clock
from hsb.core.refusals import NotReady
from referrals.models import DecisionRecord, Referral
from referrals.services import meetings, police, transferring, working
from referrals.services.deciding import FamilyAnswer
from tests.referrals import case_road as road
from tests.referrals import police_road

pytestmark = pytest.mark.django_db

MISSING = 4  # sentences, one for each text


def only(referral):
    """The one decision record of a record."""
    return DecisionRecord.objects.get(record=referral.record)


def said(kept):
    return dict(zip(road.WEIGHED, kept.weighed(), strict=True))


@pytest.fixture
def worked(front_door, amara, bea, mo, willow):
    return road.at_work(road.with_statutory(amara, mo, willow, worker=bea), bea)


@pytest.fixture
def helped(front_door, amara, dev, eli, hazel):
    return road.at_work(road.with_early_help(amara, dev, hazel, worker=eli), eli)


@pytest.fixture
def violent(front_door, amara, bea, mo, willow):
    """Category 2: the pathway expects a meeting, and the police."""
    return road.with_statutory(amara, mo, willow, bea, "2")


def test_not_convening_where_a_meeting_is_expected_leaves_nothing_open(violent, mo):
    decision = violent.meeting_decisions.get()
    told = {"actor": mo, "convene": False, "reason": "The children live far apart."}

    with pytest.raises(NotReady) as refusal:
        meetings.decide_meeting(decision.reference, weighed=road.weighed(relied_on=" "), **told)
    assert refusal.value.sentences == ("Say which information you rely on: you go below the pathway's default.",)
    assert not DecisionRecord.objects.exists()
    meetings.decide_meeting(decision.reference, weighed=road.weighed(), **told)

    kept = only(violent)
    assert (kept.kind, kept.about, kept.by, kept.below_default) == ("do_not_convene", decision.reference, mo, True)
    assert (kept.reason, said(kept)) == ("The children live far apart.", road.WEIGHED)
    entry = road.last_entry(violent, "do_not_convene")
    assert (entry.facts["weighed"], entry.facts["text"]) == (kept.reference, kept.vouched_for()[1])


def test_where_only_the_question_is_asked_the_reason_is_enough_and_each_decision_keeps_its_own(worked, mo):
    decision = worked.meeting_decisions.get()
    meetings.decide_meeting(decision.reference, actor=mo, convene=False, reason="Nothing points to it.")
    meetings.request_meeting(worked.reference, actor=mo, grounds="Something new.")
    meetings.decide_meeting(decision.reference, actor=mo, convene=False, reason="Not now.", weighed=road.weighed())

    first, second = DecisionRecord.objects.of_record(worked.record)
    assert [(each.about, each.reason, each.below_default) for each in (first, second)] == [
        (decision.reference, "Nothing points to it.", False),
        (decision.reference, "Not now.", False),
    ]
    assert not any(first.weighed())
    call_command("verify_record", worked.reference, no_anchor=True)


def test_convening_writes_no_record(worked, mo, juniper):
    meetings.decide_meeting(worked.meeting_decisions.get().reference, actor=mo, convene=True)

    assert not DecisionRecord.objects.exists()


def test_a_step_up_keeps_what_the_manager_weighed(helped, eli, mo, willow):
    offer = working.offer(helped.reference, actor=eli, kind="step_up", to_team=willow, reason="More is needed.")
    assert not DecisionRecord.objects.exists(), "whoever is asked decides"

    working.accept_offer(offer.reference, actor=mo, answer="Yes.", tier=3, weighed=road.weighed())

    kept = only(helped)
    assert (kept.kind, kept.about, kept.by, said(kept)) == ("step_up", offer.reference, mo, road.WEIGHED)
    call_command("verify_record", helped.reference, no_anchor=True)


def test_a_step_up_at_once_waits_for_no_paper(helped, eli, willow):
    working.step_up_urgently(helped.reference, actor=eli, to_team=willow, tier=4, reason="It happened again.")

    assert (only(helped).kind, only(helped).about) == ("step_up_urgently", helped.reference)


def test_a_step_down_below_the_default_leaves_nothing_open(worked, mo, hazel):
    family = FamilyAnswer(agreed=True, given_by="The mother", given_on=clock.today())
    told = {"actor": mo, "kind": "step_down", "to_team": hazel, "reason": "Calm months.", "family": family}

    with pytest.raises(NotReady) as refusal:
        working.offer(worked.reference, **told)
    offer = working.offer(worked.reference, weighed=road.weighed(), **told)

    assert len(refusal.value.sentences) == MISSING
    kept = only(worked)
    assert (kept.kind, kept.about, kept.below_default) == ("offer_step_down", offer.reference, True)


def test_closing_a_child_for_whom_a_service_is_expected_leaves_nothing_open(worked, bea, mo):
    meetings.decide_meeting(worked.meeting_decisions.get().reference, actor=mo, convene=False, reason="No need.")
    proposed = road.closing_proposed(worked, bea)

    with pytest.raises(NotReady) as refusal:
        working.close(proposed.reference, actor=mo, reason="Agreed.")
    working.close(proposed.reference, actor=mo, reason="Agreed.", weighed=road.weighed())

    assert len(refusal.value.sentences) == MISSING
    kept = DecisionRecord.objects.get(kind="close")
    assert (kept.about, kept.below_default, said(kept)) == (worked.reference, True, road.WEIGHED)


def test_closing_where_early_help_was_enough_needs_the_reason_alone(helped, eli, esi):
    working.close(road.closing_proposed(helped, eli).reference, actor=esi, reason="Agreed.")

    assert (only(helped).kind, only(helped).below_default) == ("close", False)


def test_an_offer_to_another_borough_keeps_what_was_weighed(worked, mo):
    sent = {"borough": "Otherborough", "person": "The duty manager", "sent_by": "post", "sent_on": clock.today()}
    told = {"what_was_sent": "The summary.", "reason": "The family has moved.", "weighed": road.weighed()}
    offered = transferring.offer_transfer(worked.reference, actor=mo, **sent, **told)

    assert (only(worked).kind, only(worked).about) == ("offer_transfer", offered.reference)


@pytest.mark.parametrize("exit_", ["not_sent_because", "no_longer_needed_because"])
def test_not_sending_the_form_stands_with_the_form(violent, mo, exit_):
    form = police_road.of(violent)
    told = {"actor": mo, "exit_": exit_, "reason": "The police brought it."}

    with pytest.raises(NotReady) as refusal:
        police.excuse(form.reference, **told)
    police.excuse(form.reference, weighed=road.weighed(), **told)

    assert len(refusal.value.sentences) == MISSING
    kept = only(form)
    assert (kept.kind, kept.reference, said(kept)) == (exit_, f"{form.reference}-DR1", road.WEIGHED)
    assert not DecisionRecord.objects.filter(record=violent.record).exists()
    call_command("verify_record", form.reference, no_anchor=True)


def test_the_database_keeps_no_decision_below_the_default_with_a_text_missing(worked, mo):
    decision = {"record": worked.record, "number": 1, "reference": "X-DR1", "kind": "close", "about": "X", "by": mo}
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionRecord.objects.create(below_default=True, reason="x", recorded_at=clock.now(), **decision)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the trigger is taken away by hand, in SQLite's words")
def test_a_text_that_was_altered_behind_the_services_back_is_found(worked, mo, capsys):
    decision = worked.meeting_decisions.get()
    meetings.decide_meeting(decision.reference, actor=mo, convene=False, reason="No.", weighed=road.weighed())
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER referrals_decisionrecord_append_only_update")
        cursor.execute("UPDATE referrals_decisionrecord SET childs_views = 'Agrees.'")

    with pytest.raises(CommandError):
        call_command("verify_record", worked.reference, no_anchor=True)

    assert f"{worked.reference}-DR1: what it says is not what the journal vouched for." in capsys.readouterr().err


def test_a_step_up_below_what_the_category_asks_for_leaves_nothing_open(
    front_door, amara, bea, mo, hazel, eli, esi, willow
):
    referral = road.at_work(road.with_early_help(amara, mo, hazel, worker=eli), eli)
    Referral.objects.filter(pk=referral.pk).update(category="2")
    offer = working.offer(referral.reference, actor=esi, kind="step_up", to_team=willow, reason="More is needed.")

    with pytest.raises(NotReady) as refused:
        working.accept_offer(offer.reference, actor=mo, answer="Yes.", tier=3)
    assert len(refused.value.sentences) == MISSING
    working.accept_offer(offer.reference, actor=mo, answer="Yes.", tier=3, weighed=road.weighed())
    assert only(referral).below_default
