"""What can be done on an intel form, by whom, when: one row a deed. A link that shows is a page that opens."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import OuterRef
from django.urls import NoReverseMatch, reverse

from hsb.core import clock, door, words
from hsb.core.asked_once import asked_once
from hsb.core.models import Task
from hsb.core.rows_beside import Beside, RowsBeside
from strategy_meetings import permissions
from strategy_meetings.selectors.deeds import Standing
from strategy_meetings.selectors.intel import shut_to_panel
from strategy_meetings.states import INTEL_WITH_PANEL, INTEL_WRITABLE, EntryKind, IntelState


@dataclass(frozen=True)
class IntelDeed:
    """One page on which something is done: `code` is its URL name, `verb` the door's, where it moves the form."""

    code: str
    words: str
    verb: str = ""
    states: tuple = ()  # of a deed that leaves the state as it is
    may: Callable | None = None


WRITES = {"states": INTEL_WRITABLE, "may": permissions.can_write_intel}
DEEDS = {
    deed.code: deed
    for deed in (
        IntelDeed("write_intel", "Write why the panel should look at it", **WRITES),
        IntelDeed("add_intel_harmed", "Add a child who was harmed", **WRITES),
        IntelDeed("add_intel_person", "Add a person of concern", **WRITES),
        IntelDeed("add_intel_location", "Add a location", **WRITES),
        IntelDeed("add_intel_theme", "Add a theme or group", **WRITES),
        IntelDeed("submit_intel", "Submit it to the panel", verb="submit"),
        IntelDeed(
            "read_intel_answer",
            "Read what the panel answered",
            states=tuple(IntelState),
            may=permissions.can_read_intel_answer,
        ),
        IntelDeed(
            "let_panel_read",
            "Let the panel's coordinators read it",
            states=INTEL_WITH_PANEL,
            may=permissions.can_write_intel,
        ),
        IntelDeed("withdraw_intel", "Withdraw it", verb="withdraw"),
    )
}
# The section of an entry -> the deed that adds to it.
ADDS = {
    EntryKind.VICTIM: "add_intel_harmed",
    EntryKind.PERSON: "add_intel_person",
    EntryKind.LOCATION: "add_intel_location",
    EntryKind.THEME: "add_intel_theme",
}
WITH_THE_PANEL = {
    IntelState.SUBMITTED: ("sift_intel", "The panel's coordinators sift this form"),
    IntelState.DEFERRED: ("sift_deferred", "The panel's coordinators look at this form again"),
}


# What stands under the step of whoever writes a form that was answered.
FIRST = {
    IntelState.RETURNED: "The panel's advice stands on this form: add what it asks for first",
    IntelState.NOT_FOR_PANEL: "It can be submitted again with more in it, or stay as it is",
}


def url_of(code, form):
    return reverse(f"strategy_meetings:{code}", args=[form.reference])


def standing(form, user, code):
    """How the deed `code` stands for `user`: in time, allowed, and what must be true first."""
    deed = DEEDS[code]
    if deed.verb:
        return _moving(form, user, deed)
    in_time = form.state in deed.states
    if code == "read_intel_answer":
        in_time = _open_task(form, "read_intel_answer") is not None
    if code == "let_panel_read":
        in_time = shut_to_panel(form)
    return Standing(deed, in_time=in_time, allowed=in_time and deed.may(form, user))


def _moving(form, user, deed):
    if deed.verb not in {t.name for t in form.get_available_state_transitions_whatever_the_guards()}:
        return Standing(deed, in_time=False, allowed=False)
    found = next((each for each in door.doors(form, user) if each.verb == deed.verb), None)
    return Standing(deed, in_time=True, allowed=found is not None, unmet=found.unmet if found else ())


def standings(form, user):
    """{code: Standing} of every deed, in their order."""
    return {code: standing(form, user, code) for code in DEEDS}


# What a page of a form asks of it, read with the form itself.
BESIDE = Beside({"tasks": RowsBeside(Task.objects.open().filter(record=OuterRef("pk")), by=("due_on", "pk"))})


@asked_once
def _open_tasks(form):
    """Open tasks, the first due first; a page has read them with the form (views.intel.InIntel)."""
    return BESIDE.of(form)["tasks"]


def _open_task(form, *kinds):
    return next((task for task in _open_tasks(form) if task.kind in kinds), None)


def sift_url(form):
    """Where the form is sifted: a page of the floor above; "" until it stands."""
    try:
        return reverse("panels:sift", args=[form.reference])
    except NoReverseMatch:
        return ""


def next_step(form, user, found, here=""):
    """What "Next" shows (components/next.html), or None where nothing is left to do. `found`: `standings`."""
    if (answer := found["read_intel_answer"]).in_time and (answer.shows or form.state not in INTEL_WRITABLE):
        text = f"{form.author.name} is to read what the panel answered"
        return _step(form, answer, here, text, _open_task(form, "read_intel_answer"))
    if form.state in INTEL_WRITABLE:
        code = "submit_intel" if found["submit_intel"].opens else _first_missing(form)
        task = _open_task(form, "intel_again")
        step = _step(form, found[code], here, f"{form.author.name} writes this form", task)
        return {**step, "note": FIRST[form.state]} if form.state in FIRST and found[code].shows else step
    if (shut := found["let_panel_read"]).in_time:
        text = "Nobody of the panel reads this form, since a record in it is restricted"
        return _step(form, shut, here, text, _open_task(form, "sift_intel", "sift_deferred"))
    if form.state in WITH_THE_PANEL:
        return _sift(form, user)
    if form.state == IntelState.ACCEPTED:
        return {"text": "The panel discusses what this form says", "who": "", "when": "", "late": False}
    return None


def _first_missing(form):
    says_why = form.criteria and form.why.strip() and form.asked.strip()
    return "add_intel_person" if says_why else "write_intel"


def _step(form, deed, here, whose, task):
    when = (
        {"when": words.due(task.due_on), "late": task.due_on < clock.today()} if task else {"when": "", "late": False}
    )
    if not deed.shows:
        return {"text": whose, "who": "", **when}
    url, text = url_of(deed.deed.code, form), deed.deed.words
    if url == here:
        return {"text": text, "who": "Yours to do, on this page", "here": True, **when}
    return {"text": text, "who": "Yours to do", "url": url, "button": text, **when}


def _sift(form, user):
    kind, text = WITH_THE_PANEL[form.state]
    task = _open_task(form, kind)
    when = (
        {"when": words.due(task.due_on), "late": task.due_on < clock.today()} if task else {"when": "", "late": False}
    )
    if permissions.can_sift(form, user) and (url := sift_url(form)):
        return {"text": "Sift this form", "who": "Yours to do", "url": url, "button": "Sift this form", **when}
    return {"text": text, "who": "", **when}
