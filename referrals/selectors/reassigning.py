"""What a manager can hand on of somebody's caseload, to whom it is suggested, and how far it has come."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse

from hsb.core import composed, words
from hsb.core.fetched import fetch
from hsb.core.keys import IsOneOf, KeysOf
from hsb.core.models import AccessBar, Draft, Task
from hsb.core.states import RecordKind
from hsb.core.timescales import timescale
from hsb.people.states import Role
from referrals.models import Involvement, Reassignment, ReassignmentRow, Referral, RiskAssessment
from referrals.selectors import caseloads, colleagues
from referrals.selectors.names import known_as, names_of
from referrals.states import OPEN, WRITABLE

STAYS_COLUMNS = ("What", "By when", "Who hands it on")
PROGRESS_COLUMNS = ("Referral", "New worker", "How far")
ORDERS_COLUMNS = ("Caseload of", "Ordered", "How far")
ORDERS_SHOWN = 10
# How long a manager finds an order again on her page.
KEPT = timedelta(days=14)


def tasks_of(leaver):
    """The open tasks in the leaver's own name that go to another worker: a manager's review is no worker's."""
    return Task.objects.open().filter(owner=leaver).exclude(kind__in=("review_break_glass", "answer_access"))


def caseload(leaver, manager):
    """The open referrals that `leaver` works with, or has open tasks on, of the teams that `manager` manages: those she
    may open, the first due first."""
    opened = Referral.objects.filter(state__in=OPEN)
    # Each by an index of its own: asked with "or", the database looks at all that is open.
    held = KeysOf([opened.filter(worker=leaver), opened.filter(pk__in=tasks_of(leaver).values("record"))])
    return (
        Referral.objects.visible_to(manager)
        .filter(IsOneOf("pk", held), record__holding_team__in=manager.teams_as(Role.MANAGER))
        .select_related("record__holding_team", "person", "worker")
        .order_by("next_due_on", "pk")
    )


def is_of(leaver, manager):
    """Whether `manager` has to do with the caseload: it is her team's, or theirs was."""
    teams = manager.teams_as(Role.MANAGER)
    return leaver.memberships.filter(team__in=teams).exists() or caseload(leaver, manager).exists()


class Held:
    """What `leaver` holds when `manager` hands it on, asked for at once: `referrals` of the caseload, `tasks` in the
    leaver's own name, wherever they are, the first due first; `elsewhere`, how many open referrals are other managers'
    to hand on, or restricted and not hers to open; how many pages are `unfinished`."""

    def __init__(self, leaver, manager):
        self.leaver = leaver
        referrals, self.tasks, worked_on, drafts = fetch(
            caseload(leaver, manager),
            tasks_of(leaver).select_related("record").order_by("due_on", "pk"),
            Referral.objects.filter(worker=leaver, state__in=OPEN).values_list("pk", flat=True),
            composed.sums(Draft.objects.filter(user=leaver), number=Count("pk")),
        )
        self.referrals = list(referrals)
        self.elsewhere = len(set(worked_on) - {referral.pk for referral in referrals})
        self.unfinished = sum(each["number"] for each in drafts)


def what_stays(held):
    """Rows of what else the leaver holds, which others hand on: each on its own page, or nobody but they themselves."""
    rows = [
        [
            f"{task.record.get_kind_display()} {task.record.reference}: {timescale(task.kind).title}",
            words.due(task.due_on),
            HOW[task.record.kind],
        ]
        for task in held.tasks
        if task.record.kind in HOW
    ]
    if number := held.elsewhere:
        rows.append(
            [f"{words.count(number, 'open referral')} of other teams, or restricted", "", "Their managers hand them on"]
        )
    if number := held.unfinished:
        rows.append(
            [words.count(number, "unfinished page"), "", "Theirs alone: ask them to send or throw away what they typed"]
        )
    return rows


# Kind of record -> who hands on what somebody has to do there.
HOW = {
    RecordKind.MEETING: "Another chair or minute taker takes over, on the meeting's page",
    RecordKind.INTEL_FORM: "On the form's own page",
    RecordKind.MAPPING: "On the mapping meeting's own page",
    RecordKind.PANEL: "The panel's coordinators have it",
    RecordKind.POLICE_REFERRAL: "It follows its children",
    RecordKind.CONCERN: "It follows its children",
}


