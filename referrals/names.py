"""How a person is found though the name is misspelt or the date of birth is slightly wrong (docs/decisions/0009).

Pure functions over text and dates, so that both databases find the same people: `keys_for` gives the keys a person
is stored under, `keys_for_query` the keys to look up. How well a person found by a key answers: referrals/likeness.py.

A key is a kind, a colon, and what two descriptions of one person have in common:

    n   the whole name without its spaces, family name first or last
    m   how one given and one family name sound, in either order
    d   one name with at most one letter left out, and the first sound of another name
    i   the date of birth, and the first sound of one name
    w   one word of the name
    u   the sound of the only name of somebody known by one name
    z   the postcode, or its first part, without spaces; none of an address that is confidential

    wider ones, asked only where those find nothing good (b also first, beside fewer than two names):
    b   the date of birth
    y   year and month of birth, e day and month, t year and day; and the first sounds of two names
    a   how one word of the name sounds
    p   the first two letters of two names, s their last two
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, product

import jellyfish

LONGEST_KEY = 64
LONGEST_WORD = 24
LONGEST_SOUND = 8
MOST_WORDS = 4  # of one side of a name; people with more are found by the first ones
SHORTEST_TO_SHORTEN = 3  # letters: of a shorter name nothing would be left
TEN_DAYS = 10

# Latin letters that are letters of their own, not a letter with a mark.
PLAIN_LATIN = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ə": "e",
        "ɓ": "b",
        "ɗ": "d",
        "ƙ": "k",
        "ŋ": "ng",
    }
)
# Inside a name they separate nothing: O'Brien, Nu'man, N’Golo; nor do the invisible joiners that come with a paste.
DROPPED = set("'’‘ʼʻʿʾ`´\u00ad\u200b\u200c\u200d\u2060\ufeff")
ASCII_ALONE = {code: " " for code in range(128) if not chr(code).isalnum()} | {ord(char): None for char in "'`"}
# A second hearing of a name, where spelling hides it: Christian, Wojciech and Vojtech, Jan and Yann, Xiang and Shang.
HEARD_AS = (("sch", "sh"), ("ch", "k"), ("w", "v"), ("j", "y"), ("x", "sh"), ("q", "k"), ("ts", "z"))
VOWELS = set("AEIOU")


@dataclass(frozen=True)
class Described:
    """A person as somebody describes them. `words`: a name of which nobody said which part is which."""

    given_name: str = ""
    family_name: str = ""
    preferred_name: str = ""
    words: str = ""
    born_on: date | None = None
    # Whether the date of birth is somebody's estimate.
    estimated: bool = False
    postcode: str = ""

    @property
    def has_name(self):
        return bool(folded(f"{self.given_name} {self.family_name} {self.preferred_name} {self.words}"))

    @property
    def two_names(self):
        """(given, family) as they are compared at a glance, where two names are said and nothing else; else None."""
        found = (folded(self.given_name), folded(self.family_name))
        if self.words:
            found = tuple(folded(self.words).split())
        return found if len(found) == 2 and all(found) and not self.preferred_name else None


def also_known(described, aliases):
    """The same person under each of the other names, one a line: the last word is the family name, one word a first."""
    for alias in filter(None, map(str.strip, aliases.splitlines())):
        *given, family = alias.split()
        if given:
            yield replace(described, given_name=" ".join(given), family_name=family, preferred_name="")
        else:
            yield replace(described, given_name=family, preferred_name="")


# --- how a name is written ------------------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def folded(text):
    """The name in small letters with single spaces, Latin letters without their marks; other scripts as they are."""
    if text.isascii():
        return " ".join(text.lower().translate(ASCII_ALONE).split())
    letters = []
    after_latin = False
    for char in unicodedata.normalize("NFKD", text.casefold()):
        if char in DROPPED:
            continue
        if unicodedata.category(char).startswith("M"):
            # A Latin letter loses its mark; a Hindi or Arabic vowel sign is part of the name.
            if not after_latin:
                letters.append(char)
            continue
        plain = char.translate(PLAIN_LATIN)
        after_latin = plain.isascii() and plain.isalpha()
        letters.append(plain if plain.isalnum() else " ")
    return " ".join(unicodedata.normalize("NFC", "".join(letters)).split())


@lru_cache(maxsize=20_000)
def words_of(text):
    """The words of a name, folded: () for none."""
    return tuple(word[:LONGEST_WORD] for word in folded(text).split())


@lru_cache(maxsize=50_000)
def sounds(word):
    """One or two short codes of how a folded word sounds; the word itself in a script whose sounds we do not know."""
    if not word.isascii():
        return (word[:LONGEST_SOUND],)
    codes = {jellyfish.metaphone(word)[:LONGEST_SOUND] or word[:LONGEST_SOUND].upper()}
    heard = word
    for written, spoken in HEARD_AS:
        heard = heard.replace(written, spoken)
    if heard != word:
        codes.add(jellyfish.metaphone(heard)[:LONGEST_SOUND] or heard[:LONGEST_SOUND].upper())
    return tuple(sorted(codes))


@lru_cache(maxsize=50_000)
def first_sounds(word):
    """The first letters of the word's sounds; every vowel is A."""
    return tuple(sorted({"A" if code[0] in VOWELS else code[0] for code in sounds(word)}))


