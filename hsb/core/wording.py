"""The wording prompt: which words a text field asks about, and the words the borough prefers (practice.md A8, B16).

Actions are labelled, never children. A label in a text draws a gentle prompt, once; the text is never refused. What
stands in quotation marks is somebody else's words, and what is a name (an agency's, a register's, a heading of the
workflow document) is let be. `hsb.core.forms.CaseForm` asks; the administrator keeps the list.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.db import IntegrityError, transaction

from hsb.core import clock
from hsb.core.models import PreferredWord
from hsb.core.numbers import last_number
from hsb.core.refusals import Denied, NotReady
from hsb.core.states import WordKind
from hsb.people.models import User
from hsb.people.states import Role

BEHAVIOUR = "child who displayed harmful behaviour; of an adult: person of concern"
EXPLOITED = "child who was exploited"
# What the service begins with; from then on the table is the list.
STARTING = [
    *(
        (WordKind.WORD, word, BEHAVIOUR)
        for word in (
            "perpetrator",
            "alleged perpetrator",
            "offender",
            "sex offender",
            "sexual offender",
            "young offender",
            "young sex offender",
            "young sexual offender",
            "juvenile offender",
            "abuser",
            "sexual abuser",
            "young abuser",
            "predator",
            "sexual predator",
            "paedophile",
            "pedophile",
            "rapist",
            "molester",
            "culprit",
        )
    ),
    (WordKind.WORD, "child prostitute", EXPLOITED),
    (WordKind.WORD, "child prostitution", "sexual exploitation of a child"),
    (WordKind.WORD, "child pornography", "sexual images of children"),
    (WordKind.WORD, "promiscuous", "say what was seen or heard"),
    *(
        (WordKind.NAME, name, "")
        for name in (
            "Offender Management Unit",
            "Sex Offender Management Unit",
            "Integrated Offender Management",
            "Offender Manager",
            "Youth Offending Team",
            "Youth Offending Service",
            "Young Offender Institution",
            "Young Offenders Institution",
            "Sex Offender Register",
            "Sex Offenders Register",
            "Sex Offenders' Register",
            "Violent and Sex Offender Register",
            "Management of Sexual or Violent Offenders",
            "Management of Sexual Offenders and Violent Offenders",
            "Child Sex Offender Disclosure Scheme",
            "Perpetrator Programme",
            # The workflow document's own words.
            "Offenders (persons of concern)",
            "Victims, offenders, locations and themes",
            "Victims, Offenders, Locations, Themes",
            "Victim, Offender, Location, Theme",
            "physiologically and/or sexually arousing to the perpetrator",
        )
    ),
]

APOSTROPHES = "'’"
# Inside one line: a mark that nobody closed must not make a quotation of the rest.
QUOTATIONS = re.compile(
    r'"[^"\n]*"|“[^“”\n]*”|«[^«»\n]*»'
    r"|(?<!\w)‘(?:[^‘’\n]|(?<=\w)’(?=\w))*’(?!\w)"
    r"|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w))*'(?!\w)"
)
LONGEST = 120
PREFERRED_LONGEST = 200
ALREADY = "This word is on the list already. End it first, if other words are preferred."
AT_ONCE = "Somebody else added a word at the same moment. Send it again."


@dataclass(frozen=True)
class Found:
    """A word as somebody typed it, and the words preferred to it."""

    typed: str
    instead: str


def folded(word):
    """What two spellings of a word share."""
    return " ".join(word.replace("’", "'").replace("-", " ").casefold().split())[:LONGEST]


def in_force():
    """The words and names that are in force: ((kind, word, instead), ...)."""
    rows = PreferredWord.objects.filter(ended_at__isnull=True).order_by("number")
    return tuple(rows.values_list("kind", "folded", "instead"))


def found(text, listed):
    """What of `listed` (what `in_force` gave) the text says outside quotations and names: each word once, in the order
    of the text."""
    words, names, instead = _patterns(listed)
    if words is None:
        return []
    matches = list(words.finditer(text))
    if not matches:
        return []
    let_be = [m.span() for pattern in (QUOTATIONS, names) if pattern is not None for m in pattern.finditer(text)]
    told = {}
    for match in matches:
        if not any(begin <= match.start() and match.end() <= end for begin, end in let_be):
            word = folded(match[1])
            told.setdefault(word, Found(" ".join(match[0].split()), instead.get(word, "")))
    return list(told.values())


@lru_cache(maxsize=8)
def _patterns(listed):
    words = {word: instead for kind, word, instead in listed if kind == WordKind.WORD}
    names = [word for kind, word, _ in listed if kind == WordKind.NAME]
    return _any_of(words), _any_of(names), words


def _any_of(phrases):
    """One of the phrases as whole words, in one or many, the longest first; None where there is none."""
    if not phrases:
        return None
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(_spelled, longest_first))})(?:['’]?s['’]?|['’])?(?!\w)", re.IGNORECASE)


def _spelled(phrase):
    """However its words are parted, and whichever apostrophe stands in it."""
    parts = (re.escape(part).replace("'", f"[{APOSTROPHES}]") for part in phrase.split())
    return r"[\s\-]+".join(parts)


# --- the administrator's list -----------------------------------------------------------------------------------------


def begin(model, at):
    """The list that the service begins with, in an empty table; `model` as the migration knows it."""
    model.objects.bulk_create(
        model(number=number, kind=kind, word=word, folded=folded(word), instead=instead, added_at=at)
        for number, (kind, word, instead) in enumerate(STARTING, start=1)
    )


@transaction.atomic
def add(*, actor, kind, word, instead=""):
    """A word that is asked about from now on, or a name that is let be. Raises NotReady where it is on the list."""
    administrator = _administrator(actor)
    same = PreferredWord.objects.filter(folded=folded(word), ended_at__isnull=True)
    if same.exists():
        raise NotReady(ALREADY)
    last = last_number(PreferredWord.objects)
    try:
        with transaction.atomic():
            return PreferredWord.objects.create(
                number=last + 1,
                kind=kind,
                word=word,
                folded=folded(word),
                instead=instead if kind == WordKind.WORD else "",
                added_by=administrator,
                added_at=clock.now(),
            )
    except IntegrityError:
        raise NotReady(ALREADY if same.exists() else AT_ONCE) from None


@transaction.atomic
def end(number, *, actor):
    """The word is not asked about any more; ending an ended one changes nothing."""
    administrator = _administrator(actor)
    row = PreferredWord.objects.select_for_update().get(number=number)
    if row.ended_at is None:
        row.ended_by, row.ended_at = administrator, clock.now()
        row.save(update_fields=["ended_by", "ended_at"])
    return row


def _administrator(actor):
    """`actor`, re-read under lock. Raises Denied where the administrator's role has gone meanwhile."""
    fresh = User.objects.select_for_update().get(pk=actor.pk)
    if not (fresh.is_active and fresh.has_role(Role.ADMINISTRATOR)):
        raise Denied
    return fresh
