"""How a person is found though the name is misspelt or the date of birth is slightly wrong (docs/decisions/0009).

Pure functions over text and dates, so that both databases find the same people: `keys_for` gives the keys a person
is stored under, `keys_for_query` the keys to look up, `score` how well one person answers to what was typed.

A key is a kind, a colon, and what two descriptions of one person have in common:

    n   the whole name without its spaces, family name first or last
    m   how one given and one family name sound, in either order
    d   one name with at most one letter left out, and the first sound of another name
    b   the date of birth
    i   the date of birth, and the first sound of one name
    y   year and month of birth, e day and month, t year and day; and the first sounds of two names
    w   one word of the name
    u   the sound of the only name of somebody known by one name

    wider ones, asked only where those find nothing good:
    a   how one word of the name sounds
    p   the first two letters of two names, s their last two
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, product

import jellyfish
from rapidfuzz.distance import OSA, JaroWinkler

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

    @property
    def has_name(self):
        return bool(folded(f"{self.given_name} {self.family_name} {self.preferred_name} {self.words}"))


# --- how a name is written ------------------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def folded(text):
    """The name in small letters with single spaces, Latin letters without their marks; other scripts as they are."""
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
    given, family = _sides(person)
    pairs = _pairs_of_sides(given, family)
    keys = _narrow_keys(pairs) | _wide_keys(pairs, {*given, *family})
    keys |= {f"w:{word}" for word in {*given, *family}}
    keys |= {f"n:{whole}" for whole in _wholes(person)}
    if not pairs:
        keys |= {f"u:{code}" for word in {*given, *family} for code in sounds(word)}
    if person.born_on:
        keys |= _birth_keys(person.born_on, pairs, {*given, *family})
    return {key[:LONGEST_KEY] for key in keys}


def keys_for_query(query):
    """The keys to look up first for `query` (a Described, also one with `words` only)."""
    pairs, words = _asked(query)
    keys = _narrow_keys(pairs)
    keys |= {f"n:{whole}" for whole in _wholes(query)}
    keys |= {f"u:{code}" for word in words for code in sounds(word)}
    if len(words) == 1:
        keys |= {f"w:{word}" for word in words}
    if query.born_on:
        keys |= {f"b:{day:%Y%m%d}" for day in (query.born_on, swapped(query.born_on)) if day}
        keys |= _birth_keys(query.born_on, pairs, words)
        firsts = {first for word in words for first in first_sounds(word)}
        keys |= {f"i:{day:%Y%m%d}|{first}" for day in slips(query.born_on) for first in firsts}
    return {key[:LONGEST_KEY] for key in keys}


def wider_keys_for_query(query):
    """The keys to look up where the first ones found nothing good."""
    pairs, words = _asked(query)
    keys = _wide_keys(pairs, words)
    if len(words) == 1:
        # A surname alone, misspelt: beside any other name.
        keys |= {f"d:{short}|{first}" for word in words for short in shortened(word) for first in ALL_FIRST_SOUNDS}
    return {key[:LONGEST_KEY] for key in keys}


ALL_FIRST_SOUNDS = "ABFHJKLMNPRSTWXY0"


def _narrow_keys(pairs):
    keys = set()
    for one, other in pairs:
        keys |= {"m:" + "|".join(sorted(codes)) for codes in product(sounds(one), sounds(other))}
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
    """(given words, family words); a name written in several words is also one word."""
    given = words_of(described.given_name)[:MOST_WORDS]
    family = words_of(described.family_name)[:MOST_WORDS]
    preferred = words_of(described.preferred_name)[:MOST_WORDS]
    return _with_joined(given) | set(preferred), _with_joined(family)


def _with_joined(words):
    joined = "".join(words)[:LONGEST_WORD]
    return {*words, joined} if len(words) > 1 else set(words)


def _pairs_of_sides(given, family):
    return {(one, other) for one in given for other in family}


def _asked(query):
    """(pairs, words) of what was typed: given with family names where told apart, every two words where not."""
    given, family = _sides(query)
    if not query.words:
        return _pairs_of_sides(given, family), given | family
    typed = words_of(query.words)[: MOST_WORDS + 1]
    pairs = set(combinations(typed, 2))
    for at in range(1, len(typed)):
        # "Mc Donald", "Abdul Rahman": two words that may be stored as one.
        joined = (typed[at - 1] + typed[at])[:LONGEST_WORD]
        pairs |= {(joined, word) for word in (*typed[: at - 1], *typed[at + 1 :])}
    return pairs, set(typed)


def _wholes(described):
    """The name as one word: scripts without spaces, and spaces that went astray."""
    given, family = folded(described.given_name), folded(described.family_name)
    found = {f"{given}{family}", f"{family}{given}"}
    if described.preferred_name:
        preferred = folded(described.preferred_name)
        found |= {f"{preferred}{family}", f"{family}{preferred}"}
    if described.words:
        found = {folded(described.words)}
    return {whole.replace(" ", "") for whole in found} - {""}


# --- dates of birth ---------------------------------------------------------------------------------------------------


def swapped(day):
    """The date with day and month the other way round; None where that is no date, or the same one."""
    if day.day > 12 or day.day == day.month:  # noqa: PLR2004 - months
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


# --- how well one person answers --------------------------------------------------------------------------------------

SAME, NEARLY, SWAPPED_NAMES = 0.995, 0.8, 0.03
SOUNDS_ALIKE = 0.93
NAME_WEIGHT, BIRTH_WEIGHT = 0.7, 0.3
BIRTH_UNKNOWN = 0.95
NEAR_BIRTH, PART_OF_BIRTH = 0.8, 0.6
# Under this nobody would call it the same person; from GOOD on the wider keys are not needed.
SHOWN_FROM, GOOD = 62, 80


def score(candidate, query):
    """(0 to 100, what agrees in words) of `candidate` (a Described with its names) for `query`.

    Under SHOWN_FROM it is somebody else.
    """
    name, said_of_name = _name_agreement(candidate, query)
    if query.born_on is None:
        return round(100 * BIRTH_UNKNOWN * name, 1), said_of_name
    birth, said_of_birth = _birth_agreement(candidate.born_on, query.born_on)
    said = [*said_of_name, said_of_birth]
    if not query.has_name:
        return round(100 * (birth or 0), 1), said
    if birth is None:
        return round(100 * BIRTH_UNKNOWN * name, 1), said
    return round(100 * (NAME_WEIGHT * name + BIRTH_WEIGHT * birth), 1), said


def _birth_agreement(theirs, asked):
    if theirs is None:
        return None, "date of birth not known"
    if theirs == asked:
        return 1.0, "same date of birth"
    if theirs == swapped(asked):
        return NEAR_BIRTH, "day and month of birth the other way round"
    if theirs in slips(asked):
        return NEAR_BIRTH, "date of birth nearly the same"
    parts = (theirs.year == asked.year) + (theirs.month == asked.month) + (theirs.day == asked.day)
    if parts == 2:  # noqa: PLR2004 - of three
        return PART_OF_BIRTH, "date of birth nearly the same"
    return 0.0, "different date of birth"


def _name_agreement(candidate, query):
    """(0 to 1, [words]) over the best way to lay the typed words on the candidate's given and family names."""
    if not query.has_name:
        return 0.0, []
    given = (*words_of(candidate.given_name), *words_of(candidate.preferred_name))
    family = words_of(candidate.family_name)
    best, said = max(
        (_laid_on(asked_given, asked_family, given, family, turned) for asked_given, asked_family, turned in _readings(query)),
        key=lambda found: found[0],
    )
    whole = max(
        (OSA.normalized_similarity(one, other) for one in _wholes(candidate) for other in _wholes(query)), default=0.0
    )
    if whole > best:
        return whole, ["same name" if whole >= SAME else "name spelt nearly alike"]
    return best, said


