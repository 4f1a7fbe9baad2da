"""What goes in a panel's papers: agenda and minutes, for the police and for the other agencies (A16, B12).

Entries for the police only stand in the police's alone; what is not for minutes stands in no minutes; a child whose
record is restricted stands in none by name.
"""

from hsb.core import words
from hsb.core.models import Action
from panels.models import ItemAction
from panels.selectors.agenda import RULE
from panels.selectors.reading import IN_A_TEXT, NAMELESS, POLICE_ONLY, Agenda
from panels.selectors.wording import runs_in
from panels.states import MINUTES_PAPERS, OUTCOMES_STAND, POLICE_PAPERS, ItemOutcome, PanelSeatState, Section
from strategy_meetings.hiding import hider
from strategy_meetings.selectors.intel_pages import part_called

NOT_HERE = "What was said of it is not for these minutes."


def _version(number, each):
    kind = "Addendum" if each.addendum else "Agenda"
    return f"{kind}, version {number}, {words.instant(each.published_at)}, SHA-256 {each.sha256}"


class Paper:
    """One paper of one kind. `data` is what the template gets, `hidden` the keys of whom it does not name."""

    def __init__(self, panel, kind):
        self.panel, self.kind, self.agenda = panel, kind, Agenda(panel)
        self.minutes, self.police = kind in MINUTES_PAPERS, kind in POLICE_PAPERS
        self.hide = hider([(person, IN_A_TEXT) for person in self.agenda.restricted.values()])
        self.hidden = sorted(self.agenda.restricted)

    def entries(self, item):
        return [entry for entry in self.agenda.entries(item) if self._is_for(entry)]

    def _is_for(self, entry):
        return (self.police or not entry.police_only) and not (self.minutes and entry.not_for_minutes)

    def spilt(self):
        """[(item, words)] where what was typed at the sitting repeats an entry that does not stand in this paper,
        whichever item that entry is about."""
        entries = [entry for item in self.agenda.items for entry in self.agenda.entries(item)]
        kept_back = [entry for entry in entries if not self._is_for(entry)]
        told = [entry for entry in entries if self._is_for(entry)]
        found = []
        for item in self.agenda.items if self.minutes else ():
            actions = [said for what, who, _ in self._actions(item) for said in (what, who)]
            typed = [item.discussion, *self._amended(item).values(), *actions]
            for text in typed:
                found += [(item, said) for _, said in runs_in(text, kept_back, told=told)]
        return found

    @property
    def data(self):
        panel = self.panel
        return {
            "reference": panel.reference,
            "planned_on": words.day(panel.held_on if self.minutes else panel.planned_on),
            "place": self.hide(panel.place),
            "chairs": " and ".join(name for name in (panel.authority_chair, panel.police_chair) if name),
            "rule": "" if self.minutes else RULE,
            "seats": self._seats(),
            "versions": [
                _version(number, each)
                for number, each in enumerate(panel.versions_for(police=self.police), start=1)
                if each.published_at
            ],
            "sections": [
                {"title": f"{section.value}: {section.label}", "items": items}
                for section in Section
                if (items := self._items(section))
            ],
        }

    def _seats(self):
        return [
            [seat.get_role_display(), seat.agency, seat.who, seat.get_state_display() if self.minutes else ""]
            for seat in self.panel.seated()
            if (seat.who or seat.agency) and (not self.minutes or seat.state != PanelSeatState.EXPECTED)
        ]

    def _items(self, section):
        shown = []
        for item in self.agenda.items:
            entries = self.entries(item)
            # An item that is known from the police alone does not stand in the other agencies' papers at all.
            if item.section != section or not (entries or self._is_named_without(item)):
                continue
            shown.append(self._item(item, entries))
        return shown

    def _is_named_without(self, item):
        """In minutes an item stands without its entries where only these are not for them."""
        return self.minutes and any(self.police or not entry.police_only for entry in self.agenda.entries(item))

    def _item(self, item, entries):
        carried = f"carried over {words.count(item.carried_times, 'time')}" if item.carried_times else ""
        # Only the police's copy has such an item, and called an item otherwise before.
        known = [POLICE_ONLY.lower()] if item.police_only else []
        if self.police and item.label_before:
            known.append(f"until now {item.label_before}")
        told = [
            f"{self.hide(entry.text)} ({self.hide(entry.said_by)}, {entry.get_reliability_display().lower()})"
            for entry in entries
        ]
        if self.minutes and not entries:
            return {
                "title": f"{item.label}",
                "carried": ", ".join(said for said in (carried, *known) if said),
                "entries": [NOT_HERE],
                "rows": [],
                "actions": [],
                "actions_title": "",
            }
        rows = []
        if self.minutes:
            rows = [["Discussion", self.hide(item.discussion)], ["Outcome", ItemOutcome(item.outcome).label]]
            rows += [[called, self.hide(text)] for called, text in self._amended(item).items()]
        return {
            "title": f"{item.label} {self._called(item)}",
            "carried": ", ".join(said for said in (part_called(item, item.section), carried, *known) if said),
            "entries": told,
            "rows": [row for row in rows if row[1]],
            "actions_title": "Actions" if self.minutes else "Open actions of earlier panels",
            "actions": [
                [self.hide(what), self.hide(who), by]
                for what, who, by in (self._actions(item) if self.minutes else self._earlier(item))
            ],
        }

    def _called(self, item):
        return NAMELESS if item.person_id in self.agenda.restricted else self.hide(item.called)

    def _amended(self, item):
        """{what the amendment is called: what it says}, in their order."""
        return {f"Amendment {each.number}, {words.day(each.agreed_on)}": each.text for each in item.amendments.all()}

    def _actions(self, item):
        """What the panel agreed: in its own words for the police, in the wording for the record for the others."""
        return self._in_words(item.actions.agreed())

    def _earlier(self, item):
        """What earlier panels agreed about the same subject, and is not done yet; for the other agencies nothing of
        what only the police knew of then: it stood in none of their papers."""
        of_panels = ItemAction.objects.filter(item__panel__state__in=OUTCOMES_STAND).exclude(item__panel=self.panel)
        same = of_panels.filter(item__section=item.section, item__subject=item.subject)
        told = same if self.police else same.filter(item__police_only=False)
        return self._in_words(told.filter(action__in=Action.objects.open()))

    def _in_words(self, rows):
        return [
            (
                each.words if self.police else each.action.what,
                f"{each.action.who}, {each.action.agency}",
                words.day(each.action.due_on),
            )
            for each in rows.select_related("action__owner").order_by("action__source", "action__number")
        ]