def shortened(word):
    """The word, and the word with each one of its letters left out: what words one slip apart share."""
    if len(word) < SHORTEST_TO_SHORTEN:
        return {word}
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


# --- keys -------------------------------------------------------------------------------------------------------------


def keys_for(person):
    """Every key under which `person` (a Described with its given and family names) is stored."""
    pairs, joined, words = _sides(person)
    keys = _narrow_keys(pairs, joined) | _wide_keys(pairs, words)
    keys |= {f"w:{word}" for word in words} | {f"n:{whole}" for whole in wholes(person)}
    if not pairs:
        keys |= {f"u:{code}" for word in words for code in sounds(word)}
    if person.born_on:
        keys |= _birth_keys(person.born_on, pairs, words)
    keys |= {f"z:{part}" for part in parts_of_postcode(person.postcode)}
    return {key[:LONGEST_KEY] for key in keys}


def keys_for_query(query):
    """The keys to look up first for `query` (a Described, also one with `words` only)."""
    pairs, joined, words = _asked(query)
    keys = _narrow_keys(pairs, joined)
    keys |= {f"n:{whole}" for whole in wholes(query)}
    keys |= {f"u:{code}" for word in words for code in sounds(word)}
    if len(words) == 1:
        keys |= {f"w:{word}" for word in words}
    if query.born_on:
        firsts = {first for word in words for first in first_sounds(word)}
        keys |= {f"i:{day:%Y%m%d}|{first}" for day in (query.born_on, *slips(query.born_on)) for first in firsts}
        if len(words) < 2:
            keys |= _days_of_birth(query)
    if query.postcode and not words and not query.born_on:
        # Beside a name or a date it only tells who is meant of those that are found: people move.
        keys.add(f"z:{squeezed(query.postcode)}")
    return {key[:LONGEST_KEY] for key in keys}


def wider_keys_for_query(query):
    """The keys to look up beside them where the first ones found nothing good."""
    pairs, _, words = _asked(query)
    keys = _wide_keys(pairs, words)
    if query.born_on:
        keys |= _days_of_birth(query) | _birth_keys(query.born_on, pairs, words)
    if len(words) == 1:
        # A surname alone, misspelt: beside any other name.
        keys |= {f"d:{short}|{first}" for word in words for short in shortened(word) for first in ALL_FIRST_SOUNDS}
    return {key[:LONGEST_KEY] for key in keys}


def born_that_day(query):
    """What the keys of those begin with who were born on the day that is asked; "" where none is."""
    return f"i:{query.born_on:%Y%m%d}|" if query.born_on else ""


def _days_of_birth(query):
    return {f"b:{day:%Y%m%d}" for day in (query.born_on, swapped(query.born_on)) if day}


ALL_FIRST_SOUNDS = "ABFHJKLMNPRSTWXY0"


