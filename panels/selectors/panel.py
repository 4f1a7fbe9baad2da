"""The pages of one panel: its frame, its agenda, one item, said in words; each item by the reader's right."""

from django.urls import reverse

from hsb.core import clock, words
from hsb.core.fetched import fetch
from hsb.core.models import Action
from panels import permissions
from panels.models import ItemAction
from panels.selectors import deeds
from panels.selectors.agenda import RULE, actions_left, by_subject
from panels.selectors.papers import paper_rows, papers_of
from panels.selectors.reading import POLICE_ONLY
from panels.selectors.rounds import action_told, told_cell
from panels.selectors.sifting import handling_tags, not_written_by
from panels.states import (
    OUTCOMES_STAND,
    PANEL_TO_COME,
    ItemOutcome,
    PanelSeatState,
    PanelState,
    Section,
)
from strategy_meetings.selectors.intel_pages import part_called

TELL_AUTHORS = "Tell the authors what came of their forms"
ACTION_HEAD = ("Number", "Action", "Who", "By when")
NO_LONGER_NEEDED = "No longer needed"
SEAT_MEANING = {
    PanelSeatState.EXPECTED: "open",
    PanelSeatState.FILLED: "done",
    PanelSeatState.APOLOGIES: "soon",
    PanelSeatState.EMPTY: "late",
}


def panel_url(reference):
    return reverse("panels:panel", args=[reference])


def panel_frame(panel, user, here=""):
    """What every page of a panel shows around its content: plain data."""
    return {
        "reference": panel.reference,
        "title": "MACE panel",
        "url": panel_url(panel.reference),
        "facts": [when_in_words(panel), cut_off_in_words(panel), panel.get_state_display()],
        "next": next_step(panel, user, here),
        "deeds": _other_deeds(panel, user, here),
    }


def when_in_words(panel):
    if panel.held_on:
        return f"Held on {words.day(panel.held_on)}"
    if panel.state in (PanelState.POSTPONED, PanelState.CANCELLED):
        return f"Was to sit on {words.day(panel.planned_on)}"
    return f"Sits on {words.day(panel.planned_on)}"


def cut_off_in_words(panel):
    passed = panel.cut_off_at <= clock.now()
    return (
        f"Forms were collected until {words.instant(panel.cut_off_at)}"
        if passed
        else (f"Forms are collected until {words.instant(panel.cut_off_at)}")
    )


def still_collected(panel):
    """A sentence for whoever publishes before the cut-off; "" afterwards."""
    if panel.cut_off_at <= clock.now():
        return ""
    return f"Forms are still collected until {words.instant(panel.cut_off_at)}: what comes later makes an addendum."


def next_step(panel, user, here=""):
    """What "Next" shows (components/next.html), or None where nothing is left to do."""
    code = deeds.coming(panel)
    if code is None:
        return None
    said = {"text": deeds.DEEDS[code].words, "who": "The panel's coordinators do this", "when": "", "late": False}
    task = _task_of(panel, code)
    if task is not None:
        said |= {"when": words.due(task.due_on), "late": task.due_on < clock.today()}
    standing = deeds.standing(panel, user, code)
    if not standing.shows:
        return said
    if standing.unmet:
        said["note"] = " ".join(map(str, standing.unmet))
        if code == "publish":
            standing = deeds.standing(panel, user, "compile")
            said["text"] = standing.deed.words
        elif code == "close":  # the minutes went round: only authors are still to hear
            return {**said, "text": TELL_AUTHORS, "who": "Yours to do, on the panel's page"}
        else:
            return {**said, "who": "Yours to do"}
    elif code == "publish":
        said["note"] = still_collected(panel)
    url = deeds.url_of(standing.deed.code, panel)
    if url == here:
        return {**said, "who": "Yours to do, on this page", "here": True}
    return {**said, "who": "Yours to do", "url": url, "button": standing.deed.words}


def _task_of(panel, code):
    """The open task of that deed; of one that has none, the task that is due first. Actions are not the panel's."""
    tasks = panel.open_tasks()
    return next((task for task in tasks if task.kind == deeds.TASK_OF.get(code)), tasks[0] if tasks else None)


