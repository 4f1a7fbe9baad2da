"""Who is still to be told of the agenda, of the minutes, of their actions; with which paper; said in words."""

from django.urls import reverse

from hsb.core import words
from hsb.core.models import Action
from panels.models import ItemAction
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
    panel = reading.panel
    known = {item.pk for item in reading.items if reading.may_know_of(item)}
    waiting = set(panel.actions_to_tell().values_list("pk", flat=True))
    of_panel = Action.objects.filter(source=panel.pk, owner__isnull=True, panel_action__item__in=known)
    found = {}
    for action in of_panel.order_by("number"):
        found.setdefault(_agency(action), []).append(action)
    by_number = {str(of_agency[0].number): of_agency for of_agency in found.values()}
    left = {code: [each for each in of_agency if each.pk in waiting] for code, of_agency in by_number.items()}
    return {code: of_agency for code, of_agency in left.items() if of_agency}


def _agency(action):
    """One agency, however its name was typed."""
    return " ".join(action.agency.casefold().split())


def agencies_left(reading):
    """[(code, words)] for the tick boxes of agencies that are still to be told of their actions."""
    found = agencies_to_tell(reading)
    return [
        (code, f"{reading.hide(of_agency[0].agency)}: {words.count(len(of_agency), 'action')}")
        for code, of_agency in found.items()
    ]


def seats_left(to_tell):
    """Of the seats that are still to be told: [(number, words)] for the tick boxes."""
    return [(str(seat.number), seat_called(seat)) for seat in told_by_hand(to_tell.select_related("user"))]


def round_page(reading, papers, minutes):
    """What the page says of a round: who gets which paper, told when; which agency of which actions. `papers`: kind ->
    the latest Document that the reader may open."""
    panel = reading.panel
    version = panel.minutes_version if minutes else panel.agenda_version
    stands = {police: version(police=police) for police in (True, False)}
    return {
        "version": stands[True],
        "seat_head": SEAT_HEAD,
        "seats": [
            _seat_row(seat, stands[seat.is_of_police], minutes, papers, reading)
            for seat in panel.seats.select_related("user")
        ],
        "action_head": ACTION_HEAD,
        "actions": action_rows(reading) if minutes else [],
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


def action_rows(reading):
    """The actions of those without an account, in the wording for the record, by agency."""
    by_item = {item.pk: item for item in reading.visible if reading.may_know_of(item)}
    rows = ItemAction.objects.filter(
        item__in=by_item, action__owner__isnull=True, action__cancelled_at__isnull=True
    ).select_related("action__source")
    hide = reading.hide
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
