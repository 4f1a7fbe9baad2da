"""What the clock starts for floor 1, and what a page wakes up."""

from celery import shared_task
from kombu.exceptions import OperationalError

from referrals.services import reassigning


@shared_task(ignore_result=True)
def reassign_caseloads():
    """Hands on what waits of every caseload; run twice, or killed, it comes to the same."""
    reassigning.carry_on()


def wake():
    """Asks for it now. Where the queue is away the next sweep does it: the rows stand in the database."""
    try:
        reassign_caseloads.delay()
    except (OperationalError, OSError):
        return
