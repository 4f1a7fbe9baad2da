"""The police refused it: what was done is said with the refusal, and since; nothing of it waits with nobody (B4)."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from hsb.core import clock
from hsb.core.refusals import Denied, NotReady
from referrals.models import RefusalStep
from referrals.permissions import can_excuse_police_referral
from referrals.selectors.police_refusals import after_refusal
from referrals.services import police, police_supplements, restricting
from referrals.services.police_refusals import Done
from tests import cast
from tests.referrals import case_road as road
from tests.referrals import police_road

pytestmark = pytest.mark.django_db
CALLED = Done(kind="other", said="The duty officer calls back.")
ESCALATED = Done(kind="escalated", said="She looks at it tonight.", supervisor="DI Larkspur")


@pytest.fixture
def sent(front_door, amara, mo, willow):
    """A referral of category 2 whose Form 87A is sent."""
    referral, _ = road.awaiting(amara, "2")
    police_road.sent(referral, amara, mo)
    return referral


def waits(referral):
    kinds = ("draft_police_referral", "excuse_police_referral")
    return [(task.kind, task.owner) for task in referral.record.tasks.open().filter(kind__in=kinds).order_by("kind")]


def since(referral, user, done, number=1, once=None):
    same = {"actor": user, "number": number, "once": once or uuid4()}
    return police.record_after_refusal(police_road.of(referral).reference, done=done, **same)


def said_after(referral, user):
    each = police_road.of(referral)
    return after_refusal(referral, each, each.forms.get(number=1), user)


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        (Done(kind="", said="Something."), "Choose what is done now"),
        (Done(kind="resend", said=" "), "Say in a sentence"),
        (Done(kind="escalated", said="Tonight."), "Name the police supervisor"),
        (Done(kind="resend", said="Today.", supervisor="DI Larkspur"), "Name the police supervisor"),
        (Done(kind="manager", said="Not again."), "Name the manager"),
    ],
)
def test_a_refusal_says_what_is_done_now(sent, amara, done, sentence):
    with pytest.raises(NotReady, match=sentence):
        police_road.refuse(sent, amara, done)

    assert police_road.of(sent).state == "sent"
    assert not RefusalStep.objects.exists()


def test_it_waits_with_its_drafter_until_it_is_taken_further(sent, amara, mo):
    police_road.refuse(sent, amara, CALLED)
    assert waits(sent) == [("draft_police_referral", amara)]

    since(sent, amara, CALLED)
    assert waits(sent) == [("draft_police_referral", amara)]
    assert "waits for a new version, by Amara" in said_after(sent, amara)["waits"]

    since(sent, amara, ESCALATED)
    assert waits(sent) == []
    assert "DI Larkspur decides" in said_after(sent, amara)["waits"]

    since(sent, amara, police_road.DONE)
    assert waits(sent) == [("draft_police_referral", amara)]
    police_road.drafted(sent, amara)
    assert waits(sent) == []
    # It is followed: what is added to the old refusal asks nobody.
    since(sent, amara, police_road.DONE)
    assert (waits(sent), said_after(sent, amara)["waits"]) == ([], "")
    # Whatever was done, it stays outstanding until it is sent, or a manager's exit.
    assert road.again(sent).police_outstanding is True


def test_decided_with_a_manager_it_waits_with_that_manager(sent, amara, mo, bea, dee):
    def done(manager):
        return Done(kind="manager", said="The police have it by another report.", manager=manager)

    with pytest.raises(NotReady, match="does not manage a team of one of these children"):
        police_road.refuse(sent, amara, done(bea))
    police_road.refuse(sent, amara, done(mo))
    assert waits(sent) == [("excuse_police_referral", mo)]

    # The manager sees it otherwise: the worker has it again.
    since(sent, mo, Done(kind="resend", said="The place has to be in it."))
    assert waits(sent) == [("draft_police_referral", amara)]
    since(sent, amara, done(mo))
    police_road.excused(sent, mo)
    assert waits(sent) == []
    assert said_after(sent, amara)["waits"] == ""


def test_every_step_is_kept_once_in_the_journal_of_the_form_and_of_each_child(sent, amara, mo, carl):
    police_road.refuse(sent, amara, CALLED)
    once = uuid4()
    first = since(sent, amara, ESCALATED, once=once)

    assert since(sent, amara, ESCALATED, once=once) == first
    with pytest.raises(NotReady, match="says something else"):
        since(sent, amara, CALLED, once=once)
    with pytest.raises(Denied):
        since(sent, carl, ESCALATED)
    with pytest.raises(NotReady, match="have not refused this version"):
        since(sent, amara, ESCALATED, number=7)

    facts = [entry.facts for entry in police_road.of(sent).record.entries.filter(verb__in=("refuse", "after_refusal"))]
    assert [(each["form"], each["after"]) for each in facts] == [(1, "other"), (1, "escalated")]
    lines = sent.record.entries.filter(verb__in=("police_referral_refused", "police_after_refusal"))
    assert [entry.facts["after"] for entry in lines.order_by("number")] == ["other", "escalated"]
    assert "Larkspur" not in str([*facts, *[entry.facts for entry in lines]])
    assert [step["title"] for step in said_after(sent, amara)["steps"]] == [
        "Something else",
        "It was taken to a police supervisor: DI Larkspur",
    ]


def test_the_database_asks_for_who_it_was_taken_to(sent, amara):
    police_road.refuse(sent, amara, ESCALATED)
    step = RefusalStep.objects.get()
    step.pk, step.number, step.once, step.supervisor = None, 2, uuid4(), ""

    with pytest.raises(IntegrityError, match="refusal_step_names_the_supervisor"), transaction.atomic():
        step.save(force_insert=True)


def test_a_manager_who_is_barred_from_the_child_is_not_named_nor_decides(sent, amara, mo, willow):
    other = cast.user("Moe", (willow, "manager"))
    restricting.bar(sent.reference, actor=mo, user=other, reason="She knows the family.")

    with pytest.raises(NotReady, match="may not open all of them"):
        police_road.refuse(sent, amara, Done(kind="manager", said="Not again.", manager=other))
    assert not can_excuse_police_referral(police_road.of(sent), cast.again(other))


def test_nobody_decides_that_a_supplement_is_not_sent_again(sent, amara, mo):
    police_road.supplement_sent(sent, amara, mo)

    with pytest.raises(NotReady, match="Nobody decides that a supplement"):
        police_supplements.refuse(
            police_road.of(sent).reference,
            actor=amara,
            refused_on=clock.today(),
            refused_by="DC Finch",
            reason="No.",
            done=Done(kind="manager", said="Not again.", manager=mo),
        )
