"""Who in the team could have this child: what each worker carries, who is away, and who may not be named, and why.

The manager decides; what is suggested stands first in the list and is chosen by nobody but her (practice.md B22).
"""

from django.db.models import Count, Q
from django.urls import reverse

from hsb.core import clock, words
from hsb.core.fetched import fetch
from hsb.core.models import AccessBar
from hsb.people.models import Cover, Membership
from hsb.people.states import CASE_ROLES, Role
from referrals.models import Referral
from referrals.selectors import colleagues
from referrals.states import OPEN

COLUMNS = ("Worker", ("Open referrals", "number"), ("Late", "number"), "Leave and cover", "Could have this child")
BARRED = "No: barred from this child's records"
NOT_NAMED = "No: this record is restricted, and they are not named on it"


def carried(team):
    """Who could work with a child in `team` today, the least burdened first: [{"key", "reference", "name", "practises",
    "open", "late", "away"}].

    A manager may take a child, and is nobody's suggestion: who `practises` stands first. `away` says who stands in for
    them until when; "" where nobody does. One question, however many there are.
    """
    return carried_in_each(*fetch(*carriers([team.pk]))).get(team.pk, [])


def carriers(teams):
    """The querysets (for `fetch`) of `carried_in_each`: the members of these teams (keys), what they carry, and who
    stands in for them."""
    today = clock.today()
    members = Membership.objects.current(today).filter(team__in=teams, role__in=CASE_ROLES, user__is_active=True)
    keys = members.values("user")
    return (
        members.values_list("team", "user", "user__reference", "user__name").annotate(
            practises=Count("pk", filter=Q(role=Role.PRACTITIONER))
        ),
        Referral.objects.filter(worker__in=keys, state__in=OPEN)
        .values("worker")
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(next_due_on__lt=today)))
        .order_by(),
        Cover.objects.current(today).filter(covered__in=keys).select_related("by").order_by("ends_on"),
    )


def carried_in_each(members, sums, covers):
    """{key of a team: what `carried` says of it}, of what `carriers` has found."""
    sums = {row["worker"]: row for row in sums}
    away = {cover.covered_id: f"Away until {words.day(cover.ends_on)}: {cover.by.name} stands in" for cover in covers}
    found = {}
    for team, key, reference, name, practises in members:
        found.setdefault(team, []).append(
            {
                "key": key,
                "reference": reference,
                "name": name,
                "practises": bool(practises),
                "open": sums.get(key, {}).get("open", 0),
                "late": sums.get(key, {}).get("late", 0),
                "away": away.get(key, ""),
            }
        )
    return {team: sorted(rows, key=_least_burdened_first) for team, rows in found.items()}


def _least_burdened_first(worker):
    return bool(worker["away"]), not worker["practises"], worker["open"], worker["late"], worker["name"]


def suggestions(referral, team):
    """For the page that names a worker: {"workers": who may be chosen, best first, "rows": everybody in the team}.

    Whoever knows the child comes first, then whoever is here and carries least.
    """
    known = colleagues.who_knows_the_child(referral).get("worker", "")
    every = sorted(carried(team), key=lambda worker: (bool(worker["away"]), worker["reference"] != known))
    barred = set(AccessBar.objects.filter(record=referral.person_id, lifted_at__isnull=True).values_list("user"))
    named = colleagues.named_on(referral, [worker["key"] for worker in every])
    for worker in every:
        worker["refused"] = BARRED if (worker["key"],) in barred else NOT_NAMED if worker["key"] not in named else ""
    able = [worker for worker in every if not worker["refused"] and worker["key"] != referral.worker_id]
    best = next((worker for worker in able if can_be_suggested(worker, known)), None)
    return {"workers": able, "rows": [_row(worker, referral, best, known) for worker in every]}


def can_be_suggested(worker, known):
    """Whether a row of `carried` is here, and works with children or knows this one (`known`: their reference)."""
    return not worker["away"] and (worker["practises"] or worker["reference"] == known)


def _row(worker, referral, best, known):
    return [
        {"text": worker["name"]},
        {"text": str(worker["open"])},
        {"text": str(worker["late"])},
        {"text": worker["away"] or "Here"},
        _could(worker, referral, best, known),
    ]


def _could(worker, referral, best, known):
    if worker["key"] == referral.worker_id:
        return {"text": "Has this child now"}
    if worker["refused"] == NOT_NAMED:
        links = [
            {"text": "Name them as a reader first", "url": reverse("referrals:name_reader", args=[referral.reference])}
        ]
        return {"text": f"{NOT_NAMED}. ", "links": links}
    if worker["refused"]:
        return {"text": worker["refused"]}
    said = "Yes: already knows this child" if worker["reference"] == known else "Yes"
    return {"text": said, "tags": [{"text": "Suggested", "meaning": "open"}] if worker is best else []}
