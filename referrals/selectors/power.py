"""What the Hackett descriptors on power and consent turn on, from the record: facts beside the question, no answer.

Each child's by the reader's right: of one whose record is not open to the reader nothing is said here (practice.md B7).
"""

from hsb.core import words
from referrals.codes import disabilities_in_words
from referrals.selectors.concerns import ADDRESSES, contexts_in_words
from referrals.states import BirthPrecision, InvolvementRole

NO_GAP = "not known, because a date of birth is not recorded"


def facts(concern, roles, relations, open_to_reader):
    """Rows (label, value or values): place, contexts, relationship, age gap, developmental need.

    `roles` and `relations` are {Person: roles} and {Person: relationship} of the children of the concern.
    """
    known = [person for person in roles if person.pk in open_to_reader]
    related = [f"{person.known_as}: {relations[person]}" for person in known if relations[person]]
    return [
        {"label": "Where it happened", "value": _place(concern)},
        {"label": "Where in the children's lives", "value": contexts_in_words(concern), "empty": "Nobody has said yet"},
        {"label": "Relationship", "values": related, "empty": "Not recorded"},
        {"label": "Age gap", "values": _gaps(known, roles), "empty": "No two children who are open to you to compare"},
        {"label": "Developmental need", "values": [_need(person) for person in known]},
    ]


def _place(concern):
    kind = concern.get_place_kind_display()
    if concern.place is None or concern.place_kind in ADDRESSES:
        return kind
    return f"{kind}, {concern.place.name}"


def _gaps(known, roles):
    displayed = [person for person in known if InvolvementRole.DISPLAYED in roles[person]]
    harmed = [person for person in known if InvolvementRole.HARMED in roles[person]]
    return [_gap(one, other) for one in displayed for other in harmed if one.pk != other.pk]


def _gap(displayed, harmed):
    names = f"{displayed.known_as} and {harmed.known_as}"
    if displayed.born_on is None or harmed.born_on is None:
        return f"{names}: {NO_GAP}."
    older, younger = sorted((displayed, harmed), key=lambda person: person.born_on)
    said = years_and_months(older.born_on, younger.born_on)
    estimated = [each.known_as for each in (displayed, harmed) if each.birth_precision == BirthPrecision.ESTIMATED]
    if estimated:
        return f"{names}: about {said}, because the date of birth of {words.listed(estimated)} is estimated."
    if older.born_on == younger.born_on:
        return f"{names}: born on the same day."
    return f"{names}: {said}; {older.known_as} is older."


def years_and_months(earlier, later):
    """How long it is from one day to another: "2 years and 3 months", "less than 1 month"."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)
    years, months = divmod(months, 12)
    said = [words.count(years, "year")] if years else []
    said += [words.count(months, "month")] if months else []
    return words.listed(said) if said else "less than 1 month"


def _need(person):
    """Disabilities and special educational needs as they are recorded: not known is said too."""
    disabilities = ", ".join(disabilities_in_words(person.disabilities)) or "Not known"
    return f"{person.known_as}: {disabilities}; special educational needs: {person.get_send_display()}"
