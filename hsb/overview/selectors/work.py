"""The start pages: what is mine and what comes next; for a manager, what waits, who carries how many, what is late."""

from django.urls import reverse

from hsb.core import access, clock, composed, words
from hsb.core.called import Called
from hsb.people.models import Membership, User
from hsb.people.states import CASE_ROLES, Role
from referrals.models import RiskAssessment
from referrals.selectors import reassigning
from referrals.selectors.filters import WAITING, WAITS, Filters
from referrals.selectors.names import known_as
from referrals.states import OPEN, WRITABLE, AssessmentKind, AssessmentState, Category

# The rows of the manager's tables: the list's filter value, and what the row is called.
CATEGORY_ROWS = (
    ("3", Category.VIOLENT.label),
    ("2", Category.ABUSIVE.label),
    ("1", Category.PROBLEMATIC.label),
    ("0", Category.INAPPROPRIATE.label),
    ("N", Category.NOT_HSB.label),
    ("none", "No category: was harmed, or role not yet known"),
)
UNFINISHED_COLUMNS = ("What", "Child", "Last saved")
UNFINISHED_CONCERN_COLUMNS = ("What", "Who is in it", "Last saved")
CASELOAD_COLUMNS = ("Worker", ("Referrals", "number"), ("Late", "number"), "What you can do")
LEAVER_COLUMNS = ("Who", ("Open referrals", "number"), "Hand on")


def tile(number, label, url, late=0, *, red=False):
    """What the tile component draws: a number, what it counts, the list it counts, and how many of them are late.

    `red`: what it counts must be done first, whether or not any of it is late.
    """
    return {
        "number": number,
        "label": label,
        "url": url,
        "note": f"{words.grouped(late)} late" if late else "",
        "meaning": "late" if late or red else "",
    }


def team_tasks_caption(found):
    """The title of a manager's table of tasks (tasks.team_task_rows): how many, how many late, how many stand here."""
    number, late, shown = found["number"], found["late"], len(found["rows"])
    said = f"What my teams have to do: {words.count(number, 'task')}, {words.grouped(late) if late else 'none'} late"
    return f"{said}; the first {shown}" if number > shown else said


def assessments_in_work(user):
    """A queryset of the assessments `user` began and has not submitted, oldest first; none of what is in them."""
    return (
        RiskAssessment.objects.visible_to(user)
        .filter(started_by=user, state__in=WRITABLE, referral__state__in=OPEN)
        .order_by("started_at")
        .values(
            "kind",
            "state",
            "started_at",
            "record__reference",
            "referral__person__given_name",
            "referral__person__family_name",
            "referral__person__preferred_name",
        )[:50]
    )


def unfinished_assessment_rows(found):
    """Rows of `assessments_in_work`."""
    return [
        [
            {
                "text": AssessmentKind(row["kind"]).label,
                "url": reverse("referrals:assessment", args=[row["record__reference"]]),
                "note": AssessmentState(row["state"]).label,
            },
            {"text": known_as(*_name(row)), "note": row["record__reference"]},
            {"text": words.day(row["started_at"])},
        ]
        for row in found
    ]


def _name(row):
    return [row[f"referral__person__{part}"] for part in ("given_name", "family_name", "preferred_name")]


def unfinished_concern_rows(unfinished):
    """Rows of the concerns somebody began to log (referrals.selectors.concerns.unfinished_concerns)."""
    return [
        [
            {"text": one["text"], "url": one["url"]},
            {"text": one["people"] or "Nobody new yet"},
            {"text": one["saved_at"]},
        ]
        for one in unfinished
    ]


def unfinished_note_rows(unfinished):
    """Rows of the notes somebody began and did not make final (referrals.selectors.notes.unfinished_notes)."""
    return [
        [
            {"text": one["kind"], "url": one["url"], "hidden": f"for {one['child']}"},
            {"text": one["child"], "note": one["reference"]},
            {"text": one["saved_at"]},
        ]
        for one in unfinished
    ]


