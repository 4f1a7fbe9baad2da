"""The agenda: compiled from accepted forms, by subject; the same again whenever nothing changed (A16, B12).

All of it in one transaction, under the locks of every panel that still runs: of two at once the second finds what the
first made, and one that is killed leaves nothing. Until it is published an agenda is made anew each time; afterwards it
is frozen, and compiling makes an addendum of what is new.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

from django.db import transaction
from django.db.models import CharField, Max, Value
from django.db.models.functions import Cast, Concat

from hsb.core import access, clock, document_store, journal
from hsb.core.door import check_version, lock, noted
from hsb.core.models import Record
from hsb.core.numbers import last_number
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.core.rows import add_rows
from panels.models import AgendaItem, AgendaSource, AgendaVersion, Panel
from panels.permissions import can_coordinate
from panels.selectors.agenda import SECTIONS, in_order, open_actions, wanted
from panels.services import papers, rounds
from panels.states import AGENDA_PAPERS, COMPILABLE, PANEL_OVER, PanelState

AT_A_TIME = 1000


@dataclass(frozen=True)
class Compiled:
    """What a compiling came to: the version in force; `new` where it says something that the last did not;
    `police_only` where nobody but the police hears of it."""

    reference: str
    version: int
    sha256: str
    new: bool
    police_only: bool = False


def lock_panels():
    """Locks every panel that still runs, always in the same order: an entry goes on one agenda alone."""
    return lock(
        *Record.objects.filter(panel__in=Panel.objects.exclude(state__in=PANEL_OVER)).values_list(
            "reference", flat=True
        )
    )


@transaction.atomic
@document_store.undone_together()
def compile_agenda(reference, *, actor=None):
    """Compiles the agenda of a panel that collects; of one that is published, an addendum with its papers. Returns
    Compiled.

    Without `actor` it is the clock that asks, or somebody at the machine: the papers are made by a coordinator then.
    """
    lock_panels()
    panel = Panel.at(reference).first()
    if panel is None:
        raise Panel.DoesNotExist(reference)
    may = actor is None or (access.opens(actor, panel) and can_coordinate(panel, actor))
    if not may:
        raise Denied(record=panel.record, verb="compile_agenda")
    if panel.state not in COMPILABLE:
        raise NotReady("An agenda is compiled while the panel collects forms, and until it sits.")
    compiled = _compile(panel, actor)
    if compiled.new and actor is not None and panel.state == PanelState.PUBLISHED:
        for kind in AGENDA_PAPERS:
            papers.make(panel, kind, actor)
    return compiled


def due():
    """References of the panels whose cut-off has passed and whose agenda was not compiled since."""
    now = clock.now()
    waiting = Panel.objects.filter(state=PanelState.COLLECTING, cut_off_at__lte=now).select_related("record")
    return [
        panel.reference
        for panel in waiting.order_by("cut_off_at", "pk")
        if panel.compiled_at is None or panel.compiled_at < panel.cut_off_at
    ]


@transaction.atomic
def compile_where_due(reference):
    """Compiles it if it is still due once its lock is held: a wake is only a wake. Returns Compiled or None."""
    lock_panels()
    return compile_agenda(reference) if reference in due() else None


def _compile(panel, actor):
    found, now = wanted(panel), clock.now()
    items = _reconcile_items(panel, found, now)
    further = _reconcile_sources(panel, found, items, now)
    if panel.state == PanelState.PUBLISHED:
        compiled = _addendum(panel, found, items, further, actor, now)
        if compiled.new:
            rounds.ask_for_agenda(panel, police_only=compiled.police_only)
    else:
        compiled = _whole(panel, found, items, actor, now)
    Panel.objects.filter(pk=panel.pk).update(compiled_at=now)
    return compiled


def _reconcile_items(panel, found, now):
    """{(section, subject): AgendaItem} of what is wanted; new ones made, others dropped or taken up again.

    Before publication each gets its place too; afterwards what stands keeps it, and what is new is placed by _addendum.
    """
    standing = {(item.section, item.subject): item for item in panel.items.all()}
    places = _places(found, standing) if panel.state != PanelState.PUBLISHED else {}
    last = max((item.number for item in standing.values()), default=0)
    new = []
    # Addresses too: what all may know of first, so that none is missing among theirs.
    numbered = sorted(found.values(), key=lambda each: (each.police_only, SECTIONS.index(each.section), each.in_order))
    for each in numbered:
        if each.key not in standing:
            last += 1
            item = AgendaItem(
                panel=panel, number=last, section=each.section, subject=each.subject, **each.about, **_counted(each)
            )
            item.position = places.get(each.key, 0)
            new.append(item)
    AgendaItem.objects.bulk_create(new, batch_size=AT_A_TIME)
    changed = []
    for key, item in standing.items():
        each = found.get(key)
        now_said = {"dropped_at": None if each is not None or item.label else item.dropped_at or now}
        if each is not None:
            now_said |= _counted(each) | {"position": places.get(key, item.position)}
            if item.moved_to and not _is_moved(item, each):  # its place was one of the other series; its reason stays
                now_said |= {"moved_to": None, "version": item.version + 1}
        if any(getattr(item, name) != said for name, said in now_said.items()):
            for name, said in now_said.items():
                setattr(item, name, said)
            changed.append(item)
    counted = ["dropped_at", "forms", "carried_times", "police_only", "position", "moved_to", "version"]
    AgendaItem.objects.bulk_update(changed, counted, batch_size=AT_A_TIME)
    kept = standing | {(item.section, item.subject): item for item in new}
    return {key: item for key, item in kept.items() if key in found}


def _counted(each):
    return {"forms": len(each.forms), "carried_times": len(each.carried), "police_only": each.police_only}


def _is_moved(item, each):
    """Whether the coordinator's move still says where it stands: a place of one series is none of the other."""
    return bool(item.moved_to) and item.police_only == each.police_only