def _other_deeds(panel, user, here):
    """Links beside the page: {"text", "url"}; what "Next" shows is not among them."""
    found, coming = [], deeds.coming(panel)
    for each in deeds.standings(panel, user):
        url = deeds.url_of(each.deed.code, panel)
        if url != here and each.opens and each.deed.code != coming:
            addendum = each.deed.code == "compile" and panel.state == PanelState.PUBLISHED
            found.append({"text": "Add what came late as an addendum" if addendum else each.deed.words, "url": url})
    looks = reverse("panels:who_looked", args=[panel.reference])
    if user.has_role(*permissions.PANEL_READERS) and looks != here:
        found.append({"text": "Who looked", "url": looks})
    return found


# --- The agenda ---------------------------------------------------------------------------------------------------


def overview(reading):
    """The panel's own page: plain data."""
    panel, user = reading.panel, reading.user
    coordinates = permissions.can_coordinate(panel, user)
    items = reading.visible
    versions, papers, left, actions = fetch(
        panel.versions_for(police=reading.for_police).select_related("made_by"),
        papers_of(panel),
        actions_left(panel) if reading.whole else ItemAction.objects.none().values_list("pk"),
        actions_on(items, reading) if reading.whole else ItemAction.objects.none(),
    )
    versions = list(enumerate(versions, start=1))[::-1]  # the latest first, numbered as the reader's copy is
    issued = panel.state in OUTCOMES_STAND
    rounds = panel.agenda_versions_of_each(), panel.minutes_versions_of_each()
    open_ones = by_subject(left)
    return {
        "summary": _summary(panel),
        "rule": RULE,
        "item_head": ("Item", "About", "From", "How it stands"),
        "sections": [
            {"title": f"{section.value}: {section.label}", "rows": rows}
            for section in Section
            if (rows := [_item_row(item, reading, open_ones) for item in items if item.section == section])
        ],
        # Whoever is not told what only the police know is not told how much of it there is.
        "kept_back": len(reading.items) - len(items) if reading.for_police else 0,
        "version": _version(*versions[0]) if versions else "",
        "version_head": ("Version", "Made", "SHA-256"),
        "versions": [_version_row(*each) for each in versions],
        "seat_head": ("Seat", "Who", "Came", "Told of the agenda", *(("Told of the minutes",) if issued else ())),
        "seats": [_seat_row(seat, reading, coordinates, *rounds) for seat in panel.seated()],
        "papers": paper_rows(papers, reading),
        "paper_head": ("Paper", "Made"),
        "action_head": ("Item", "Action", "Who", "By when"),
        "actions": _action_rows(actions, reading, coordinates),
        "feedback": _feedback(panel, reading) if coordinates and panel.state == PanelState.ACTIONS_ISSUED else [],
    }


def _summary(panel):
    return [
        {"label": "When", "value": when_in_words(panel)},
        {"label": "Cut-off", "value": words.instant(panel.cut_off_at)},
        {"label": "Where", "value": panel.place, "empty": "Not set yet"},
        {"label": "Chair for the local authority", "value": panel.authority_chair, "empty": "Not named yet"},
        {"label": "Chair for the police", "value": panel.police_chair, "empty": "Not named yet"},
    ]


def _version(number, version):
    kind = "Addendum" if version.addendum else "Agenda"
    return f"{kind}, version {number}, {version.sha256[:12]}"


def _version_row(number, version):
    stands = "Published" if version.published_at else "Compiled"
    by = version.made_by.name if version.made_by_id else "At the cut-off, by the clock"
    kind = "Addendum" if version.addendum else "Agenda"
    return [
        {"text": f"{kind}, version {number}", "note": stands},
        {"text": words.instant(version.made_at), "note": by},
        {"text": " ".join(version.sha256[at : at + 16] for at in range(0, 64, 16))},
    ]


def _item_row(item, reading, open_ones):
    earlier = len(open_ones.get((item.section, item.subject), ()))
    entries = reading.entries(item)
    tags = [{"text": POLICE_ONLY, "meaning": "restricted"}] if item.police_only else []
    if item.carried_times:
        tags.append({"text": f"Carried over {words.count(item.carried_times, 'time')}", "meaning": "soon"})
    url = reverse("panels:item", args=[reading.panel.reference, item.number])
    stands = ItemOutcome(item.outcome).label if item.outcome else ""
    part = part_called(item, item.section)
    forms = {entry.form_id for entry in entries}
    return [
        {"text": item.shown_as, "tags": tags, "note": _called_before(item, reading)},
        {
            "text": reading.called(item),
            "url": url,
            "note": f"{part}. Moved: {reading.hide(item.moved_reason)}"
            if item.moved_to and reading.reads_typed(item)
            else part,
        },
        {
            "text": f"{words.count(len(entries), 'source')}, {words.count(len(forms), 'form')}",
            "note": f"{words.count(earlier, 'open action')} of earlier panels" if earlier else "",
        },
        {"text": stands or ("Not discussed yet" if item.label else "On the draft")},
    ]


