"""How well one person answers to what was typed, and what agrees, in words (docs/decisions/0009). Pure functions."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from referrals.names import MOST_WORDS, parts_of_postcode, slips, sounds, squeezed, swapped, wholes, words_of

ESTIMATE_WITHIN = timedelta(days=400)
SAME, NEARLY, PARTLY, SWAPPED_NAMES = 0.995, 0.8, 0.6, 0.03
GIVEN_WEIGHT, FAMILY_WEIGHT = 0.45, 0.55
# A family name in common and nothing else: shown where the date of birth agrees, not without one.
UNLIKE, NAMESAKE = 0.5, 0.15
_BOTH, _ONE_ALIKE, _ONE_ASKED = range(3)
# Metaphone hears no vowels, so words that share their sound are asked to share some letters too.
SOUNDS_ALIKE, MAY_SOUND_ALIKE = 0.93, 0.5
NAME_WEIGHT, BIRTH_WEIGHT = 0.7, 0.3
BIRTH_UNKNOWN = 0.95
NEAR_BIRTH, PART_OF_BIRTH = 0.8, 0.6
# Under this nobody would call it the same person; from GOOD on the wider keys are not needed.
SHOWN_FROM, GOOD = 62, 80
# A postcode alone, and beside a name or a date: it speaks for somebody, another one speaks against nobody.
SAME_POSTCODE, PART_OF_POSTCODE, BESIDE = 75, 65, 4


def score(candidate, query):
    """(0 to 100, what agrees in words) of `candidate` (a Described with its names) for `query`.

    Under SHOWN_FROM it is somebody else.
    """
    if not query.postcode:
        return _score(candidate, query)
    where = _where_agrees(candidate, query)
    if not query.has_name and query.born_on is None:
        return ({"same postcode": SAME_POSTCODE}.get(where, PART_OF_POSTCODE), [where]) if where else (0, [])
    found, said = _score(candidate, query)
    return (found + BESIDE, [*said, where]) if where else (found, said)


def _where_agrees(candidate, query):
    """What agrees of the postcode, in words; "" where nothing does."""
    asked = squeezed(query.postcode)
    if asked not in parts_of_postcode(candidate.postcode):
        return ""
    return "same postcode" if asked == squeezed(candidate.postcode) else "postcode begins the same"


def _score(candidate, query):
    asked = _prepared(query)
    name, said, parts = _name_agreement(candidate, asked)
    birth = None
    if query.born_on is not None:
        birth, said_of_birth = _birth_agreement(candidate, asked)
        said = [*said, said_of_birth]
    if not asked.readings:
        return round(100 * (birth or 0), 1), said
    # A namesake or a relative: only one part of the name is alike, or only one was asked.
    if (parts == _ONE_ALIKE and birth != 1) or (parts == _ONE_ASKED and birth == 0):
        name -= NAMESAKE
    if birth is None:
        return round(100 * BIRTH_UNKNOWN * name, 1), said
    return round(100 * (NAME_WEIGHT * name + BIRTH_WEIGHT * birth), 1), said


@dataclass(frozen=True)
class _Prepared:
    """What every candidate of one query is compared with."""

    readings: tuple  # (given words, family words, whether that is the other way round)
    wholes: frozenset
    born_on: date | None
    swapped: date | None
    slips: frozenset


@lru_cache(maxsize=64)
def _prepared(query):
    born_on = query.born_on
    return _Prepared(
        readings=tuple(_readings(query)) if query.has_name else (),
        wholes=frozenset(wholes(query)),
        born_on=born_on,
        swapped=swapped(born_on) if born_on else None,
        slips=frozenset(slips(born_on)) if born_on else frozenset(),
    )


def _readings(query):
    """Each way to read the typed name."""
    if not query.words:
        given = (*words_of(query.given_name), *words_of(query.preferred_name))
        family = words_of(query.family_name)
        yield given, family, False
        yield family, given, True
        return
    typed = words_of(query.words)[: MOST_WORDS + 1]
    # Only given names, or only a family name, of one word or of several.
    yield typed, (), False
    yield (), typed, False
    for at in range(1, len(typed)):
        yield typed[:at], typed[at:], False
        # Nobody said which part is which, so family name first is not a mistake.
        yield typed[at:], typed[:at], False


def _birth_agreement(candidate, asked):
    """(0 to 1, or None where theirs is not known; words)."""
    theirs = candidate.born_on
    if theirs is None:
        return None, "date of birth not known"
    if theirs == asked.born_on:
        return 1.0, "same date of birth"
    if theirs == asked.swapped:
        return NEAR_BIRTH, "day and month of birth the other way round"
    if theirs in asked.slips:
        return NEAR_BIRTH, "date of birth nearly the same"
    day = asked.born_on
    if (theirs.year == day.year) + (theirs.month == day.month) + (theirs.day == day.day) == 2:
        return PART_OF_BIRTH, "date of birth nearly the same"
    if candidate.estimated and abs(theirs - day) <= ESTIMATE_WITHIN:
        return PART_OF_BIRTH, "close to an estimated date of birth"
    return 0.0, "different date of birth"


def _name_agreement(candidate, asked):
    """(0 to 1, [words], which parts agree), the typed words laid on the candidate's name as well as can be."""
    given = words_of(candidate.given_name) + words_of(candidate.preferred_name)
    family = words_of(candidate.family_name)
    best = _Laid(0.0, (), False)
    for asked_given, asked_family, turned in asked.readings:
        laid = _laid_on(asked_given, asked_family, given, family, turned)
        if laid.agreed > best.agreed:
            best = laid
        if best.agreed >= SAME:
            return best.agreed, _said_of(best), _parts_of(best)
    whole = 0.0
    for one, other in product(wholes(candidate), asked.wholes):
        whole = max(whole, OSA.normalized_similarity(one, other, score_cutoff=best.agreed))
    if whole > best.agreed and whole >= NEARLY:
        return whole, ["same name" if whole >= SAME else "name spelt nearly alike"], _BOTH
    return best.agreed, _said_of(best) if asked.readings else [], _parts_of(best)


