"""Tasks as people see them: mine, my team's, oldest first, one click to where each is done."""

from collections import defaultdict
from itertools import islice

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from hsb.core import access, clock, composed, words, work
from hsb.core.addresses import address
from hsb.core.called import Called
from hsb.core.composed import among
from hsb.core.keys import FEW_TEAMS, KeysOf
from hsb.core.models import AccessGrant, Record, Task
from hsb.core.models.work import DECIDED
from hsb.core.riding import riding
from hsb.core.states import RecordKind
from hsb.core.timescales import timescale
from hsb.people.models import Membership
from hsb.people.states import CASE_ROLES, Role
from panels.selectors.lists import PANELS
from panels.selectors.mapping import MAPS
from referrals.models import PoliceReferral, Reader, Referral
from referrals.selectors.following import task_url
from referrals.selectors.listed import opened_by
from referrals.selectors.lists import due_cell
from referrals.selectors.names import CHILDREN, PARTS, known_as
from referrals.states import OPEN, POLICE_UNRESOLVED, ReferralState
from strategy_meetings.selectors.intel_pages import FORMS
from strategy_meetings.selectors.lists import MEETINGS

# Asked of managers: to decide, not to do.
DECISIONS = (
    "decide",
    "reassess",
    "meeting_decision",
    "confirm_nfa",
    "conclude_section_47",
    "answer_offer",
    "close",
    "approve_police_referral",
    "excuse_police_referral",
    "review_break_glass",
    "answer_access",
    "borough_transfer",
)
OTHER_NOUNS = [kind for kind in work.ASKED_ON if kind != RecordKind.REFERRAL]
SHOWN = 100
# How far the number of what is due is counted.
COUNTED = 100
FEW_ROWS = 50  # of fewer the first tasks may all be about the same form
EVERY = Q()
# What one row may show for several children: they are in one Form 87A.
SHARED = "police_referral"
FIRST_DUE = ("due_on", "pk")
# Where a record is looked at that is no child's.
PAGES = {
    RecordKind.MEETING: "strategy_meetings:meeting",
    RecordKind.INTEL_FORM: "strategy_meetings:intel",
    RecordKind.MAPPING: "panels:mapping",
    RecordKind.PANEL: "panels:panel",
}


def tasks_of(user, which=EVERY, first=None):
    """The open tasks of `user`: their own, those of a role they hold in a team, and what their teams logged; those that
    the Q `which` holds for. Where `first` is given, so many that are due first, and perhaps others."""
    parts = _parts_of(user, which)
    if first is not None:
        # The first of all are among the first of each.
        parts = [part.order_by(*FIRST_DUE)[:first] for part in parts]
    return Task.objects.filter(pk__in=KeysOf(parts))


def _parts_of(user, which):
    """`tasks_of` as several querysets. Each is found by an index of its own and the keys are put together: asked in one
    breath, the database reads every task and every referral of the borough."""
    opened = Task.objects.open().filter(which)
    opens = Q(opened_by(user, OuterRef("record")))
    parts = [opened.filter(_asked_of(user)), opened.filter(opens, owner=user, kind__in=work.PERSONAL)]
    if user.has_role(*CASE_ROLES):
        parts += [opened.filter(opens, logged) for logged in _logged(user)]
    return [part.order_by() for part in parts]


def _parts_apart(user, which):
    """The same, each task in one of them alone; first what is a row by itself, then what may share one."""
    asked, *others = _parts_of(user, which)
    others = [part.exclude(_asked_of(user)) for part in others]
    if not user.has_role(*CASE_ROLES):
        return [asked, *others]
    personal, mine, *decided = others
    return [asked.exclude(kind=SHARED), personal, *decided, asked.filter(kind=SHARED), mine]


def _asked_of(user):
    """The Q of `tasks_of`. A team's task on a restricted record counts only for somebody who is named on it."""
    mine = Q(owner=user) & ~Q(kind__in=work.PERSONAL)
    if (left := access.given_in_earlier_teams(user)) is not None:
        mine &= ~Q(record__in=left.values("record"))
    in_role = Q()
    for membership in user.current_memberships():
        if membership.role in (*CASE_ROLES, Role.CHAIR, Role.COORDINATOR):
            in_role |= Q(team=membership.team_id, role=membership.role)
    if in_role:
        mine |= in_role & _may_know(user)
    return mine


