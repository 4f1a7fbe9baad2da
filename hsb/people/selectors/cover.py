"""Cover as a manager sees it, and who can be named for it."""

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Lower
from django.urls import reverse

from hsb.core import clock
from hsb.people.models import Cover, Membership, User
from hsb.people.selectors import rows
from hsb.people.states import CASE_ROLES, Role

SIZE = 50


def colleagues(person):
    """[(reference, name and job title)] of those who work with cases today in a team of `person`, by name."""
    teams = person.teams_as(*CASE_ROLES)
    seats = Membership.objects.current(clock.today()).filter(user=OuterRef("pk"), role__in=CASE_ROLES, team__in=teams)
    found = User.objects.filter(Exists(seats), is_active=True).exclude(pk=person.pk).order_by(Lower("name"))
    return [(u.reference, f"{u.name}, {u.job_title}" if u.job_title else u.name) for u in found]


def team_cover(manager, *, after=""):
    """One page of the people who work with cases in the teams of `manager`, by name, and who covers for each."""
    today = clock.today()
    teams = manager.teams_as(Role.MANAGER)
    seats = Membership.objects.current(today).filter(role__in=CASE_ROLES, team__in=teams)
    found = User.objects.filter(Exists(seats.filter(user=OuterRef("pk"))), is_active=True)
    found = found.annotate(sorted_name=Lower("name")).order_by("sorted_name", "reference")
    name = User.objects.filter(reference=after).values_list(Lower("name"), flat=True).first() if after else None
    if name is not None:
        found = found.filter(Q(sorted_name__gt=name) | Q(sorted_name=name, reference__gt=after))
    found = found.prefetch_related(
        Prefetch("memberships", queryset=seats.select_related("team").order_by("team__name"), to_attr="seats"),
        Prefetch(
            "covers_of_mine",
            queryset=Cover.objects.not_ended(today).select_related("covered", "by").order_by("starts_on"),
            to_attr="covers",
        ),
    )
    page = list(found[: SIZE + 1])
    url = reverse("people:team_cover")
    return {
        "caption": "Practitioners and managers, by name",
        "head": ["Name", "Who covers, and when", "What you can do"],
        "rows": [row for user in page[:SIZE] for row in _rows(user)],
        "next_url": f"{url}?after={page[SIZE - 1].reference}" if len(page) > SIZE else "",
        "first_url": url if name is not None else "",
    }


def _rows(user):
    """One row for each cover of `user`; where there is none, one that says so."""
    arrange = {
        "text": "Arrange cover",
        "url": reverse("people:arrange_cover", args=[user.reference]),
        "hidden": f"for {user.name}",
    }
    who = {"text": user.name, "note": ", ".join(seat.team.name for seat in user.seats)}
    if not user.covers:
        return [[who, "Nobody", arrange]]
    return [[who, {"text": c.by.name, "note": rows.days(c)}, rows.end_cover_cell(c)] for c in user.covers] + [
        [who, "Other days, or somebody else", arrange]
    ]
