"""What somebody's work said when it was passed to a manager is kept: so that it can be shown what changed since."""

from hsb.core import clock
from hsb.core.numbers import last_number
from referrals.models import SubmittedWork


def keep(record, about, said, *, actor):
    """`said`: (the question, the answer) of each. Call inside the door by which it is passed on. Returns the row."""
    return SubmittedWork.objects.create(
        record=record,
        about=about,
        number=last_number(SubmittedWork.objects.filter(about=about)) + 1,
        said=[[label, text] for label, text in said],
        by=actor,
        at=clock.now(),
    )