def _may_know(user):
    """The Q of tasks on records that are not restricted, or on which `user` is named.

    The few restricted records are left out: to look at each task's own record, the database reads every one.
    """
    named = AccessGrant.objects.filter(access.live(), record=OuterRef("record"), user=user)
    return ~Q(record__in=Record.objects.filter(restricted=True).values("pk")) | Exists(named)


def _logged(user):
    """The Qs of what is asked of another team, on referrals that `user`, or a team that `user` manages, logged, where
    `user` may open them.

    Form 87A is due the same day, and who wrote the concern may draft and send it as well as the team that is asked (B3,
    B4); of decisions the front door is asked, the managers of who logged it may take them too (B6).
    """
    opened = Referral.objects.filter(state__in=OPEN)
    mine = opened.filter(author=user, police_outstanding=True)
    yield Q(kind=SHARED, record__in=mine.values("pk"))
    if teams := user.teams_as(Role.MANAGER):
        yield Q(kind__in=DECIDED, record__in=opened.filter(authors_team__in=teams).values("pk"))


def team_tasks_of(manager):
    """The open tasks of the teams that `manager` manages: on what a team holds, or asked of somebody in it; not what
    one person is asked by name. Of a referral that has ended, what somebody in it is asked."""
    teams = manager.teams_as(Role.MANAGER)
    members = Membership.objects.current(clock.today()).filter(team__in=teams, role__in=CASE_ROLES)
    opened = Task.objects.open().exclude(kind__in=work.PERSONAL)
    # Each by an index of its own, as in tasks_of: asked with "or", the database reads every task and every record.
    open_ones = Reader.objects.of(manager).filter(is_open=True, holding_team__in=teams)
    others = Record.objects.filter(kind__in=OTHER_NOUNS, holding_team__in=teams)
    open_referrals, others, asked, of_members = (
        opened.filter(theirs).order_by().values("pk")
        for theirs in (
            Q(record__in=open_ones.values("record")),
            Q(record__in=others.values("pk")),
            Q(team__in=teams),
            Q(owner__in=members.values("user")),
        )
    )
    # An intel form stays its writers' team's; what is asked of the panel on it is not theirs to do.
    of_the_panel = Q(record__kind=RecordKind.INTEL_FORM, team__isnull=False) & ~Q(team__in=teams)
    theirs = open_referrals.union(others, asked, of_members)
    # Few are looked up by their keys. Many are looked for among the open ones: if not told so, the database goes
    # through all there ever were.
    rows = Task.objects.open() if len(teams) > FEW_TEAMS else Task.objects.all()
    return rows.filter(_may_know(manager), pk__in=theirs).exclude(of_the_panel)


# --- One form, one row ---------------------------------------------------------------------------------------------


def _by_form(tasks):
    """The tasks, each with `form`: equal on those that are about one and the same Form 87A, and on no others.

    A child of two concerns with a form each has one task for both: it stays by itself.
    """
    unresolved = PoliceReferral.objects.filter(
        state__in=POLICE_UNRESOLVED, concern__involvements__referral=OuterRef("record")
    )
    the_only_one = (
        unresolved.order_by()
        .annotate(all=Value(1))
        .values("all")
        .annotate(first=Min("pk"), last=Max("pk"))
        .filter(first=F("last"))
        .values("first")
    )
    by_itself = -F("pk")
    form = Case(When(kind=SHARED, then=Coalesce(Subquery(the_only_one), by_itself)), default=by_itself)
    return tasks.annotate(form=form)


def _together(user, asked, tasks, size):
    """At most `size` rows, the first due first: each the list of tasks that it stands for, as dictionaries.

    `asked` is the name of what `tasks` gives: a function of how many of the first are needed (None: of all). `covers`
    of a task about Form 87A is how many children the form covers, whoever works with them. With them, as the second
    value, key of record -> what `user` may call it.
    """
    first, is_all = _first(user, asked, tasks, size)
    groups = {}
    for task in first:
        groups.setdefault(task["form"], []).append(task)
    groups = dict(islice(groups.items(), size))
    forms = sorted(form for form in groups if form > 0)
    # Somebody in one may be due later than all that was read. What was sent meanwhile stays as it was read.
    whole = _whole(user, asked, tasks, forms) if forms and not is_all else None
    with riding(*_asking_called(user, groups.values()), COVERED.asking(user, forms), whole and whole.asking):
        names, covers = _called(user, groups.values()), COVERED.of(user, forms)
        rows = whole.rows() if whole else ()
    of_forms = {}
    for task in rows:
        of_forms.setdefault(task["form"], []).append(task)
        if task["opens"]:
            names[task["record"]] = known_as(*(task[name] for name in NAMES))
    groups |= of_forms
    found = [[task | {"covers": covers.get(form, 0)} for task in group] for form, group in groups.items()]
    return found, names