def _called_before(item, reading):
    return f"Until the addendum {item.label_before}" if item.label_before and reading.for_police else ""


def _seat_row(seat, reading, coordinates, agenda_versions, minutes_versions):
    panel, issued = reading.panel, reading.panel.state in OUTCOMES_STAND
    agenda_version, minutes_version = agenda_versions[seat.is_of_police], minutes_versions[seat.is_of_police]
    if seat.is_of_police and not reading.for_police:  # which versions they have, and since when, is theirs to know
        agenda_version = minutes_version = None
    first = {"text": seat.get_role_display(), "note": seat.agency}
    if coordinates and panel.state in (*PANEL_TO_COME, PanelState.HELD):
        first["url"] = reverse("panels:seat", args=[panel.reference, seat.number])
    told = [told_cell(seat, agenda_version, reading.hide)]
    if issued:
        told.append(told_cell(seat, minutes_version, reading.hide, minutes=True))
    return [
        first,
        {"text": seat.who or "Nobody is named yet"},
        {"text": "", "tags": [{"text": seat.get_state_display(), "meaning": SEAT_MEANING[seat.state]}]},
        *(cell | {"text": cell["text"] or "Not yet"} for cell in told),
    ]


def actions_on(items, reading):
    """Every action of the panel on one of these items of which the reader may read everything that was typed."""
    known = [item.pk for item in items if reading.may_know_of(item)]
    rows = ItemAction.objects.filter(item__in=known).agreed()
    return rows.select_related("action__owner", "action__source").order_by("action__number")


def _action_rows(actions, reading, coordinates):
    by_item = {item.pk: item for item in reading.items}
    found = []
    for each in actions:
        _, *row = action_row(each, reading, coordinates)
        found.append([{"text": by_item[each.item_id].shown_as}, *row])
    return found


def action_row(each, reading, coordinates):
    """Its number, what, who, by when and how it stands; the panel's own words beside the wording for the record."""
    action, panel, hide = each.action, reading.panel, reading.hide
    what = {"text": hide(each.words)}
    if each.words != action.what:
        what["note"] = f"Wording for the record: {hide(action.what)}"
    own = action.record_id == panel.pk
    if coordinates and own and action.is_open and panel.state in OUTCOMES_STAND:
        what["url"] = reverse("panels:action", args=[panel.reference, action.number])
    if action.done_on:
        by_when = {"text": f"Done on {words.day(action.done_on)}", "note": hide(action.outcome)}
    elif action.cancelled_at:  # why stands on the child's record
        by_when = {"text": NO_LONGER_NEEDED}
    else:
        late = action.due_on < clock.today()
        tags = [{"text": "Late", "meaning": "late"}] if late else []
        by_when = {"text": words.day(action.due_on), "tags": tags}
    told = action_told(each, hide) if panel.state in OUTCOMES_STAND and not action.owner_id else ""
    who = {"text": hide(action.who), "note": ". ".join(filter(None, (hide(action.agency), told)))}
    return [{"text": str(action.number)}, what, who, by_when]


def _feedback(panel, reading):
    """The forms whose authors wait to hear what came of them: [{"reference", "url"}]."""
    if not panel.has_forms_to_hear():
        return []
    forms = forms_to_hear(reading).filter(not_written_by(reading.user))
    return [
        {
            "reference": form.reference,
            "url": reverse("panels:feedback", args=[panel.reference, form.reference]),
        }
        for form in forms.order_by("submitted_at", "pk")
    ]


def forms_to_hear(reading):
    """Forms whose authors wait to hear from this panel, of those from which the reader may read an entry here: they
    need not open the form itself, which can be restricted since."""
    readable = {entry.form_id for item in reading.items for entry in reading.entries(item)}
    return reading.panel.forms_to_hear().filter(pk__in=readable).select_related("record", "author")


# --- One item -----------------------------------------------------------------------------------------------------


