"""The coordinator's start page, and what the roof asks: what a panel is called, the flowchart's lines."""

from django.db.models import Count, Q
from django.utils import timezone

from hsb.core import access, actions, clock, composed, words
from hsb.core.addresses import address
from hsb.core.calendar import working_days_between
from hsb.core.called import Called
from hsb.core.fetched import fetch
from hsb.core.riding import riding
from panels.models import Panel
from panels.permissions import PANEL_READERS, can_plan_panel
from panels.selectors.agenda import wanted
from panels.selectors.panel import panel_url, when_in_words
from panels.selectors.sifting import QUEUE_COLUMNS, first_waiting, forms_to_sift, queue
from panels.states import OUTCOMES_STAND, PANEL_OVER, PANEL_TO_COME, PanelState
from strategy_meetings.models import IntelForm
from strategy_meetings.permissions import INTEL_WRITERS
from strategy_meetings.selectors.intel_pages import own_counts

SHOWN = 50
PANEL_COLUMNS = ("Panel", "Cut-off", "How it stands")


def start_page(user):
    """The coordinator's start page: to sift, the next panel, actions that are late, the others."""
    visible = Panel.objects.visible_to(user).select_related("record")
    with riding(forms_to_sift(user).asking_one()):
        forms, to_come, sat, past = fetch(
            first_waiting(user),
            visible.filter(state__in=PANEL_TO_COME).order_by("planned_on", "pk")[:SHOWN],
            _sat(visible),
            visible.filter(state__in=PANEL_OVER).order_by("-planned_on", "-pk")[:SHOWN],
        )
        waiting = queue(user, forms)
    next_one = next((panel for panel in to_come if panel.state != PanelState.POSTPONED), None)
    number = words.count(waiting["number"], "form")
    return {
        "may_plan": can_plan_panel(user),
        "queue": waiting,
        "queue_caption": f"To sift: {number}, {waiting['late'] or 'none'} late",
        "queue_columns": QUEUE_COLUMNS,
        "next": _next(next_one) if next_one else None,
        "unplanned": "" if next_one else _unplanned(),
        "columns": PANEL_COLUMNS,
        "to_come": [_row(panel) for panel in to_come],
        "sat": [_row(panel) for panel in sat],
        "past": [_row(panel) for panel in past],
        "action_columns": actions.LATE_COLUMNS,
        "late_actions": actions.late_by_agency(visible.filter(state__in=OUTCOMES_STAND).values("record"), panel_url),
    }


def _unplanned():
    """A sentence: what would stand on the agenda of a panel, where none is planned."""
    number = len(wanted(None))
    verb = "waits" if number == 1 else "wait"
    return f"No panel is planned. {words.count(number, 'item')} {verb} for one." if number else "No panel is planned."


def _sat(visible):
    return visible.filter(state__in=(PanelState.HELD, PanelState.ACTIONS_ISSUED)).order_by("planned_on", "pk")[:SHOWN]


def _row(panel):
    late = panel.state in PANEL_TO_COME and panel.planned_on < clock.today()
    meaning = "late" if late else "quiet" if panel.state in PANEL_OVER else "open"
    return [
        {
            "text": when_in_words(panel),
            "url": panel_url(panel.reference),
            "hidden": panel.reference,
            "note": panel.reference,
        },
        {"text": words.instant(panel.cut_off_at)},
        {"text": "", "tags": [{"text": panel.get_state_display(), "meaning": meaning}]},
    ]


def _next(panel):
    """The countdown of the next panel, and how many items its agenda has."""
    today = clock.today()
    version, items = map(len, fetch(panel.agenda_versions.values("pk")[:1], panel.standing_items().values("pk")))
    return {
        "title": when_in_words(panel),
        "url": panel_url(panel.reference),
        "state": panel.get_state_display(),
        "tiles": [
            _countdown(timezone.localdate(panel.cut_off_at), today, "to the cut-off"),
            _countdown(panel.planned_on, today, "to the panel"),
            {"number": items, "label": "on the agenda" if version else "on the agenda: not compiled yet"},
        ],
    }


def _countdown(day, today, said):
    left = working_days_between(today, day)
    if day < today:
        return {"number": -left, "label": f"working days since: {said.removeprefix('to ')}"}
    return {"number": left, "label": f"working {'day' if left == 1 else 'days'} {said}"}


PANELS = Called(
    rows=lambda user: Panel.objects.visible_to(user).values("pk", "planned_on"),
    said=lambda row: f"Panel of {words.day(row['planned_on'])}",
)
# By their number: several of a day go to one panel.
FORMS = Called(
    rows=lambda user: IntelForm.objects.visible_to(user).values("pk", "record__reference"),
    said=lambda row: f"Intel form {row['record__reference']}",
)


def panels_called(user, references):
    """Reference of panel -> where it opens, of those the reader may open."""
    found = Panel.objects.visible_to(user).filter(record__reference__in=references)
    rows = found.values_list("record__reference", flat=True)
    return {reference: panel_url(reference) for reference in rows}


def chart_questions(user):
    """The Questions of `chart_lines`, for whoever asks others beside."""
    if user.has_role(*PANEL_READERS):
        return [forms_to_sift(user).asking_one(), _next_agenda(user).asking_one()]
    return [own_counts(user).asking_one()] if user.has_role(*INTEL_WRITERS) else []


def chart_lines(user):
    """The flowchart's numbers in the panel's box: the sift's and the agenda's for coordinators and auditors; for who
    writes intel forms how their own stand; [] for everybody else."""
    if not user.has_role(*PANEL_READERS):
        return _own_forms(user) if user.has_role(*INTEL_WRITERS) else []
    url, agenda = address("panels:list"), _next_agenda(user).row()
    return [
        {"text": "waiting to be sifted", "url": url, **forms_to_sift(user).sums(), "late_url": url},
        {
            "text": "on the next agenda",
            "number": agenda["number"] if agenda else 0,
            "late": 0,
            "url": panel_url(agenda["record__reference"]) if agenda else url,
        },
    ]


def _next_agenda(user):
    """The reference of the next panel, and how many items stand on its agenda; as composed.py keeps it."""

    def first():
        coming = Panel.objects.visible_to(user).filter(state__in=(PanelState.COLLECTING, PanelState.PUBLISHED))
        number = Count("items", filter=Q(items__dropped_at__isnull=True))
        return coming.order_by("planned_on", "pk").annotate(number=number).values("record__reference", "number")[:1]

    return composed.kept(("next agenda", access.rights_today(user)), first)


def _own_forms(user):
    """How the reader's own intel forms stand: the numbers of their list's tables."""
    url, found = address("strategy_meetings:intel_forms"), own_counts(user).sums()
    said = (("to_finish", "of yours to finish"), ("with_panel", "of yours with the panel"))
    return [
        {
            "text": f"intel {'form' if found[code] == 1 else 'forms'} {words_of_it}",
            "number": found[code],
            "late": 0,
            "url": url,
            "late_url": url,
        }
        for code, words_of_it in said
    ]
