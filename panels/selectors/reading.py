"""What of a panel's agenda a reader may read, item by item (B7, B12, B15).

Coordinators and auditors read every entry; who sits on the panel reads what is not for the police only, the police
that too. Nobody opens an item about a person from whom they are barred, nor an entry of a form that names that person;
a child whose record is restricted stands without a name for whom it is not.
"""

from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from hsb.core.fetched import fetch
from hsb.core.keys import IsOneOf, KeysOf
from hsb.core.models import AccessBar
from panels.models import AgendaSource
from panels.permissions import PANEL_READERS
from panels.states import OUTCOMES_STAND, PanelSeatRole
from referrals.models import Person, Referral
from strategy_meetings.hiding import hider
from strategy_meetings.models import IntelChild, IntelEntry, IntelForm

NAMELESS = "A child whose record is restricted"
IN_A_TEXT = "a child whose record is restricted"
POLICE_ONLY = "Police only"


def restricted_persons(ways):
    """Of the persons that are found in these ways (querysets) those whose own record, or a referral of theirs, is
    restricted."""
    referral = Exists(Referral.objects.filter(person=OuterRef("pk"), record__restricted=True))
    persons = Person.objects.filter(IsOneOf("pk", KeysOf(ways))) if ways else Person.objects.none()
    return persons.filter(Q(record__restricted=True) | referral)


def _earlier(panel):
    """(section, subject, form) of the forms behind earlier panels' items of the same subjects: their actions, in words
    that were typed then, stand beside this panel's items."""
    subjects = panel.items.filter(dropped_at__isnull=True).values("subject")
    sources = AgendaSource.objects.filter(
        item__subject__in=subjects, item__panel__state__in=OUTCOMES_STAND, dropped_at__isnull=True
    )
    return sources.exclude(panel=panel).values_list("item__section", "item__subject", "entry__form")


class Agenda:
    """The standing items of a panel with their entries, read once; `beside` are querysets that are asked with them."""

    def __init__(self, panel, *beside):
        self.panel = panel
        items = panel.standing_items().select_related("person", "place", "theme", "moved_by")
        sources = AgendaSource.objects.filter(panel=panel, dropped_at__isnull=True).select_related(
            "entry__form__record", "entry__person", "entry__place", "entry__theme"
        )
        sources = sources.order_by("entry__form__submitted_at", "entry__form", "entry__number")
        items, sources, earlier, *self._beside = fetch(items, sources, _earlier(panel), *beside)
        self.items = list(items)
        # (section, subject) -> keys of the forms behind earlier panels' items of the same.
        self._earlier = {}
        for section, subject, form in earlier:
            self._earlier.setdefault((section, subject), set()).add(form)
        self._by_item = {}
        for source in sources:
            self._by_item.setdefault(source.item_id, []).append(source)

    def sources(self, item):
        return self._by_item.get(item.pk, [])

    def entries(self, item):
        return [source.entry for source in self.sources(item)]

    def forms_of(self, item):
        """Keys of the forms that the item comes from, or came from at an earlier panel."""
        return {entry.form_id for entry in Agenda.entries(self, item)} | self._earlier.get(
            (item.section, item.subject), set()
        )

    @cached_property
    def forms(self):
        """Keys of the forms that the items come from, or came from at an earlier panel."""
        return set().union(*(self.forms_of(item) for item in self.items))

    @cached_property
    def _named(self):
        """(form -> keys of everybody it names; who of these, and of those on the agenda, is restricted)."""
        found = {key: set() for key in self.forms}
        children = IntelChild.objects.filter(form__in=self.forms)
        entries = IntelEntry.objects.filter(form__in=self.forms, dropped_at__isnull=True, person__isnull=False)
        on_it = {item.person_id for item in self.items if item.person_id}
        ways = [Person.objects.filter(pk__in=keys) for keys in (children.values("person"), entries.values("person"))]
        ways = (ways if found else []) + ([Person.objects.filter(pk__in=on_it)] if on_it else [])
        children, entries, restricted = fetch(
            children.values_list("form", "person"), entries.values_list("form", "person"), restricted_persons(ways)
        )
        for form, person in (*children, *entries):
            found[form].add(person)
        return found, list(restricted)

    @property
    def persons_of_form(self):
        """Form -> keys of everybody it names."""
        persons, _ = self._named
        return persons

    @cached_property
    def restricted(self):
        """{key: Person} of those on it, or in its forms, whose record is restricted."""
        _, restricted = self._named
        return {person.pk: person for person in restricted}


class PanelReading(Agenda):
    """One panel as one reader sees it during one request."""

    def __init__(self, panel, user):
        bars = AccessBar.objects.filter(user=user, lifted_at__isnull=True).values_list("record", flat=True)
        seats = panel.seats.filter(user=user, role=PanelSeatRole.POLICE).values_list("pk", flat=True)
        super().__init__(panel, bars, seats)
        barred, of_police = self._beside
        self._barred = set(barred)
        self.user = user
        self.whole = user.has_role(*PANEL_READERS)
        self.for_police = self.whole or bool(of_police)

    @cached_property
    def _whole_forms(self):
        """Keys of the forms that the reader reads whole: where somebody in one is restricted, by name alone."""
        return set(IntelForm.objects.read_whole_by(self.user).filter(pk__in=self.forms).values_list("pk", flat=True))

    def _reads(self, entry):
        if self.persons_of_form[entry.form_id] & self._barred:
            return False
        return self.for_police or not entry.police_only

    def entries(self, item):
        return [entry for entry in super().entries(item) if self._reads(entry)]

    def may_know_of(self, item):
        """Whether nobody whom the item, or a form it comes from, names is barred to the reader."""
        named = set().union(*(self.persons_of_form[form] for form in self.forms_of(item)))
        return item.person_id not in self._barred and not named & self._barred

    def reads_typed(self, item):
        """Whether the reader reads what was typed about the item at a panel: it may be about anybody its forms name."""
        return self.whole and self.may_know_of(item)

    def opens(self, item):
        """Whether the reader may open the item: not where barred, nor where nothing of it is theirs to read."""
        return item.person_id not in self._barred and bool(self.entries(item))

    def knows(self, person_id):
        """Whether a name may be told to the reader."""
        if person_id not in self.restricted:
            return True
        return any(person_id in self.persons_of_form[form] for form in self._whole_forms)

    def called(self, item):
        """What the item is about; without a name where the child's record is restricted and not for this reader."""
        if item.person_id and not self.knows(item.person_id):
            return NAMELESS
        return self.hide(item.called) if not item.person_id else item.called

    @cached_property
    def hide(self):
        """A function of a text: without the names of restricted children who are not for this reader."""
        return hider([(person, IN_A_TEXT) for key, person in self.restricted.items() if not self.knows(key)])

    def hides(self, text):
        """Whether the text names somebody who is not for this reader: who saved it again would write over the name."""
        return self.hide(text) != text

    @property
    def visible(self):
        return [item for item in self.items if self.opens(item)]
