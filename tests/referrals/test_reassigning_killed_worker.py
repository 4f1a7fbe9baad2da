"""A real worker on PostgreSQL and Redis, killed in the middle of a caseload: nothing half, and the next goes on."""

from uuid import uuid4

import pytest
from celery import Celery

from hsb.core import clock
from referrals.models import Allocation, ReassignmentRow, Referral
from referrals.services import reassigning
from tests import cast
from tests.core.test_killed_worker import (
    FULL_STACK,
    held,
    is_gone,
    queue,  # noqa: F401  (a fixture)
    until,
    who_waits,
    with_all_it_started,
    worker,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FULL_STACK, reason="asks for PostgreSQL and Redis"),
]


def ask(address):
    with Celery(broker=address) as app:
        app.send_task("referrals.tasks.reassign_caseloads", ignore_result=True)


def standing():
    """Who has each child, and how many spells there are."""
    return list(Referral.objects.order_by("pk").values_list("worker__name", flat=True)), Allocation.objects.count()


def test_killed_between_two_children(queue, tmp_path, amara, bea, mo, willow):  # noqa: F811
    children = [cast.referral(amara, held_by=willow, state="statutory", worker=bea) for _ in range(3)]
    to = {referral.reference: amara for referral in children}
    reassigning.order(actor=mo, leaver=bea, to=to, reason="Bea leaves.", once=uuid4())
    lock = "SELECT 1 FROM core_record WHERE id = %s FOR UPDATE"

    with held(lock, children[1].pk), worker(queue, tmp_path) as first:
        ask(queue)
        stuck = until(who_waits, "The worker standing still at the second child", tmp_path)
        with_all_it_started(first)
    until(lambda: is_gone(stuck), "The end of the killed worker's connection", tmp_path)
    assert standing() == (["Amara", "Bea", "Bea"], 4)

    # What the killed worker had in hand is free again when its lease is over.
    ReassignmentRow.objects.filter(lease_until__isnull=False).update(lease_until=clock.now())
    with worker(queue, tmp_path):
        ask(queue)
        until(lambda: not ReassignmentRow.objects.filter(outcome="waiting").exists(), "The rest", tmp_path)
    assert standing() == (["Amara", "Amara", "Amara"], 6)
