"""Teams and agencies."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from hsb.core import clock, words
from hsb.core.refusals import NotReady
from hsb.people.models import Agency, Team
from hsb.people.services import versions
from hsb.people.states import Service

SAME_NAME = "There is already a team with this name. Choose another name."


@transaction.atomic
def add_team(*, actor, name, service, telephone="", mailbox=""):
    """A new team; its slug is made of its first name and stays. Raises NotReady where the name is taken."""
    administrator = versions.administrator(actor)
    _refuse_same_name(name)
    team = Team(name=name, slug=_free_slug(name), service=service, telephone=telephone, mailbox=mailbox)
    return _saved(team, administrator)


@transaction.atomic
def edit_team(slug, *, actor, version, name, service, telephone="", mailbox=""):
    """Corrects a team. Raises Changed on an old version, NotReady where the name is taken."""
    administrator = versions.administrator(actor)
    team = _team(slug)
    versions.refuse_stale(
        team,
        version,
        name=team.name,
        service=team.get_service_display(),
        telephone=team.telephone,
        mailbox=team.mailbox,
    )
    _refuse_same_name(name, besides=team)
    _refuse_without_front_door(team, stays=service == Service.FRONT_DOOR)
    team.name, team.service, team.telephone, team.mailbox = name, service, telephone, mailbox
    return _saved(team, administrator)


@transaction.atomic
def close_team(slug, *, actor):
    """Closes a team that nobody is in any more; closing a closed one changes nothing. Raises NotReady."""
    administrator = versions.administrator(actor)
    team = _team(slug)
    if team.closed_on is not None:
        return team
    members = team.memberships.not_ended(clock.today()).count()
    if members:
        raise NotReady(
            f"{words.count(members, 'role')} in this team {'has' if members == 1 else 'have'} not ended. "
            "End each first."
        )
    _refuse_without_front_door(team, stays=False)
    team.closed_on = clock.today()
    return versions.save(team, actor=administrator)


@transaction.atomic
def reopen_team(slug, *, actor):
    """The team can be given members again."""
    administrator = versions.administrator(actor)
    team = _team(slug)
    if team.closed_on is None:
        return team
    team.closed_on = None
    return versions.save(team, actor=administrator)


@transaction.atomic
def add_agency(*, actor, name, kind):
    """A new agency. Raises NotReady where the name is taken, in whatever case."""
    versions.administrator(actor)
    same = NotReady("There is already an agency with this name.")
    if Agency.objects.filter(name__iexact=name).exists():
        raise same
    try:
        with transaction.atomic():
            return Agency.objects.create(name=name, kind=kind)
    except IntegrityError:
        raise same from None


def _team(slug):
    return Team.objects.select_for_update().get(slug=slug)


def _saved(team, administrator):
    try:
        with transaction.atomic():
            return versions.save(team, actor=administrator)
    except IntegrityError:
        raise NotReady(SAME_NAME) from None


def _refuse_same_name(name, besides=None):
    same = Team.objects.filter(name__iexact=name)
    if same.exclude(pk=besides.pk if besides else None).exists():
        raise NotReady(SAME_NAME)


def _refuse_without_front_door(team, *, stays):
    """Concerns arrive at the front door (practice.md B6): the last team there neither closes nor changes."""
    if team.service != Service.FRONT_DOOR or stays or team.closed_on is not None:
        return
    others = Team.objects.select_for_update().filter(service=Service.FRONT_DOOR, closed_on__isnull=True)
    if not list(others.exclude(pk=team.pk)):
        raise NotReady("Concerns arrive at this team, and there is no other front-door team. Add one first.")


def _free_slug(name):
    """A slug that no team has. A name without a letter that a URL can hold is simply "team"."""
    longest = Team._meta.get_field("slug").max_length - 4
    slug = first = slugify(name)[:longest].strip("-") or "team"
    number = 1
    while Team.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{first}-{number}"
    return slug
