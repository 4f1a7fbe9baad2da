"""Colleagues as somebody types them: a name or an e-mail address, found again among who uses the service today.

Whoever asks may know of every colleague that an account is theirs and which team they are in, and no more.
"""

import unicodedata
from dataclasses import dataclass

from django.db.models import FilteredRelation
from django.utils import timezone

from hsb.people.models import User, current_on

# A longer list helps nobody, and weighs on each page: a name that is typed is found all the same.
MOST_SUGGESTED = 800
MOST_LIKE_IT = 10
# Letters that are no letter with an accent, and marks that a keyboard has otherwise.
ALIKE = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "Ae", "’": "'", "‘": "'", "`": "'"}
)


@dataclass(frozen=True)
class Colleague:
    """One who has an open account. `label` is theirs alone: name and teams, and the address where these are alike."""

    reference: str
    name: str
    label: str
    roles: frozenset


class Unclear(Exception):
    """Nobody is meant for certain: `like_it` are those who may be, and `sentence` says what to do."""

    def __init__(self, sentence, like_it=()):
        super().__init__(sentence)
        self.sentence, self.like_it = sentence, like_it


def every():
    """All who have an account today, by name. One query."""
    today = timezone.localdate()
    users, teams, roles = {}, {}, {}
    seat = FilteredRelation("memberships", condition=current_on(today, "memberships__"))
    rows = User.objects.filter(is_active=True).annotate(seat=seat)
    rows = rows.order_by("name", "pk", "seat__team__name")
    for key, reference, name, email, team, role in rows.values_list(
        "pk", "reference", "name", "email", "seat__team__name", "seat__role"
    ):
        users[key] = (reference, name, email)
        if team is not None:
            teams.setdefault(key, {})[team] = True
            roles.setdefault(key, set()).add(role)
    found = [
        (", ".join([name, *teams.get(key, ())]), key, reference, name, email)
        for key, (reference, name, email) in users.items()
    ]
    alike = {}
    for label, *_ in found:
        alike[_folded(label)] = alike.get(_folded(label), 0) + 1
    return [
        Colleague(
            reference,
            name,
            label if alike[_folded(label)] == 1 else f"{label}, {email}",
            frozenset(roles.get(key, ())),
        )
        for label, key, reference, name, email in found
    ]


def suggested(roles=()):
    """The labels offered to whoever types: of those who hold one of `roles` today, or of all; none where they are too
    many for a page."""
    found = [each.label for each in every() if not roles or each.roles & set(roles)]
    return found if len(found) <= MOST_SUGGESTED else []


def is_address(typed):
    return "@" in typed and " " not in typed


def called(typed, chosen="", known=None):
    """The User who is meant by `typed`: an address, a label of the list or a whole name; or `chosen`, a reference, of
    those who are like it. Raises Unclear. `known` is what `every` gave, where several are looked for."""
    if is_address(typed):
        user = User.objects.filter(email__iexact=typed, is_active=True).first()
        if user is None:
            raise Unclear(f"Nobody who uses this service has the address {typed}: check it")
        return user
    known = every() if known is None else known
    text = _folded(typed)
    meant = [each for each in known if _folded(each.label) == text] or [
        each for each in known if _folded(each.name) == text
    ]
    like_it = meant or [each for each in known if _like(text, each)]
    if len(meant) != 1:
        # Part of a name is never taken for somebody without asking: leave to read a record hangs on it.
        meant = [each for each in like_it if each.reference == chosen]
    if len(meant) == 1:
        return User.objects.get(reference=meant[0].reference)
    raise _unclear(typed, like_it)


def _unclear(typed, like_it):
    if not like_it:
        return Unclear(f"Nobody who uses this service is called “{typed}”: check the name, or enter an e-mail address")
    if len(like_it) > MOST_LIKE_IT:
        return Unclear(f"More than {MOST_LIKE_IT} people may be meant by “{typed}”: enter the whole name")
    if len(like_it) == 1:
        return Unclear(f"Nobody is called exactly “{typed}”: choose whether you mean {like_it[0].label}", like_it)
    return Unclear(f"{len(like_it)} people may be meant by “{typed}”: choose which of them", like_it)


def _like(text, colleague):
    """Whether every word typed begins a word of the name, or stands in the label whole."""
    names = _folded(colleague.name).replace("-", " ").split()
    words = text.replace(",", " ").split()
    label = _folded(colleague.label).replace(",", " ").split()
    return (
        any(word in names for word in words)
        and set(words) <= set(label)
        or all(any(name.startswith(word) for name in names) for word in words)
    )


def _folded(text):
    """Without accents, capitals and double spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.translate(ALIKE)) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())