def item_page(item, reading):
    """One item of the agenda as the reader may read it: plain data."""
    panel, user = reading.panel, reading.user
    coordinates = permissions.can_coordinate(panel, user)
    sitting = coordinates and panel.state == PanelState.HELD
    reference = panel.reference
    known, typed = reading.may_know_of(item), reading.reads_typed(item)
    urls = {
        "discuss": reverse("panels:discuss", args=[reference, item.number]) if sitting and known else "",
        "add_action": reverse("panels:add_action", args=[reference, item.number]) if sitting else "",
        "amend": reverse("panels:amend", args=[reference, item.number])
        if coordinates and known and panel.state in OUTCOMES_STAND
        else "",
        "move": reverse("panels:move", args=[reference, item.number])
        if coordinates and known and panel.state == PanelState.COLLECTING and not reading.hides(item.moved_reason)
        else "",
    }
    rows = item.actions.agreed().select_related("action__owner", "action__source").order_by("action__number")
    amendments = item.amendments.select_related("written_by", "agreed_user")
    read = (rows, amendments, _actions_about(item)) if typed else (rows.none(), amendments.none(), rows.none())
    actions, amendments, earlier = fetch(*read)
    return {
        "called": reading.called(item),
        "police_only": POLICE_ONLY if item.police_only else "",
        "called_before": _called_before(item, reading),
        "part": part_called(item, item.section),
        "carried": words.count(item.carried_times, "time") if item.carried_times else "",
        "moved": reading.hide(item.moved_reason) if item.moved_to and typed else "",
        "entry_head": ("Form", "What is said", "From whom, how sure"),
        "entries": [_entry_row(entry, reading) for entry in reading.entries(item)],
        "discussion": reading.hide(item.discussion) if typed else "",
        "amendments": _amendments(amendments, reading),
        "outcome": ItemOutcome(item.outcome).label if item.outcome else "",
        "open_head": ("Agreed by", "Action", "Who", "By when"),
        "open_actions": _earlier_actions(earlier, reading),
        "action_head": (*ACTION_HEAD, "Take out") if sitting else ACTION_HEAD,
        "actions": [_with_drop(each, reading, coordinates, sitting) for each in actions],
        "links": urls,
    }


def _amendments(amendments, reading):
    """What was corrected since: {"title", "rows"} for a summary list each."""
    return [
        {
            "title": f"Amendment {each.number}",
            "rows": [
                {"label": "What is corrected", "value": reading.hide(each.text)},
                {"label": "Why", "value": reading.hide(each.reason)},
                {"label": "Agreed", "value": f"{each.agreed}, {words.day(each.agreed_on)}"},
                {"label": "Written by", "value": each.written_by.name},
            ],
        }
        for each in amendments
    ]


def _with_drop(each, reading, coordinates, sitting):
    row = action_row(each, reading, coordinates)
    if not sitting:
        return row
    url = reverse("panels:drop_action", args=[reading.panel.reference, each.action.number])
    return [*row, {"text": "Take out", "url": url, "hidden": reading.hide(each.words)}]


def _entry_row(entry, reading):
    form = {"text": entry.form.reference, "note": f"Entry {entry.number}"}
    if reading.whole:
        form["url"] = reverse("panels:sift", args=[entry.form.reference])
    said_on = f", {words.day(entry.said_on)}" if entry.said_on else ""
    return [
        form,
        {"text": reading.hide(entry.text), "tags": handling_tags(entry)},
        {"text": f"{reading.hide(entry.said_by)}{said_on}", "note": entry.get_reliability_display()},
    ]


def _actions_about(item):
    """Open actions that earlier panels agreed about the same subject."""
    return (
        ItemAction.objects.filter(
            item__section=item.section,
            item__subject=item.subject,
            item__panel__state__in=OUTCOMES_STAND,
            action__in=Action.objects.open(),
        )
        .exclude(item__panel=item.panel_id)
        .select_related("action__owner", "action__source", "item__panel__record")
        .order_by("action__due_on", "action__number")
    )


def _earlier_actions(actions, reading):
    return [
        [{"text": each.item.panel.reference}, *action_row(each, reading, coordinates=False)[1:]] for each in actions
    ]


def people_of(panel):
    """[(reference, name)] of the users on the panel's seats: who can be given something to do."""
    found = {seat.user.reference: seat.user.name for seat in panel.seated() if seat.user_id}
    return sorted(found.items(), key=lambda item: item[1])
