"""Invented people in any number, and what a hurried caller makes of a name or a date of birth: with known truth.

Names are put together from syllables of several kinds of languages, so that none is anybody's; some are common, most
are rare, as in a city. The same seed gives the same people.
"""

import random
from bisect import bisect
from datetime import date, timedelta
from itertools import accumulate

# Of each kind: what a name begins with and goes on with, before a vowel; the vowels; how given and family names end.
KINDS = (
    (
        [
            "b",
            "br",
            "c",
            "cl",
            "d",
            "dr",
            "f",
            "fl",
            "g",
            "gr",
            "h",
            "j",
            "k",
            "l",
            "m",
            "n",
            "p",
            "r",
            "s",
            "st",
            "t",
            "th",
            "w",
        ],
        ["l", "ll", "n", "nn", "r", "rr", "s", "st", "t", "m", "v", "d"],
        ["a", "e", "i", "o", "u", "ea"],
        ["n", "na", "lie", "nor", "ton", "y", "ce", "rick", "th", "ra"],
        ["ford", "well", "ridge", "man", "son", "worth", "ley", "ham", "combe", "shaw", "more", "den"],
    ),
    (
        ["ab", "ad", "b", "ch", "ek", "em", "f", "if", "k", "m", "ng", "n", "ob", "ok", "ol", "s", "t", "uz"],
        ["b", "k", "l", "f", "m", "d", "g", "nd", "r", "y"],
        ["a", "e", "i", "o", "u"],
        ["yo", "ra", "ke", "tun", "ma", "la", "chi", "de"],
        ["wole", "for", "kwe", "nde", "bayo", "yemi", "gbe", "nna", "moye", "lade"],
    ),
    (
        ["ah", "am", "b", "f", "h", "i", "j", "k", "kh", "m", "n", "r", "s", "sh", "t", "y", "z"],
        ["h", "m", "r", "l", "z", "s", "d", "sh", "n", "bd"],
        ["a", "aa", "i", "u", "e"],
        ["b", "d", "med", "na", "rah", "r", "yan", "ma", "n", "sa"],
        ["khan", "ullah", "udin", "waz", "hmed", "riq", "zada", "begum", "mani", "ssein"],
    ),
    (
        ["al", "b", "d", "g", "j", "k", "kr", "l", "m", "p", "s", "st", "v", "w", "z", "zb"],
        ["c", "d", "n", "sk", "m", "r", "l", "w", "j", "rz"],
        ["a", "e", "i", "o", "u", "ie"],
        ["ech", "na", "slav", "ka", "ek", "tyna", "zej", "n", "ta", "sz"],
        ["owski", "czyk", "enko", "iak", "escu", "ova", "vic", "ulis", "ak", "inska"],
    ),
    (
        ["b", "ch", "d", "h", "j", "k", "l", "m", "ng", "ph", "q", "s", "t", "tr", "x", "y"],
        ["ng", "n", "y", "l", "nh", "m"],
        ["a", "ao", "e", "i", "o", "u", "uo"],
        ["n", "ng", "i", "hui", "h", "en", "m"],
        ["ng", "o", "an", "eng", "uong", "iang", "in", "u", "ai", "anh"],
    ),
)
# How steeply the common names stand out; so many different ones for a million people.
STEEPNESS, GIVEN_NAMES, FAMILY_NAMES = 0.85, 6_000, 24_000
TWO_GIVEN, TWO_FAMILY, UNKNOWN_BIRTH = 0.10, 0.06, 0.02
YOUNGEST, YEARS = date(2026, 6, 30), 18
FIRST = 1000  # the key of the first of them in a database; the others follow


class Names:
    """Draws given and family names."""

    def __init__(self, rng):
        self.rng = rng
        self.given = _Pool(rng, GIVEN_NAMES, ends=0)
        self.family = _Pool(rng, FAMILY_NAMES, ends=1)

    def person(self):
        """(given name, family name, date of birth or None) of one more."""
        rng = self.rng
        given, family = self.given.draw(), self.family.draw()
        if rng.random() < TWO_GIVEN:
            given = f"{given} {self.given.draw()}"
        if rng.random() < TWO_FAMILY:
            family = f"{family}-{self.family.draw()}"
        born_on = YOUNGEST - timedelta(days=rng.randrange(YEARS * 365))
        return given, family, born_on if rng.random() >= UNKNOWN_BIRTH else None