def preview(held):
    """Each referral of `caseload`: {"reference", "child", "state", "is_worker", "tasks", "unfinished" (whether the
    leaver has an assessment in work), "workers", "suggested"}.

    `workers` may be given it, best first; `suggested` is the reference of one of them or "": no manager, who chooses
    themselves if they will, and nobody for both sides of a concern.
    """
    leaver, referrals = held.leaver, held.referrals
    keys = {referral.pk for referral in referrals}
    tasks = _in_words(task for task in held.tasks if task.record_id in keys)
    unfinished = RiskAssessment.objects.filter(referral__in=referrals, started_by=leaver, state__in=WRITABLE)
    barred, episodes, named_ones, parts, unfinished, *carriers = fetch(
        _bars(referrals),
        colleagues.episodes_of(referrals),
        colleagues.named_ones(referrals),
        _parts(referrals),
        unfinished.values_list("referral", flat=True),
        *caseloads.carriers({referral.record.holding_team_id for referral in referrals}),
    )
    barred, unfinished = set(barred), set(unfinished)
    known = colleagues.known_to(referrals, episodes)
    carried = caseloads.carried_in_each(*carriers)
    workers = {worker["key"] for rows in carried.values() for worker in rows}
    named = colleagues.named_among(referrals, workers, named_ones)
    sides = _other_sides(referrals, parts)
    given, placed, found = defaultdict(int), {}, []
    for referral in referrals:
        taken = {placed.get(pk, worker) for pk, worker in sides[referral.pk].items()} - {None}
        able = _able(referral, leaver, carried.get(referral.record.holding_team_id, ()), named[referral.pk], barred)
        suggested = _suggested(referral, leaver, able, known[referral.pk].get("worker", ""), taken, given)
        if suggested is not None:
            placed[referral.pk] = suggested["key"]
            given[suggested["key"]] += referral.worker_id == leaver.pk
        found.append(
            {
                "reference": referral.reference,
                "child": known_as(
                    referral.person.given_name, referral.person.family_name, referral.person.preferred_name
                ),
                "state": referral.state_in_words,
                "is_worker": referral.worker_id == leaver.pk,
                "tasks": tasks.get(referral.pk, []),
                "unfinished": referral.pk in unfinished,
                "workers": able,
                "suggested": suggested["reference"] if suggested else "",
            }
        )
    return found


def _in_words(tasks):
    """Key of record -> what is to be done on it, in words, in the order of the tasks."""
    found = defaultdict(list)
    for task in tasks:
        found[task.record_id].append(f"{timescale(task.kind).title} ({words.due(task.due_on)})")
    return found


def _bars(referrals):
    """Pairs of (person, user) between which a bar stands."""
    people = [referral.person_id for referral in referrals]
    return AccessBar.objects.filter(record__in=people, lifted_at__isnull=True).values_list("record", "user")


def _parts(referrals):
    """(concern, open referral, its side, its worker) of all the parts in the concerns of these referrals."""
    concerns = Involvement.objects.filter(referral__in=referrals).values("concern")
    found = Involvement.objects.filter(concern__in=concerns, referral__state__in=OPEN)
    return found.values_list("concern", "referral", "referral__side", "referral__worker").distinct()


def _other_sides(referrals, parts):
    """{key of each referral: {key of an open referral of the other side of its concerns: key of its worker}}, of what
    `_parts` has found."""
    of_concern = defaultdict(list)
    for concern, *part in parts:
        of_concern[concern].append(part)
    found = {referral.pk: {} for referral in referrals}
    side_of = {referral.pk: referral.side for referral in referrals}
    for together in of_concern.values():
        for one in found.keys() & {referral for referral, _, _ in together}:
            found[one] |= {other: worker for other, side, worker in together if side != side_of[one]}
    return found


def _able(referral, leaver, carried, named, barred):
    return [
        worker
        for worker in carried
        if worker["key"] != leaver.pk and worker["key"] in named and (referral.person_id, worker["key"]) not in barred
    ]


def _suggested(referral, leaver, able, known, taken, given):
    if referral.worker_id not in (None, leaver.pk):
        # The leaver only has something to do on it: whoever has the child does that.
        return next((worker for worker in able if worker["key"] == referral.worker_id), None)
    here = [worker for worker in able if caseloads.can_be_suggested(worker, known) and worker["key"] not in taken]
    return min(
        here,
        key=lambda worker: (worker["reference"] != known, worker["open"] + given[worker["key"]], worker["late"]),
        default=None,
    )


# --- How far it has come ---------------------------------------------------------------------------------------------


def order_at(reference, manager):
    """The Reassignment that `manager` ordered, or None: nobody else's."""
    return Reassignment.objects.select_related("leaver").filter(reference=reference, by=manager).first()


def progress(order, reader):
    """{"done", "refused", "waiting", "number", "rows"}: a child's name and a link only where the reader may open it."""
    rows = list(order.rows.select_related("referral__record", "worker"))
    names = names_of(reader, {row.referral_id for row in rows})
    counts = {outcome: sum(row.outcome == outcome for row in rows) for outcome in ReassignmentRow.Outcome.values}
    return {**counts, "number": len(rows), "rows": [_progress_row(row, names.get(row.referral_id)) for row in rows]}


MEANINGS = {"waiting": "open", "done": "quiet", "refused": "late"}


def _progress_row(row, name):
    referral = {"text": row.referral.reference, "note": name or "Restricted or not yours to open"}
    if name:
        referral["url"] = reverse("referrals:case", args=[row.referral.reference])
    said = {"text": row.said, "tags": [{"text": row.get_outcome_display(), "meaning": MEANINGS[row.outcome]}]}
    return [referral, {"text": row.worker.name}, said]


def orders_of(manager):
    """The Composed of the latest reassignments that `manager` ordered, each with how many rows are done, refused and
    waiting."""
    counts = {outcome: Count("rows", filter=Q(rows__outcome=outcome)) for outcome in ReassignmentRow.Outcome.values}

    def orders():
        lately = Reassignment.objects.filter(by=manager.pk, asked_at__gte=composed.Moment(KEPT))
        return lately.select_related("leaver").annotate(**counts)[:ORDERS_SHOWN]

    return composed.kept(("reassignments", manager.pk), orders)