def _narrow_keys(pairs, joined):
    keys = set()
    for one, other in pairs | joined:
        keys |= {"m:" + "|".join(sorted(codes)) for codes in product(sounds(one), sounds(other))}
    for one, other in pairs:
        for word, beside in ((one, other), (other, one)):
            keys |= {f"d:{short}|{first}" for short in shortened(word) for first in first_sounds(beside)}
    return keys


def _wide_keys(pairs, words):
    keys = {f"a:{code}" for word in words for code in sounds(word)}
    for one, other in pairs:
        keys.add("p:" + "|".join(sorted((one[:2], other[:2]))))
        keys.add("s:" + "|".join(sorted((one[-2:], other[-2:]))))
    return keys


def _birth_keys(born_on, pairs, words):
    keys = {f"b:{born_on:%Y%m%d}"}
    keys |= {f"i:{born_on:%Y%m%d}|{first}" for word in words for first in first_sounds(word)}
    for one, other in pairs:
        for firsts in product(first_sounds(one), first_sounds(other)):
            two = "".join(sorted(firsts))
            keys |= {f"y:{born_on:%Y%m}|{two}", f"e:{born_on:%m%d}|{two}", f"t:{born_on:%Y-%d}|{two}"}
    return keys


def _sides(described):
    """(pairs, joined, words): each given with each family name, the same where a name of several words is one word."""
    given = words_of(described.given_name)[:MOST_WORDS]
    family = words_of(described.family_name)[:MOST_WORDS]
    preferred = words_of(described.preferred_name)[:MOST_WORDS]
    pairs = set(product({*given, *preferred}, family))
    joined = set(product({*given, *preferred, _joined(given)}, {*family, _joined(family)}))
    return pairs, {(one, other) for one, other in joined if one and other} - pairs, {*given, *preferred, *family}


def _joined(words):
    return "".join(words)[:LONGEST_WORD]


def _asked(query):
    """(pairs, joined, words) of what was typed: every two words where nobody told given from family names."""
    if not query.words:
        return _sides(query)
    typed = words_of(query.words)[: MOST_WORDS + 1]
    joined = set()
    for at in range(1, len(typed)):
        # "Mc Donald", "Abdul Rahman": two words that may be stored as one.
        beside = (*typed[: at - 1], *typed[at + 1 :])
        joined |= {(_joined(typed[at - 1 : at + 1]), word) for word in beside}
    return set(combinations(typed, 2)), joined, set(typed)


def wholes(described):
    """Every way to write the name as one word: scripts without spaces, and spaces that went astray."""
    given, family = folded(described.given_name), folded(described.family_name)
    found = {f"{given}{family}", f"{family}{given}"}
    if described.preferred_name:
        preferred = folded(described.preferred_name)
        found |= {f"{preferred}{family}", f"{family}{preferred}"}
    if described.words:
        found = {folded(described.words)}
    return {whole.replace(" ", "") for whole in found} - {""}


# --- postcodes --------------------------------------------------------------------------------------------------------

INWARD = 3  # the last characters of a full postcode: "1AB" of "AA3 1AB"


def squeezed(postcode):
    """The postcode, or a part of it, in capitals without spaces."""
    return "".join(postcode.upper().split())


def parts_of_postcode(postcode):
    """What a full postcode is found by: its first part, that with the number after it, and all of it."""
    whole = squeezed(postcode)
    return {whole[:-INWARD], whole[: -INWARD + 1], whole} if len(whole) > INWARD else set()


# --- dates of birth ---------------------------------------------------------------------------------------------------


def swapped(day):
    """The date with day and month the other way round; None where that is no date, or the same one."""
    if day.day > 12 or day.day == day.month:
        return None
    return day.replace(month=day.day, day=day.month)


def slips(day):
    """The dates that are usually written instead of `day`: swapped, a day, ten days or a year too early or late."""
    found = {day + timedelta(days=days) for days in (-TEN_DAYS, -1, 1, TEN_DAYS) if _can_add(day, days)}
    found |= {_in_year(day, day.year + years) for years in (-1, 1)} | {swapped(day)}
    return found - {None, day}


def _can_add(day, days):
    return date.min.toordinal() <= day.toordinal() + days <= date.max.toordinal()


def _in_year(day, year):
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February, or beyond the calendar
        return None
