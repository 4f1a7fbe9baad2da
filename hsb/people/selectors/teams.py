"""Teams: the list, and those a role can be given in."""

from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.http import urlencode

from hsb.core import clock, words
from hsb.people.models import Team, current_on


def _by_name(*, closed):
    # Said, because Django forgets the model's own order where it groups.
    return Team.objects.filter(closed_on__isnull=not closed).order_by(Lower("name"))


def open_teams():
    """[(slug, name and service)] of the teams that are open, by name."""
    return [(t.slug, f"{t.name}: {t.get_service_display()}") for t in _by_name(closed=False)]


def team_list(*, closed=False):
    """Every open team, or every closed one. A borough has tens of teams: one page holds them."""
    in_it = current_on(clock.today(), "memberships__") & Q(memberships__user__is_active=True)
    found = _by_name(closed=closed).annotate(members=Count("memberships__user", filter=in_it, distinct=True))
    url = reverse("people:teams")
    return {
        "caption": "Closed teams, by name" if closed else "Open teams, by name",
        "head": ["Team", "Service", "Telephone and mailbox", "People today"],
        "rows": [_row(team) for team in found],
        "empty": "No team has been closed." if closed else "There is no team yet. Add the front door first.",
        "filters": [
            {"text": "Open teams", "url": url, "current": not closed},
            {"text": "Closed teams", "url": f"{url}?state=closed", "current": closed},
        ],
    }


def _row(team):
    people = f"{reverse('people:users')}?{urlencode({'team': team.slug})}"
    members = {"text": words.count(team.members, "person", "people"), "url": people, "hidden": f"in {team.name}"}
    return [
        {"text": team.name, "url": reverse("people:edit_team", args=[team.slug])},
        team.get_service_display(),
        ", ".join(filter(None, (team.telephone, team.mailbox))) or "Not recorded",
        members if team.members else "Nobody",
    ]
