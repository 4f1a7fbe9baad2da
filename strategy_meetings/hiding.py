"""Hides in a text everybody of a meeting's concern but the child it is about: words stand for the names (B7, B11).

How a name is found in a text: referrals/spelling.py. Whoever makes a document reads it before it goes out.
"""

from referrals.spelling import found, spellings
from strategy_meetings.selectors.reading import MeetingReading

SOMEBODY = "a person of the concern"
ANOTHER_CHILD, ANOTHER_PERSON = "another child", "another person"


def for_an_agency(child):
    """A function of a text: the meeting's other children are "Child B" in it, who else is in the concern SOMEBODY."""
    return hider(
        [(other.person, MeetingReading.letter(other)) for other in _other_children(child)]
        + [(person, SOMEBODY) for person in _everybody_else(child)],
        keep=child.person,
    )


def for_a_family(child):
    """The same in words that do not tell a family how many children there are: "Child B" would (B11)."""
    return hider(
        [(other.person, ANOTHER_CHILD) for other in _other_children(child)]
        + [(person, ANOTHER_PERSON) for person in _everybody_else(child)],
        keep=child.person,
    )


def _other_children(child):
    return child.meeting.children.select_related("person").exclude(pk=child.pk)


def _everybody_else(child):
    """Witnesses, brothers and sisters, adults: who has a part in the concern and is none of the meeting's children."""
    parts = child.meeting.concern.involvements.exclude(person__in=child.meeting.children.values("person"))
    return list({part.person_id: part.person for part in parts.select_related("person").order_by("pk")}.values())


def hider(hidden, *, keep):
    """A function of a text that puts words in the place of names.

    `hidden` are pairs of a Person and the words; of two who share a name the first counts. `keep` is the Person whose
    names stay, also those that somebody hidden has too.
    """
    own, instead = spellings(keep), {}
    for person, said in hidden:
        for spelling in spellings(person) - own:
            instead.setdefault(spelling, said)

    def hide(text):
        made, kept = [], 0
        for start, end, spelling in found(text, instead):
            made += [text[kept:start], instead[spelling]]
            kept = end
        return "".join([*made, text[kept:]])

    return hide
