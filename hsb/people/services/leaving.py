"""What stands in the name of somebody who leaves is told to the managers who can hand it on."""

from hsb.core import clock
from hsb.core.models import Message
from hsb.core.models.messages import What
from hsb.people.models import Membership
from hsb.people.selectors.leaving import teams_of_caseload
from hsb.people.states import Role


def tell_the_managers(person):
    """A message to each manager of a team that has a record of `person`, once a day; returns how many."""
    today = clock.today()
    managers = (
        Membership.objects.current(today)
        .filter(team__in=teams_of_caseload(person), role=Role.MANAGER, user__is_active=True)
        .exclude(user=person)
    )
    users = set(managers.values_list("user", flat=True))
    Message.objects.bulk_create(
        [
            Message(what=What.LEAVER, user_id=user, on=today, about=person.reference, made_at=clock.now())
            for user in sorted(users)
        ],
        ignore_conflicts=True,
    )
    return len(users)
