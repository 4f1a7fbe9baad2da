"""What goes in a meeting's documents: the full record, one copy per child and agency, a family's letter (B11).

A copy about one child has nothing of the others: no part, no name, no age; "Child B" stands where somebody wrote a
name. A letter to a family has only what was agreed for their own child.
"""

import re

from django.conf import settings

from hsb.core import words
from referrals.states import Category, Side
from strategy_meetings.selectors.meeting import outcomes_in_words
from strategy_meetings.selectors.reading import MeetingReading
from strategy_meetings.states import IntelAnswer, Invited

SHORTEST_NAME = 2  # letters: an initial is no name that could be found in a text
IN_A_LETTER = {
    "review": "We will meet again, to look at how things are going",
    "section_47": "Social work will look closely into what is needed to keep your child safe",
    "immediate_action": "Something was done at once to keep children safe",
    "nfa": "No further meeting of this kind is planned",
}


def full_record(meeting):
    """The minutes with every child's part: for the record and for the chair."""
    children = list(meeting.children_in())
    return {**_head(meeting), "shared": meeting.shared_minutes, "children": [_part(child) for child in children]}


def copy_about(child):
    """The minutes for one agency about one child: the shared part and this child's, without the others."""
    meeting = child.meeting
    hide = _hider(child)
    part = {key: hide(value) for key, value in _part(child).items() if key != "actions" and key != "rows"}
    part["rows"] = [[label, hide(text)] for label, text in _part(child)["rows"]]
    part["actions"] = [[hide(cell) for cell in row] for row in _part(child)["actions"]]
    part["name"] = child.person.known_as
    return {**_head(meeting), "shared": hide(meeting.shared_minutes), "children": [part]}


def family_letter(child, contact):
    """The letter to one family: their own child's outcome and actions, and whom to call. `contact` in words."""
    hide = _hider(child)
    agreed = [words_ for name, words_ in IN_A_LETTER.items() if getattr(child, name)]
    if child.review and child.review_on:
        agreed[0] = f"{agreed[0]}, on {words.day(child.review_on)}"
    return {
        "borough": settings.BOROUGH_NAME,
        "child": child.person.known_as,
        "held_on": words.day(child.meeting.held_on),
        "outcomes": agreed,
        "actions": [
            [hide(action.what), action.agency, words.day(action.due_on)]
            for action in child.actions().filter(cancelled_at__isnull=True)
        ],
        "contact": contact,
    }


# --- Parts --------------------------------------------------------------------------------------------------------


def _head(meeting):
    seats = meeting.seats.select_related("user")
    return {
        "reference": meeting.reference,
        "kind": meeting.get_kind_display(),
        "held_on": words.day(meeting.held_on),
        "place": meeting.place,
        "chair": meeting.chair.name,
        "minute_taker": meeting.minute_taker.name if meeting.minute_taker_id else "",
        "quorum_reason": meeting.quorum_reason,
        "seats": [
            [seat.get_role_display(), seat.agency, seat.who, _came(seat)] for seat in seats if seat.who or seat.agency
        ],
    }


def _came(seat):
    return f"{seat.get_state_display()}, with a report" if seat.report_received else seat.get_state_display()


def _part(child):
    rows = [
        ["Part in it", Side(child.side).label],
        ["The child", _invited(child.child_invited, child.child_invited_reason)],
        ["The family", _invited(child.family_invited, child.family_invited_reason)],
        ["What the child said", child.child_views],
        ["What the family said", child.family_views],
        ["Outcome", outcomes_in_words(child)],
        ["Immediate action", child.immediate_what],
        ["Reasons", child.outcome_reason],
    ]
    if child.has_category and child.category:
        rows.append(["Hackett category", f"{Category(child.category).label}: {child.category_reason}"])
    if child.intel:
        rows.append(["Intel form", IntelAnswer(child.intel).label])
    return {
        "name": child.person.known_as,
        "rows": [row for row in rows if row[1]],
        "actions": [
            [action.what, f"{action.who}, {action.agency}", words.day(action.due_on)]
            for action in child.actions().select_related("owner").filter(cancelled_at__isnull=True)
        ],
        "closed": child.closed_minutes,
    }


def _invited(answer, reason):
    said = Invited(answer).label if answer else ""
    return f"{said}: {reason}" if said and reason else said


def _hider(child):
    """A function that puts "Child B" in a text wherever another child of the meeting, or its concern, is named."""
    own = _names(child.person)
    hidden = {}
    for other in child.meeting.children.select_related("person").exclude(pk=child.pk):
        for name in _names(other.person) - own:
            hidden.setdefault(name, MeetingReading.letter(other))
    if not hidden:
        return lambda text: text
    # The longest first: a whole name before its parts.
    found = re.compile(
        r"(?<!\w)(" + "|".join(re.escape(name) for name in sorted(hidden, key=len, reverse=True)) + r")(?!\w)",
        re.IGNORECASE,
    )
    return lambda text: found.sub(lambda match: hidden[match.group(1).casefold()], text)


def _names(person):
    """Everything a person may be called by, in small letters: whole names, and each word of them."""
    given = [name for name in (person.given_name, person.preferred_name) if name]
    whole = [*given, person.family_name, person.known_as]
    whole += [f"{name} {person.family_name}" for name in given]
    every = {word for name in whole for word in (name, *re.split(r"[\s-]+", name))}
    return {word.casefold() for word in every if len(word) >= SHORTEST_NAME}