def _places(found, standing):
    """{(section, subject): place in its series}, by the rule and the coordinator's moves."""
    places = {}
    for section, police_only in product(SECTIONS, (False, True)):
        of_series = [each for each in found.values() if (each.section, each.police_only) == (section, police_only)]
        moves = {
            each.subject: (standing[each.key].moved_to, standing[each.key].moved_at)
            for each in of_series
            if each.key in standing and _is_moved(standing[each.key], each)
        }
        places |= {each.key: place for place, each in enumerate(in_order(of_series, moves), start=1)}
    return places


def _reconcile_sources(panel, found, items, now):
    """Writes which entries each item comes from; returns those that are new, as {(section, subject): [called]}."""
    standing = {source.entry_id: source for source in panel.sources.select_related("item")}
    place = {entry: each for each in found.values() for entry in each.entries}
    new, changed, further = [], [], {}
    next_version = last_number(panel.agenda_versions) + 1 if panel.state == PanelState.PUBLISHED else None
    for entry, each in place.items():
        item, source = items[each.key], standing.get(entry)
        if source is not None and source.dropped_at is None and source.item_id == item.pk:
            continue
        further.setdefault(each.key, []).append(each.called[each.entries.index(entry)])
        if source is None:
            new.append((panel.pk, item.pk, entry, next_version))
        else:
            source.item, source.dropped_at, source.addendum = item, None, next_version
            changed.append(source)
    for entry, source in standing.items():
        if entry not in place and source.dropped_at is None and not source.item.label:
            source.dropped_at = now
            changed.append(source)
    add_rows(AgendaSource, ("panel", "item", "entry", "addendum"), new)
    AgendaSource.objects.bulk_update(changed, ["item", "dropped_at", "addendum"], batch_size=AT_A_TIME)
    return further


def _whole(panel, found, items, actor, now):
    """The agenda of a panel that collects: all of it, in its order."""
    acted = open_actions(panel)
    ordered = sorted(
        found.values(),
        key=lambda each: (SECTIONS.index(each.section), each.police_only, items[each.key].position),
    )
    said = [_said(each, items[each.key], acted) for each in ordered]
    return _version(panel, {"panel": panel.reference, "items": said}, actor, now)


def _said(each, item, acted):
    """One item as a version keeps it: codes and references, no names."""
    return {
        "section": each.section,
        "police_only": each.police_only,
        "position": item.position,
        "subject": each.subject,
        "entries": each.called,
        "carried": len(each.carried),
        "moved_to": item.moved_to or 0,
        "moved_reason": hashlib.sha256(item.moved_reason.encode()).hexdigest() if item.moved_to else "",
        "actions": acted.get(each.key, []),
    }