class _Pool:
    def __init__(self, rng, number, ends):
        self.rng, found = rng, {}
        while len(found) < number:
            begins, middles, vowels, *endings = rng.choice(KINDS)
            name = rng.choice(begins) + rng.choice(vowels)
            if rng.random() < 0.7:
                name += rng.choice(middles) + rng.choice(vowels)
            name = (name + rng.choice(endings[ends])).capitalize()
            if len(name) > 2:
                found[name] = None
        self.names = list(found)
        self.up_to = list(accumulate(1 / (rank + 10) ** STEEPNESS for rank in range(number)))

    def draw(self):
        return self.names[min(bisect(self.up_to, self.rng.random() * self.up_to[-1]), len(self.names) - 1)]


# --- What becomes of it on the telephone ------------------------------------------------------------------------------

HEARD = (
    ("ph", "f"), ("f", "ph"), ("ck", "k"), ("k", "c"), ("c", "k"), ("ie", "y"), ("y", "i"), ("i", "y"), ("ee", "i"),
    ("z", "s"), ("s", "z"), ("w", "v"), ("v", "w"), ("j", "y"), ("ou", "u"), ("u", "oo"), ("ai", "ay"), ("e", "a"),
    ("a", "e"), ("o", "u"), ("x", "sh"), ("q", "k"), ("th", "t"), ("h", ""), ("dz", "z"), ("m", "n"), ("n", "m"),
    ("b", "p"), ("d", "t"), ("g", "k"),
)  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def misspelt(rng, name):
    """The name with one slip: a letter left out, doubled, exchanged, added or swapped, or one heard as another."""
    chars = name.lower()
    places = [at for at, char in enumerate(chars) if char.isalpha()]
    kind = rng.choice(("heard", "heard", "left out", "doubled", "another", "swapped", "added"))
    if kind == "heard":
        found = [(written, spoken) for written, spoken in HEARD if written in chars]
        if found:
            written, spoken = rng.choice(found)
            at = rng.choice([at for at in range(len(chars)) if chars.startswith(written, at)])
            return _capital(chars[:at] + spoken + chars[at + len(written) :]) or name
        kind = "another"
    at = rng.choice(places)
    if kind == "left out" and len(places) > 2:
        return _capital(chars[:at] + chars[at + 1 :])
    if kind == "doubled":
        return _capital(chars[: at + 1] + chars[at:])
    if kind == "swapped" and at + 1 < len(chars):
        return _capital(chars[:at] + chars[at + 1] + chars[at] + chars[at + 2 :])
    if kind == "added":
        return _capital(chars[:at] + rng.choice(LETTERS) + chars[at:])
    return _capital(chars[:at] + rng.choice(LETTERS.replace(chars[at], "")) + chars[at + 1 :])


def _capital(text):
    return text.strip().title()


def hurried(rng, given, family):
    """(given, family) as they are typed: a slip in each name, in one of five two in one of them; now and then the two
    the wrong way round, or one of several names left out."""
    if " " in given and rng.random() < 0.5:
        given = given.split()[0]
    if "-" in family and rng.random() < 0.3:
        family = rng.choice(family.split("-"))
    given, family = misspelt(rng, given), misspelt(rng, family)
    if rng.random() < 0.2:
        if rng.random() < 0.5:
            given = misspelt(rng, given)
        else:
            family = misspelt(rng, family)
    return (family, given) if rng.random() < 0.05 else (given, family)


def slipped(rng, day):
    """The date as it is often written down: day and month swapped, a day, ten days or a year too early or too late."""
    if day.day <= 12 and day.day != day.month and rng.random() < 0.25:
        return day.replace(month=day.day, day=day.month)
    days = rng.choice((-10, -1, 1, 10, -365, 365))
    if abs(days) < 365:
        return day + timedelta(days=days)
    try:
        return day.replace(year=day.year + days // 365)
    except ValueError:  # 29 February
        return day + timedelta(days=1)


def people(number, seed):
    """`number` times (given name, family name, date of birth or None)."""
    names = Names(random.Random(seed))
    for _ in range(number):
        yield names.person()