def _readings(query):
    """Each way to read the typed name: (given words, family words, whether the other way round)."""
    if not query.words:
        given = (*words_of(query.given_name), *words_of(query.preferred_name))
        family = words_of(query.family_name)
        yield given, family, False
        yield family, given, True
        return
    typed = words_of(query.words)[: MOST_WORDS + 1]
    if len(typed) == 1:
        yield typed, (), False
        yield (), typed, False
    for at in range(1, len(typed)):
        yield typed[:at], typed[at:], False
        # Nobody said which part is which, so family name first is not a mistake.
        yield typed[at:], typed[:at], False


def _laid_on(asked_given, asked_family, given, family, turned):
    sides = [
        (_side_agreement(asked, theirs), weight, what)
        for asked, theirs, weight, what in (
            (asked_given, given, 0.45, "same given name"),
            (asked_family, family, 0.55, "same family name"),
        )
        if asked
    ]
    total = sum(weight for _, weight, _ in sides)
    agreed = sum(weight * side for side, weight, _ in sides) / total if total else 0.0
    if turned:
        agreed -= SWAPPED_NAMES
    return agreed, _said_of(agreed, sides, turned)


def _said_of(agreed, sides, turned):
    least = min((side for side, _, _ in sides), default=0.0)
    alone = len(sides) == 1
    if least >= SAME:
        said = sides[0][2] if alone else "same name"
    elif least >= SOUNDS_ALIKE:
        said = "name sounds alike"
    elif agreed >= NEARLY:
        said = "name spelt nearly alike"
    else:
        said = next((what for side, _, what in sides if side >= SAME), "name partly alike")
    return [said, "given and family names the other way round"] if turned and agreed >= NEARLY else [said]


def _side_agreement(asked, theirs):
    """How well the asked words of one side are found among theirs: 0 to 1; half where they have no such name."""
    if not theirs:
        return 0.5
    each = [max(_word_agreement(word, other) for other in theirs) for word in asked]
    found = sum(each) / len(each)
    if len(asked) > 1 or len(theirs) > 1:
        found = max(found, _word_agreement("".join(asked), "".join(theirs)))
    return found


@lru_cache(maxsize=100_000)
def _word_agreement(one, other):
    if one == other:
        return 1.0
    spelt = (JaroWinkler.similarity(one, other) + OSA.normalized_similarity(one, other)) / 2
    if set(sounds(one)) & set(sounds(other)):
        return max(spelt, SOUNDS_ALIKE)
    return spelt
