"""The road of a Form 87A, walked through the services."""

from uuid import uuid4

from hsb.core import access, clock
from hsb.core.states import Because
from referrals.models import PoliceReferral
from referrals.services import deciding, notifications, police, police_refusals, police_supplements, urgent
from tests.referrals import case_road

CONTENT = {
    "recipient": "Child abuse team, Exampleborough",
    "urgency": "today",
    "known": "What the school reported.",
    "asked": "Checks, and a strategy discussion.",
    "basis": "without",
    "consent": "Nobody was asked: the police asked to speak to the children first.",
}


def of(referral):
    """The latest Form 87A of the referral's concerns, read anew."""
    return PoliceReferral.objects.filter(concern__involvements__referral=referral).latest("pk")


def apart(author, manager, held):
    """(displayed, harmed) of one concern, each with the team and the worker of `held`; its author opens the first."""
    pair = case_road.awaiting(author, "2", harmed=True)
    case_road.assess_harmed(pair[1], author, 3)
    for referral, (team, worker) in zip(pair, held, strict=True):
        there = deciding.Destination(team=team, worker=worker, reason="Social work is needed.")
        deciding.allocate(referral.reference, actor=manager, destination=there)
    access.end_grants(pair[1].record, Because.AUTHOR)
    return tuple(case_road.again(referral) for referral in pair)


def called(referral, worker, **fields):
    urgent.record_police_call(
        referral.reference,
        actor=worker,
        once=uuid4(),
        emergency=False,
        called_on=clock.today(),
        spoke_to="PC 1234, duty desk",
        what_was_said="What the school reported.",
        **fields,
    )


def drafted(referral, worker, **answers):
    """Called and drafted; returns the police referral."""
    if not of(referral).calls().exists():
        called(referral, worker)
    content = police.Draft(**CONTENT | answers)
    police.draft(of(referral).reference, actor=worker, on=referral.reference, content=content)
    return of(referral)


def approved(referral, worker, manager, **answers):
    drafted(referral, worker, **answers)
    police.approve(of(referral).reference, actor=manager)
    return of(referral)


def sent(referral, worker, manager, **answers):
    approved(referral, worker, manager, **answers)
    police.record_sent(
        of(referral).reference,
        actor=worker,
        sent_to="Child abuse team, Exampleborough",
        sent_how="Secure e-mail",
        sent_on=clock.today(),
    )
    return of(referral)


def acknowledged(referral, worker, manager):
    sent(referral, worker, manager)
    police.acknowledge(
        of(referral).reference,
        actor=worker,
        acknowledged_on=clock.today(),
        police_reference="CR 77",
        officer="DC Finch",
    )
    return of(referral)


def refused(referral, worker, manager):
    sent(referral, worker, manager)
    refuse(referral, worker)
    return of(referral)


DONE = police_refusals.Done(kind="resend", said="The place is added, and it goes out again today.")


def refuse(referral, worker, done=DONE):
    police.refuse(
        of(referral).reference,
        actor=worker,
        refused_on=clock.today(),
        refused_by="DC Finch",
        reason="Nothing is asked that the police can answer.",
        done=done,
    )


# --- What adds to it ---


def supplement_drafted(referral, worker, manager, **answers):
    """The form is sent, and a supplement to it drafted; returns the police referral."""
    if of(referral).state not in ("sent", "acknowledged"):
        sent(referral, worker, manager)
    content = police.Draft(**CONTENT | {"known": "Something new came to light."} | answers)
    police_supplements.draft(of(referral).reference, actor=worker, on=referral.reference, content=content)
    return of(referral)


def supplement_approved(referral, worker, manager):
    supplement_drafted(referral, worker, manager)
    police_supplements.approve(of(referral).reference, actor=manager)
    return of(referral)


def supplement_sent(referral, worker, manager):
    supplement_approved(referral, worker, manager)
    police_supplements.record_sent(
        of(referral).reference,
        actor=worker,
        sent_to="Child abuse team, Exampleborough",
        sent_how="Secure e-mail",
        sent_on=clock.today(),
    )
    return of(referral)


# --- What the police told us ---

TOLD = "The officers were called to the park on Tuesday evening."


def notified(referral, worker, **told):
    """Returns the PoliceNotification."""
    told = {"unit": "Borough unit", "how": "email", "says": TOLD, "received_on": clock.today(), "once": uuid4()} | told
    return notifications.record(referral.reference, actor=worker, **told)


def excused(referral, manager, exit_="not_sent_because"):
    police.excuse(
        of(referral).reference,
        actor=manager,
        exit_=exit_,
        reason="The police have it already.",
        weighed=case_road.weighed(),
    )
    return of(referral)
