"""Trainings that end soon, or have ended lately, of those who work with cases in a manager's teams."""

from datetime import timedelta

from hsb.core import access, clock, composed
from hsb.core.training_ends import not_renewed, soon
from hsb.people.models import Membership
from hsb.people.selectors.rows import training_rows
from hsb.people.states import CASE_ROLES, Role

ENDED_LATELY = timedelta(days=90)
ENDING_HEAD = ["Name", "Tool", "Trained on", "Last valid day", "Evidence"]


def ending(manager):
    """Rows, the first to end first; none where nothing ends."""
    trainings = ending_of(manager).objects()
    return [
        [{"text": training.user.name}, *row] for training, row in zip(trainings, training_rows(trainings), strict=True)
    ]


def ending_of(manager):
    """The Composed of the trainings of `ending`."""
    today = clock.today()
    until = soon(today)

    def trainings():
        seats = Membership.objects.current(today).filter(team__in=manager.teams_as(Role.MANAGER), role__in=CASE_ROLES)
        found = not_renewed().filter(
            user__in=seats.values("user"),
            user__is_active=True,
            until__gte=today - ENDED_LATELY,
            until__lte=until,
        )
        return found.select_related("user").order_by("until", "user__name", "pk")

    return composed.kept(("trainings that end", access.rights_today(manager), until), trainings)