def waiting_table(referrals, waiting):
    """What waits (a key of WAITING) of the OpenReferrals, by category and for how long: {"caption", "head", "rows",
    "total", "late"}.

    Every number opens the list it counts.
    """
    filters = Filters(waiting=waiting)
    cells, total, late = referrals.waiting(waiting)
    rows = [
        [
            {"text": label},
            *(
                _number(cells[category, waited], filters.address(category=category, waited=waited), label)
                for waited in (*WAITS, "")
            ),
        ]
        for category, label in CATEGORY_ROWS
        if cells[category, ""]
    ]
    number = words.count(total, "referral").capitalize()
    head = ["Category", *((f"Waiting {WAITS[w][2]}", "number") for w in WAITS), ("All", "number")]
    return {
        "caption": f"{number} {WAITING[waiting][1]}, {words.grouped(late) if late else 'none'} late",
        "head": head,
        "rows": rows,
        "total": total,
        "late": late,
        "url": filters.address(),
        "late_url": filters.address(late="1"),
    }


def _number(number, url, label):
    return {"text": words.grouped(number), "url": url, "hidden": label} if number else {"text": "0"}


def _hand_on(reference, name):
    return {"links": [{"text": f"Caseload of {name}", "url": reverse("referrals:reassign", args=[reference])}]}


def _what_to_do(reference, name, number):
    sheet = {"text": f"Supervision sheet of {name}", "url": reverse("referrals:supervision", args=[reference])}
    return {"links": [sheet, *(_hand_on(reference, name)["links"] if number else [])]}


def left_behind(user, referrals, seats):
    """{key of a worker: how many of the OpenReferrals} of who has some of the manager's teams, and is there no more."""
    at_work = {(seat["user"], seat["team"]) for seat in seats if seat["user__is_active"]}
    return referrals.left_behind(user.teams_as(Role.MANAGER), at_work)


def leaver_rows(user, left):
    """Rows of who left referrals behind (`left_behind`)."""
    gone = sorted((*named, key) for key, named in WORKERS.of(user, left).items())
    return [[{"text": name}, {"text": str(left[key])}, _hand_on(reference, name)] for name, reference, key in gone]


# Name and reference.
WORKERS = Called(
    rows=lambda user: User.objects.values("pk", "name", "reference"), said=lambda row: (row["name"], row["reference"])
)


def order_rows(user):
    """Rows of the caseloads that the manager handed on lately, and how far each has come."""
    return [
        [
            {"text": order.leaver.name, "url": reverse("referrals:reassignment", args=[order.reference])},
            {"text": words.instant(order.asked_at)},
            {"text": _how_far(order)},
        ]
        for order in reassigning.orders_of(user).objects()
    ]


def _how_far(order):
    parts = [f"{order.done} done"]
    parts += [f"{order.waiting} waiting"] if order.waiting else []
    parts += [f"{order.refused} not done"] if order.refused else []
    return ", ".join(parts)


def seats_of(user):
    """The Composed of who works with cases in the teams that `user` manages, by name."""

    def rows():
        return (
            Membership.objects.current(clock.today())
            .filter(team__in=user.teams_as(Role.MANAGER), role__in=CASE_ROLES)
            .order_by("user__name")
            .values("user", "user__name", "user__reference", "user__is_active", "team", "team__name", "role")
        )

    return composed.kept(("seats", access.rights_today(user)), rows)


def caseloads(referrals, seats):
    """Rows of who of `seats` carries how many of the OpenReferrals, heaviest first."""
    # Held by another team too: the number is the count of the list that it leads to.
    carried = referrals.of_workers()
    rows = {}
    for member in seats:
        number, late = carried.get(member["user"], (0, 0))
        if member["role"] == Role.MANAGER and not number:
            continue
        filters = Filters(worker=member["user__reference"])
        rows[member["user"]] = (
            -number,
            [
                {"text": member["user__name"], "note": member["team__name"]},
                _number(number, filters.address(), f"with {member['user__name']}"),
                _number(late, filters.address(late="1"), f"late with {member['user__name']}"),
                _what_to_do(member["user__reference"], member["user__name"], number),
            ],
        )
    return [row for _, row in sorted(rows.values(), key=lambda pair: (pair[0], pair[1][0]["text"]))]