def _addendum(panel, found, items, further, actor, now):
    """What came in since: new items after the others of their series, further sources of those that stand."""
    if not further:
        last = panel.agenda_versions.order_by("-number").first()
        return Compiled(panel.reference, last.number, last.sha256, new=False)
    acted, said, changed = open_actions(panel), [], []
    for section, police_only in product(SECTIONS, (False, True)):
        last = _last_place(panel, section, police_only)
        of_series = sorted(
            (found[key] for key in further if (key[0], found[key].police_only) == (section, police_only)),
            key=lambda each: (bool(items[each.key].label), each.in_order),
        )
        for each in of_series:
            item = items[each.key]
            if not item.label or _is_told_to_all(item):
                last += 1
                item.label_before, item.position, item.label = item.label, last, f"{item.series}{last}"
                changed.append(item)
            said.append(_said(each, item, acted) | {"entries": further[each.key]})
    AgendaItem.objects.bulk_update(changed, ["position", "label", "label_before"], batch_size=AT_A_TIME)
    kept_back = all(set(called) <= found[key].kept_back for key, called in further.items())
    content = {"panel": panel.reference, "items": said}
    return _version(panel, content, actor, now, addendum=True, police_only=kept_back)


def _is_told_to_all(item):
    """Whether it stands under a number of what only the police know, and all may know of it since."""
    return not item.police_only and item.label.startswith(f"{item.section}P")


def _last_place(panel, section, police_only):
    """The last number of a series that is given, also to what was told to all since."""
    series = f"{section}P" if police_only else section
    given = panel.items.filter(section=section).exclude(label="").values_list("label", "label_before")
    numbers = [label.removeprefix(series) for labels in given for label in labels if label.startswith(series)]
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def _version(panel, content, actor, now, *, addendum=False, police_only=False):
    """A new version where the content differs from the last one's. An addendum is published as it is made."""
    sha256 = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    last = panel.agenda_versions.order_by("-number").first()
    if last is not None and last.sha256 == sha256 and not addendum:
        return Compiled(panel.reference, last.number, sha256, new=False)
    made = AgendaVersion.objects.create(
        panel=panel,
        number=(last.number if last else 0) + 1,
        sha256=sha256,
        content=content,
        addendum=addendum,
        police_only=police_only,
        made_at=now,
        made_by=actor,
        published_at=now if addendum else None,
    )
    journal.write(panel.record, "compile_agenda", actor=actor, version=made.number, sha256=sha256, addendum=addendum)
    return Compiled(panel.reference, made.number, sha256, new=True, police_only=police_only)


def freeze(panel, actor):
    """Compiles once more what is published now, and numbers it. Returns the AgendaVersion. Call with the locks held."""
    compiled = _compile(panel, actor)
    for police_only, series in ((False, ""), (True, "P")):
        standing = panel.items.filter(dropped_at__isnull=True, police_only=police_only)
        standing.update(label=Concat("section", Value(series), Cast("position", CharField())))
    version = panel.agenda_versions.get(number=compiled.version)
    version.published_at = clock.now()
    version.save(update_fields=["published_at"])
    return version


def _later(panel):
    """Now, and after every move that was made on the panel: of two the later counts, whatever the clock says."""
    last = panel.items.aggregate(last=Max("moved_at"))["last"]
    return max(clock.now(), last + timedelta(microseconds=1)) if last else clock.now()


def _check_place(item, version):
    """Raises Changed where the item was moved since, with where it stands as the form calls it."""
    try:
        check_version(item, version, ())
    except Changed as refusal:
        refusal.now |= {"to": item.moved_to or item.position, "reason": item.moved_reason}
        raise


@transaction.atomic
def move_item(reference, number, *, actor, to, reason, version=None):
    """The coordinator moves an item to another place in its series (from 1); the reason is kept. Returns the item."""
    lock_panels()
    with noted(
        Panel,
        reference,
        "move_item",
        actor=actor,
        may=can_coordinate,
        reason=reason,
        asks="Say why the item is moved.",
        item=number,
        to=to,
    ) as move:
        panel = move.subject
        if panel.state != PanelState.COLLECTING:
            raise NotReady("The agenda is frozen: its order can no longer be changed.")
        item = panel.standing_items().filter(number=number).first()
        if item is None:
            raise Denied(record=panel.record, verb="move_item")
        item.record = panel.record
        _check_place(item, version)
        if not 1 <= to <= panel.standing_items().filter(section=item.section, police_only=item.police_only).count():
            raise NotReady(
                "Choose a place that the section has among what is for the police only."
                if item.police_only
                else "Choose a place that the section has: what is for the police only stands after the others."
            )
        item.moved_to, item.moved_reason, item.moved_by, item.moved_at = to, reason, actor, _later(panel)
        item.version += 1
        item.save()
    _compile(panel, actor)
    item.refresh_from_db()
    return item
