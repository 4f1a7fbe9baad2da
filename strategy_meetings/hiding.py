"""Hides in a text everybody of a meeting's concern but the child it is about: words stand for the names (B7, B11).

How a name is found in a text: referrals/spelling.py. Whoever makes a document reads it before it goes out.
"""

from hsb.core import words
from referrals.models import Person
from referrals.spelling import hider, names_in
from strategy_meetings.selectors.reading import MeetingReading

SOMEBODY = "a person of the concern"
ANOTHER_CHILD, ANOTHER_PERSON = "another child", "another person"


def for_an_agency(child):
    """A function of a text: the meeting's other children are "Child B" in it, who else is in the concern SOMEBODY."""
    return hider(
        [(other.person, MeetingReading.letter(other)) for other in _other_children(child)]
        + [(person, SOMEBODY) for person in _everybody_else(child)],
        keep=[child.person],
    )


def for_a_family(child):
    """The same in words that do not tell a family how many children there are: "Child B" would (B11)."""
    return hider(
        [(other.person, ANOTHER_CHILD) for other in _other_children(child)]
        + [(person, ANOTHER_PERSON) for person in _everybody_else(child)],
        keep=[child.person],
    )


def _other_children(child):
    return child.meeting.children.select_related("person").exclude(pk=child.pk)


def _everybody_else(child):
    """Witnesses, brothers and sisters, adults: who has a part in the concern and is none of the meeting's children."""
    parts = child.meeting.concern.involvements.exclude(person__in=child.meeting.children.values("person"))
    return list({part.person_id: part.person for part in parts.select_related("person").order_by("pk")}.values())


def for_a_reader(reading):
    """The same for the pages of whoever may not open every child's part: as the pages call them, "Child B" (B7)."""
    hidden = [(child.person, reading.letter(child)) for child in reading.children if not reading.opens(child)]
    if not reading.whole:
        parts = reading.meeting.concern.involvements.exclude(person__in=[child.person_id for child in reading.children])
        others = Person.objects.filter(pk__in=parts.values("person"))
        opened = Person.objects.visible_to(reading.user).filter(pk__in=others.values("pk"))
        hidden += [(person, SOMEBODY) for person in others.exclude(pk__in=opened.values("pk")).order_by("pk")]
    if not hidden:
        return lambda text: text
    return hider(hidden, keep=[child.person for child in reading.children if reading.opens(child)])


# Never a sentence: where something leads, and how it is drawn.
NOT_SAID = ("url", "papers_url", "case_url", "meaning")


def masked(shown, hide):
    """What a page shows (dicts, lists, texts), with `hide` gone over every text in it."""
    if isinstance(shown, dict):
        return {name: value if name in NOT_SAID else masked(value, hide) for name, value in shown.items()}
    if isinstance(shown, list):
        return [masked(value, hide) for value in shown]
    return hide(shown) if isinstance(shown, str) else shown


def names_of_others(child, text):
    """The words of a text that name another child of the meeting, as they stand in it."""
    return names_in(text, [other.person for other in _other_children(child)], but=child.person)


def word_it_without(named):
    """The sentence for who words an action with names of others in it."""
    said = words.listed([f"“{each}”" for each in named])
    return f"An action stands on this child's own record: word it without {said}."
