"""What the clock starts for floor 1, and what a page wakes up."""

from celery import shared_task
from kombu.exceptions import OperationalError

from referrals.services import coming_of_age, reassigning


@shared_task(ignore_result=True)
def reassign_caseloads():
    """Hands on what waits of every caseload; run twice, or killed, it comes to the same."""
    reassigning.carry_on()


@shared_task(ignore_result=True)
def ask_at_18():
    """Asks for what young people's ages ask for today; run twice, or killed, it comes to the same."""
    coming_of_age.sweep()


def wake():
    """Asks for it now. Where the queue is away the next sweep does it: the rows stand in the database."""
    try:
        reassign_caseloads.delay()
    except (OperationalError, OSError):
        return
