"""Who is still to be told of the agenda, of the minutes, of their actions; with which paper; said in words."""

from django.urls import reverse

from hsb.core import words
from hsb.core.fetched import fetch
from hsb.core.models import Action
from panels.models import ItemAction
from panels.selectors.papers import may_open_paper, papers_of
from panels.states import PanelPaperKind

SEAT_HEAD = ("Seat", "Who", "Gets", "Told")
ACTION_HEAD = ("Agency", "Action", "Who", "By when", "Told")
NO_PAPER = "Not made yet: make it first"
MESSAGE = "By a message, when you send it round"


def told_by_hand(seats):
    """Those whom no message reaches, and somebody can tell: without an account, but with a name or an agency."""
    return [seat for seat in seats if not seat.has_account and (seat.who or seat.agency)]


def seat_called(seat):
    """A seat in the words of a tick box."""
    return ", ".join(filter(None, (seat.get_role_display(), seat.agency, seat.who)))


def agencies_to_tell(reading):
    """{number of the agency's first action: its Actions} of which it is still to be told; only of items of which the
    reader may read what was typed."""
    return _by_agency(*fetch(*_asking_of_agencies(reading)))


def _asking_of_agencies(reading):
    """What `_by_agency` takes: the agencies' actions, and the keys of those of which they are still to be told."""
    known = {item.pk for item in reading.items if reading.may_know_of(item)}
    of_panel = Action.objects.filter(source=reading.panel.pk, owner__isnull=True, panel_action__item__in=known)
    return of_panel.order_by("number"), reading.panel.actions_to_tell().values_list("pk", flat=True)


def _by_agency(actions, waiting):
    found, waiting = {}, set(waiting)
    for action in actions:
        found.setdefault(_agency(action), []).append(action)
    by_number = {str(of_agency[0].number): of_agency for of_agency in found.values()}
    left = {code: [each for each in of_agency if each.pk in waiting] for code, of_agency in by_number.items()}
    return {code: of_agency for code, of_agency in left.items() if of_agency}


def _agency(action):
    """One agency, however its name was typed."""
    return " ".join(action.agency.casefold().split())


def seats_left(to_tell):
    """Of the seats that are still to be told: [(number, words)] for the tick boxes."""
    return [(str(seat.number), seat_called(seat)) for seat in told_by_hand(to_tell)]


class Round:
    """What a reader's page says of a round, of the minutes or of the agenda: read once."""

    def __init__(self, reading, *, minutes):
        self.reading, self.minutes = reading, minutes
        asked = [papers_of(reading.panel)]
        if minutes:
            asked += [*_asking_of_agencies(reading), _of_agencies(reading)]
        papers, *self._of_agencies = fetch(*asked)
        # {kind: the latest Document of it that the reader may open}
        self.papers = {
            document.kind: document for document in reversed(papers) if may_open_paper(reading, document.panel_paper)
        }

    def agencies_left(self):
        """[(code, words)] for the tick boxes of agencies that are still to be told of their actions."""
        actions, waiting, _ = self._of_agencies
        return [
            (code, f"{self.reading.hide(of_agency[0].agency)}: {words.count(len(of_agency), 'action')}")
            for code, of_agency in _by_agency(actions, waiting).items()
        ]

    def page(self):
        """Who gets which paper, told when; which agency of which actions: plain data."""
        reading, minutes, panel = self.reading, self.minutes, self.reading.panel
        stands = panel.minutes_versions_of_each() if minutes else panel.agenda_versions_of_each()
        return {
            "version": stands[True],
            "seat_head": SEAT_HEAD,
            "seats": [
                _seat_row(seat, stands[seat.is_of_police], minutes, self.papers, reading) for seat in panel.seated()
            ],
            "action_head": ACTION_HEAD,
            "actions": _action_rows(reading, self._of_agencies[-1]) if minutes else [],
            "kept_back": minutes and any(not reading.may_know_of(item) for item in reading.items),
        }


def paper_kind(seat, minutes):
    """The police's paper for the police's seats, the agencies' for the others."""
    if seat.is_of_police:
        return PanelPaperKind.MINUTES_POLICE if minutes else PanelPaperKind.AGENDA_POLICE
    return PanelPaperKind.MINUTES_AGENCIES if minutes else PanelPaperKind.AGENDA_AGENCIES


def _seat_row(seat, version, minutes, papers, reading):
    kind = paper_kind(seat, minutes)
    gets, document = {"text": kind.label}, papers.get(kind)
    if document is None or (not minutes and document.panel_paper.agenda_version != version):
        gets |= {"url": reverse("panels:make_paper", args=[reading.panel.reference]), "note": NO_PAPER}
    else:
        gets["url"] = reverse("panels:paper", args=[reading.panel.reference, document.number])
    told = told_cell(seat, version, reading.hide, minutes=minutes)
    if not told["text"] and seat.has_account:
        told["text"] = MESSAGE
    return [
        {"text": seat.get_role_display(), "note": seat.agency},
        {"text": seat.who or "Nobody is named"},
        gets,
        told | {"text": told["text"] or "Not yet"},
    ]


def told_cell(seat, version, hide, *, minutes=False):
    """When a seat was told, of which version (None: that it was told is all that is said); or why it is not. "" where
    neither is so."""
    on = seat.minutes_on if minutes else seat.told_on
    told = seat.minutes_version if minutes else seat.told_version
    reason = hide(seat.minutes_untold_reason if minutes else seat.untold_reason)
    if version is None:
        return {"text": "Told" if on else ""}
    said = f"Version {told}, {words.day(on)}" if on else ""
    if reason:
        return {"text": said or "Not told", "note": f"Not of version {version}: {reason}" if on else reason}
    if on and told != version:
        return {"text": said, "note": f"Not of version {version} yet"}
    return {"text": said}


def _of_agencies(reading):
    """The actions of those without an account on items of which the reader may read what was typed."""
    known = [item.pk for item in reading.visible if reading.may_know_of(item)]
    rows = ItemAction.objects.filter(item__in=known, action__owner__isnull=True, action__cancelled_at__isnull=True)
    return rows.select_related("action__source")


def _action_rows(reading, rows):
    """Those in the wording for the record, by agency."""
    by_item, hide = {item.pk: item for item in reading.items}, reading.hide
    return [
        [
            {"text": hide(each.action.agency)},
            {"text": hide(each.action.what), "note": by_item[each.item_id].shown_as},
            {"text": hide(each.action.who)},
            {"text": words.day(each.action.due_on)},
            {"text": action_told(each, hide) or ("Done" if each.action.done_on else "Not yet")},
        ]
        for each in sorted(rows, key=lambda each: (_agency(each.action), each.action.number))
    ]


def action_told(each, hide):
    """ "Told on 24 November 2026, by secure mail", or why their agency is not; "" where neither is so."""
    if each.told_on:
        return f"Told on {words.day(each.told_on)}, {hide(each.told_how)}"
    return f"Not told: {hide(each.untold_reason)}" if each.untold_reason else ""