def _whole(user, asked, tasks, forms):
    """What asks for the tasks that are about these forms, each with `opens`, whether the reader may open its child, and
    with that child's name."""
    of_them, given = among("form", forms)

    def rows():
        opens = Exists(Referral.objects.visible_to(user).filter(pk=OuterRef("record")))
        of_forms = _by_form(tasks(None)).filter(of_them).annotate(opens=opens)
        return of_forms.order_by(*FIRST_DUE).values("form", "opens", *NAMES, *FIELDS)

    return composed.Asked(composed.kept((asked, "of forms", access.rights_today(user), len(given)), rows), given)


def _first(user, asked, tasks, size):
    """(the tasks that are due first, as many as `size` rows begin with; whether they are all).

    Few tasks share a row, so the first ones in their order hold its beginning: to put all of them together before they
    are cut off, the database would sort every task there is.
    """
    number = _enough(size)
    while True:
        found = _first_ones(user, asked, tasks, number).rows()
        if len(found) < number or len({task["form"] for task in found}) >= size:
            return found, len(found) < number
        number *= 2


def _enough(size):
    """How many tasks are asked for at first."""
    return 2 * max(size, FEW_ROWS)


def _first_ones(user, asked, tasks, number):
    """The Composed of the first `number` of the tasks."""

    def rows():
        return _by_form(tasks(number)).order_by(*FIRST_DUE).values("form", *FIELDS)[:number]

    return composed.kept((asked, access.rights_today(user), number), rows)


def _with_children(forms):
    """Each Form 87A with `number`: how many children it covers (PoliceReferral.children)."""
    parts = Q(concern__involvements__referral__isnull=False)
    attached = Q(concern__involvements__referral__state=ReferralState.ATTACHED)
    return forms.annotate(number=Count("concern__involvements__person", distinct=True, filter=parts & ~attached))


COVERED = Called(
    rows=lambda user: _with_children(PoliceReferral.objects.all()).values("pk", "number"),
    said=lambda row: row["number"],
)
# Of a task, what its child is called.
NAMES = [f"record__referral__{part}" for part in PARTS]
FIELDS = (
    "kind",
    "about",
    "due_on",
    "record",
    "record__kind",
    "record__reference",
    "owner",
    "owner__name",
    "team",
    "role",
    "team__name",
)


def team_task_rows(manager, size):
    """{"rows", "number", "late"}: what the teams of `manager` have to do, oldest due first; at most `size` rows.

    Each row says who is asked. A child's name, and the link, stand only where the manager may open the record.
    """
    today = clock.today()
    found, names = _together(manager, *_of_teams(manager), size)
    sums = _team_sums(manager).sums()
    rows = []
    for group in found:
        what, child, due = _row(group, names, today)
        if not any(_is_of(manager, task) for task in group):
            # A colleague's: the manager looks at the record, and does not do it.
            what = {"text": what["text"]}
            if opened := _first_opened(group, names):
                child["url"] = _record_url(opened)
        rows.append([what, child, {"text": words.listed(dict.fromkeys(map(_asked, group)))}, due])
    return {"rows": rows, **sums}


def asking_team_tasks(manager, size):
    """The Questions of `team_task_rows`, but for what they lead to."""
    return [_first_ones(manager, *_of_teams(manager), _enough(size)).asking(), _team_sums(manager).asking_one()]


def _of_teams(manager):
    """What `_together` asks for the manager's teams."""
    return "team tasks", lambda first: team_tasks_of(manager)


def _team_sums(manager):
    """The Composed of {"number", "late"}: how many rows the tasks of the manager's teams are, and how many of them are
    late."""

    def row():
        late = Count("form", distinct=True, filter=Q(due_on__lt=clock.today()))
        return composed.sums(_by_form(team_tasks_of(manager)), number=Count("form", distinct=True), late=late)

    return composed.kept(("team sums", access.rights_today(manager)), row)


def _is_of(manager, task):
    """Whether a task is asked of this manager: by name, or as a manager of the team."""
    asked = task["role"] == Role.MANAGER and task["team"] in manager.teams_as(Role.MANAGER)
    return task["owner"] == manager.pk or asked


def _record_url(task):
    return address(PAGES.get(task["record__kind"], "referrals:case"), task["record__reference"])