def _parts_of(laid):
    if len(laid.sides) < 2:
        return _ONE_ASKED
    return _ONE_ALIKE if min(laid.sides)[0] < UNLIKE else _BOTH


class _Laid(NamedTuple):
    agreed: float
    sides: tuple  # (agreement, words for a full one) of each side that was asked
    turned: bool


def _laid_on(asked_given, asked_family, given, family, turned):
    sides = []
    if asked_given:
        sides.append((_side_agreement(asked_given, given), "same given name"))
    if asked_family:
        sides.append((_side_agreement(asked_family, family), "same family name"))
    if len(sides) > 1:
        agreed = GIVEN_WEIGHT * sides[0][0] + FAMILY_WEIGHT * sides[1][0]
    else:
        agreed = sides[0][0] if sides else 0.0
    return _Laid(agreed - SWAPPED_NAMES if turned else agreed, tuple(sides), turned)


def _said_of(laid):
    least = min((side for side, _ in laid.sides), default=0.0)
    if least >= SAME:
        said = laid.sides[0][1] if len(laid.sides) == 1 else "same name"
    elif least >= SOUNDS_ALIKE:
        said = "name sounds alike"
    elif laid.agreed >= NEARLY:
        said = "name spelt nearly alike"
    else:
        partly = "name partly alike" if laid.agreed >= PARTLY else "different name"
        said = next((what for side, what in laid.sides if side >= SAME), partly)
    if laid.turned and laid.agreed >= NEARLY:
        return [said, "given and family names the other way round"]
    return [said]


def _side_agreement(asked, theirs):
    """How well the asked words of one side are found among theirs: 0 to 1; half where they have no such name."""
    if not theirs:
        return 0.5
    if len(asked) == len(theirs) == 1:
        return _word_agreement(asked[0], theirs[0])
    found = sum(max(_word_agreement(word, other) for other in theirs) for word in asked) / len(asked)
    return max(found, _word_agreement("".join(asked), "".join(theirs)))


@lru_cache(maxsize=50_000)
def _word_agreement(one, other):
    if one == other:
        return 1.0
    spelt = (JaroWinkler.similarity(one, other) + OSA.normalized_similarity(one, other)) / 2
    if spelt >= MAY_SOUND_ALIKE and set(sounds(one)) & set(sounds(other)):
        return max(spelt, SOUNDS_ALIKE)
    return spelt
