"""The very first account of a new installation: an administrator, whom nobody could have added."""

from django.db import transaction

from hsb.core import clock
from hsb.core.refusals import NotReady
from hsb.people.models import Membership, Team, User
from hsb.people.services import versions
from hsb.people.services.accounts import one_time_password
from hsb.people.states import AccountEvent, Role, Service

FIRST_TEAM = {"slug": "governance", "name": "Quality and governance", "service": Service.GOVERNANCE}


@transaction.atomic
def add_first_administrator(*, name, email):
    """Returns (user, one-time password). Raises NotReady where an administrator was ever added."""
    if Membership.objects.filter(role=Role.ADMINISTRATOR).exists():
        raise NotReady("There is an administrator already: they add everybody else.")
    user = User(name=name, email=email)
    password = one_time_password()
    user.set_password(password)
    versions.save(user, actor=None, because=AccountEvent.PASSWORD_GIVEN)
    team, _ = Team.objects.get_or_create(slug=FIRST_TEAM["slug"], defaults=FIRST_TEAM)
    versions.save(Membership(user=user, team=team, role=Role.ADMINISTRATOR, starts_on=clock.today()), actor=None)
    return user, password