def _asked(task):
    return task["owner__name"] or f"{Role(task['role']).label}s of {task['team__name']}"


CALLED = {
    RecordKind.REFERRAL: CHILDREN,
    RecordKind.MEETING: MEETINGS,
    RecordKind.INTEL_FORM: FORMS,
    RecordKind.MAPPING: MAPS,
    RecordKind.PANEL: PANELS,
}


def _called(user, found):
    """Key of record -> what `user` may call it: a child's name, the day of a meeting or an intel form. `found` are rows
    of tasks."""
    names = {}
    for called, keys in _called_of_each(found):
        names |= called.of(user, keys)
    return names


def _asking_called(user, found):
    """The Questions of `_called`."""
    return [called.asking(user, keys) for called, keys in _called_of_each(found)]


def _called_of_each(found):
    keys = defaultdict(set)
    for group in found:
        for task in group:
            keys[task["record__kind"]].add(task["record"])
    return [(CALLED[kind], of_kind) for kind, of_kind in keys.items() if kind in CALLED]


def tasks_due(user):
    """How many of the user's open tasks are due today or late, as many as rows show them: at most COUNTED.

    The number stands on every page. To count the thousands of somebody with twenty teams took most of its time.
    """
    found = first_tasks_due(user).sums()
    if found["rows"] < COUNTED <= found["tasks"]:
        # Many tasks share a row, and some may not have been found.
        def every():
            return _rows_of(tasks_of(user, Q(due_on__lte=clock.today())))

        found = composed.kept(("tasks due", access.rights_today(user)), every).sums()
    return min(found["rows"], COUNTED)


def first_tasks_due(user):
    """The sums of `tasks_due`, as they are kept: COUNTED tasks or more are counted."""

    def first():
        parts = _parts_apart(user, Q(due_on__lte=clock.today()))
        return _rows_of(Task.objects.filter(pk__in=KeysOf(parts, most=COUNTED)))

    return composed.kept(("first tasks due", access.rights_today(user)), first)


def _rows_of(tasks):
    """A queryset of the one row {"tasks", "rows"}: how many tasks, and how many rows show them."""
    return composed.sums(_by_form(tasks), tasks=Count("pk"), rows=Count("form", distinct=True))


def task_rows(user):
    """{"own", "decisions", "teams", "more"}: rows for the table component, oldest due first, at most SHOWN in all.

    `decisions` wait for the teams the user manages, `teams` for anybody in a role of theirs; `more` says whether
    there are more. A child's name stands only on rows whose referral the reader may open; the link too.
    """
    today = clock.today()
    found, names = _together(user, "tasks", lambda first: tasks_of(user, first=first), SHOWN + 1)
    more, found = len(found) > SHOWN, found[:SHOWN]
    rows = {"own": [], "decisions": [], "teams": [], "more": more}
    for group in found:
        rows[_list_of(group, user)].append(_row(group, names, today))
    return rows


def _list_of(group, user):
    if any(task["owner"] == user.pk for task in group):
        return "own"
    return "decisions" if group[0]["kind"] in DECISIONS else "teams"


def _first_opened(group, names):
    """The first task of the row whose record the reader may open, or None."""
    return next((task for task in group if task["record"] in names), None)


def _row(group, names, today):
    """The cells of one row: what to do, for which child or children, by when. `names` are those that may be read."""
    opened = _first_opened(group, names)
    task = opened or group[0]
    title = {"text": timescale(task["kind"]).title}
    child = _children(group, names)
    if opened:
        title["url"] = task_url(task["kind"], task["record__reference"], task["about"])
        title["hidden"] = f"for {child}"
    note = task["record__reference"]
    if task["covers"] > 1:
        note = f"{note}: one form for {words.count(task['covers'], 'child', 'children')}"
    return [title, {"text": child, "note": note}, due_cell(group[0]["due_on"], today)]


def _children(group, names):
    """Who a row is about: by name where the reader may open the record, the others by their number."""
    named = [names[task["record"]] for task in group if task["record"] in names]
    hidden = len(group) - len(named)
    if not hidden:
        return words.listed(named)
    return words.listed([*named, f"{hidden} more, {NOT_YOURS}"]) if named else NOT_YOURS.capitalize()


NOT_YOURS = "restricted or not yours to open"
TASK_COLUMNS = ("What to do", "Child", "By when")
TEAM_TASK_COLUMNS = ("What is to do", "Child", "Who", "By when")
