"""How a name stands in a text: found as people ordinarily write it.

Whatever its capitals, accents and apostrophes and however its letters are composed, with a possessive or without its
apostrophe, in the plural, with or without its hyphen. A name that is a word of the language too is found wherever that
word stands: rather too much than too little. Only names are found, not descriptions ("her brother").
"""

import unicodedata
from dataclasses import dataclass, field

from referrals.names import DROPPED, PLAIN_LATIN

SHORTEST_NAME = 2  # letters: an initial is no name that could be found in a text
SHORTEST_PLURAL = (
    4  # letters: "the Browns", "Robins mother"; the plural of a shorter one is a word of the language (Ha, has)
)
WIDEST_GAP = 3  # characters between two words of one name
BETWEEN_NAMES = set(".,;:!?\n")  # what never stands inside one name
ACCENTS = ("\u0300", "\u036f")  # the marks on Latin, Greek and Cyrillic letters; other scripts' marks are letters


def found(text, names):
    """(start, end, spelling) of each of `names` in a text, in its order: of two that begin together the longer one.

    `names` holds spellings (`spellings`): a set, or a dict by them.
    """
    words, longest, at = _words(text), max(map(len, names), default=0), 0
    while at < len(words):
        spelling, end = _name_at(text, words[at : at + longest], names)
        if spelling:
            yield words[at].start, end, spelling
        at += len(spelling) or 1


def hider(hidden, *, keep=()):
    """A function of a text that puts words in the place of names.

    `hidden` are pairs of a Person and the words; of two who share a name the first counts. `keep` are the Persons whose
    names stay, also those that somebody hidden has too.
    """
    own, instead = {spelling for person in keep for spelling in spellings(person)}, {}
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


def names_in(text, persons, *, but):
    """The words of a text that name one of these persons, as they stand in it; never what `but` is called too."""
    named = {spelling for person in persons for spelling in spellings(person)} - spellings(but)
    return list(dict.fromkeys(text[start:end] for start, end, _ in found(text, named)))


def _name_at(text, words, names):
    """(spelling, where it ends) of the longest of `names` that these words begin with; ((), 0) for none."""
    for count in range(len(words), 0, -1):
        head, last = words[: count - 1], words[count - 1]
        if all(_belong_together(text, one, other) for one, other in zip(head, words[1:count], strict=True)):
            for letters, end in last.readings():
                spelling = (*(word.letters for word in head), letters)
                if spelling in names:
                    return spelling, end
    return (), 0


def _belong_together(text, one, other):
    gap = text[one.end : other.start]
    return len(gap) <= WIDEST_GAP and not BETWEEN_NAMES & set(gap)


# --- How a name is spelt ------------------------------------------------------------------------------------------


def spellings(person):
    """Everything a person may be called by, each as a tuple of words in plain small letters."""
    given = [name for name in (person.given_name, person.preferred_name) if name]
    both = {f"{name} {person.family_name}" for name in given} | {f"{person.family_name} {name}" for name in given}
    names = {*given, person.family_name, *both, *person.other_names}
    whole = {spelling for name in names for spelling in _ways_to_write(name)}
    long = {
        way
        for name in (*given, person.family_name, *person.other_names)
        for way in _ways_to_write(name)
        if _has_a_plural(way)
    }
    plurals = {(*spelling[:-1], spelling[-1] + ending) for spelling in long for ending in ("s", "es")}
    single = {(word.letters,) for name in names for word in _words(name)}
    return {spelling for spelling in whole | plurals | single if len("".join(spelling)) >= SHORTEST_NAME}


def _has_a_plural(spelling):
    """The plural of a name; and with "s" its possessive, where the apostrophe was forgotten."""
    return len("".join(spelling)) >= SHORTEST_PLURAL


def _ways_to_write(name):
    """Made-Up, Made Up and MadeUp; O'Brien, OBrien and O Brien."""
    apart = "".join(" " if char in DROPPED else char for char in name)
    ways = {tuple(word.letters for word in _words(written)) for written in (name, apart)}
    return {way for one in ways for way in (one, ("".join(one),)) if one}


# --- The words of a text ------------------------------------------------------------------------------------------


@dataclass
class _Word:
    """A word of a text, from `start` up to `end`: its letters as names are compared, without its apostrophes."""

    start: int
    end: int
    letters: str = ""
    halves: list = field(default_factory=list)

    def readings(self):
        """(letters, where they end): the whole word, then what stands before each apostrophe ("Ash" of "Ash's")."""
        return [(self.letters, self.end), *reversed(self.halves)]


def _words(text):
    """The words of a text; all that is no letter, a digit and an underscore too, stands between two of them."""
    words, word = [], None
    for place, char in enumerate(text):
        letters = _letters(char)
        if letters:
            if word is None or _stands_alone(char) or _stands_alone(text[word.start]):
                words.append(word := _Word(place, place))
            word.letters += letters
            word.end = place + 1
        elif word is not None:
            word = _goes_on(word, place, char)
    return words


def _stands_alone(char):
    """A letter of Chinese, Japanese or Korean, which has no space on either side: a word of its own."""
    return unicodedata.east_asian_width(char) == "W"


def _goes_on(word, place, char):
    """The word, where this character without letters is inside it or on its last letter; None where it ends it."""
    if unicodedata.category(char) == "Mn":
        word.end = place + 1
        return word
    if char in DROPPED:
        word.halves.append((word.letters, word.end))
        return word
    return word if unicodedata.category(char) == "Cf" else None


def _letters(char):
    """The letters of a character as names are compared (referrals.names.folded): none, one, or two as in ß."""
    if char in DROPPED:
        return ""
    plain = unicodedata.normalize("NFKD", char.casefold()).translate(PLAIN_LATIN)
    return "".join(
        letter for letter in plain if unicodedata.category(letter)[0] in "LM" and not ACCENTS[0] <= letter <= ACCENTS[1]
    )
