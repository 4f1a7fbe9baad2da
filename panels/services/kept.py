"""What the entries of an agenda say and must not be repeated everywhere, asked of all that is typed about a panel."""

from hsb.core.refusals import NotReady
from panels.selectors.reading import Agenda, PanelReading
from panels.selectors.wording import runs_in
from referrals.models import Person


class Kept:
    """What is on a panel's agenda and must not be repeated everywhere, whichever item it was told of."""

    def __init__(self, panel, actor):
        self._reading = PanelReading(panel, actor)
        self._entries = [entry for item in self._reading.items for entry in Agenda.entries(self._reading, item)]
        self._readable = {entry.pk for item in self._reading.items for entry in self._reading.entries(item)}

    def refuse_from_everybody(self, *texts):
        """Raises NotReady where these texts, which stand in the minutes of every agency, repeat what may not."""
        police_only = [entry for entry in self._entries if entry.police_only]
        not_minuted = [entry for entry in self._entries if entry.not_for_minutes and not entry.police_only]
        told = [entry for entry in self._entries if not entry.police_only and not entry.not_for_minutes]
        self._refuse(
            self._quoted(texts, police_only, told, "for the police only")
            + self._quoted(texts, not_minuted, told, "not for minutes")
        )

    def refuse_from_the_police(self, *texts):
        """The same of texts that stand in the police's minutes alone."""
        not_minuted = [entry for entry in self._entries if entry.not_for_minutes]
        told = [entry for entry in self._entries if not entry.not_for_minutes]
        self._refuse(self._quoted(texts, not_minuted, told, "not for minutes"))

    def refuse_from_the_author(self, *texts):
        """The same of what the author of a form is told: it stands in no minutes."""
        police_only = [entry for entry in self._entries if entry.police_only]
        told = [entry for entry in self._entries if not entry.police_only]
        self._refuse(self._quoted(texts, police_only, told, "for the police only"))

    def _quoted(self, texts, kept, told, why):
        return [(entry, said, why) for text in texts for entry, said in runs_in(text, kept, told=told)]

    def _refuse(self, quoted):
        refused = []
        for entry, said, why in quoted:
            # Which form it is tells as much as the form itself does, where the actor is barred from somebody in it.
            where = f" ({entry.form.reference}, entry {entry.number})" if entry.pk in self._readable else ""
            refused.append(f"“{said}” is {why}{where}: word it differently.")
        if refused:
            raise NotReady(*dict.fromkeys(refused))

    def others_than(self, item):
        """Everybody whom the agenda or one of its forms names, but whom the item is about."""
        persons = {each.person_id for each in self._reading.items if each.person_id}
        persons = persons.union(*self._reading.persons_of_form.values()) - {item.person_id}
        return Person.objects.filter(pk__in=persons)
