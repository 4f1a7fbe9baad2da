"""Names as they are written, the keys they are found by, and what is said of a likeness. Expectations typed by hand."""

from datetime import date

import pytest

from referrals.likeness import SHOWN_FROM, score
from referrals.names import (
    LONGEST_KEY,
    Described,
    folded,
    keys_for,
    keys_for_query,
    slips,
    sounds,
    swapped,
    wider_keys_for_query,
)

BORN = date(2012, 5, 7)
AMARA = Described("Amara Grace", "Okoro-Bell", "Mara", born_on=BORN)


@pytest.mark.parametrize(
    ("written", "as_kept"),
    [
        pytest.param("  Zoë   ANNE ", "zoe anne", id="capitals, spaces and a Latin mark"),
        pytest.param("O'Brien", "obrien", id="an apostrophe separates nothing"),
        pytest.param("O’Brien", "obrien", id="nor a curly one"),
        pytest.param("Smith-Jones", "smith jones", id="a hyphen separates"),
        pytest.param("Łukasz Sørensen", "lukasz sorensen", id="letters of their own become plain ones"),
        pytest.param("Yıldırım", "yildirim", id="a Turkish letter without its dot"),
        pytest.param("Strauß", "strauss", id="a German letter that is two"),
        pytest.param("Siân Llŷr", "sian llyr", id="Welsh keeps its letters and loses its hats"),
        pytest.param("Nguyễn", "nguyen", id="two marks on one letter"),
        pytest.param("王小明", "王小明", id="Chinese stays as it is"),
        pytest.param("محمد", "محمد", id="Arabic stays as it is"),
        pytest.param("Андрей", "андрей", id="a Russian letter keeps its mark"),
        pytest.param("प्रिया", "प्रिया", id="Hindi keeps its vowel signs"),
        pytest.param("Ａｍａｒａ", "amara", id="wide letters are letters"),
        pytest.param("", "", id="nothing"),
        pytest.param("?!", "", id="nothing that is a name"),
    ],
)
def test_a_name_is_folded(written, as_kept):
    assert folded(written) == as_kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("mohammed", "muhamad", id="vowels and doubled letters"),
        pytest.param("stephen", "stefan", id="ph and f"),
        pytest.param("catherine", "kathryn", id="c and k"),
        pytest.param("wojciech", "vojciech", id="w and v"),
        pytest.param("christian", "kristian", id="ch and k"),
    ],
)
def test_names_that_sound_alike_share_a_sound(one, other):
    assert set(sounds(one)) & set(sounds(other))


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(Described("Amara", "Okoro", born_on=BORN), id="the name as it is"),
        pytest.param(Described("Amara", "Okoro"), id="without a date"),
        pytest.param(Described("Okoro", "Amara"), id="given and family names swapped"),
        pytest.param(Described("Mara", "Bell"), id="the preferred name and half of the family name"),
        pytest.param(Described("Grace", "Okoro Bell"), id="the second given name"),
        pytest.param(Described("Amarra", "Okorro"), id="a letter too many in both"),
        pytest.param(Described("Amra", "Okor"), id="a letter too few in both"),
        pytest.param(Described("Amraa", "Okoro"), id="two letters the wrong way round"),
        pytest.param(Described("Amaragrace", "Okorobell"), id="names of two words written as one"),
        pytest.param(Described(words="okoro amara"), id="words in any order"),
        pytest.param(Described(words="amara grace okoro bell"), id="all words"),
        pytest.param(Described(words="Okorobell Mara"), id="a double name written as one, as words"),
        pytest.param(Described(words="Bell"), id="one word of the family name"),
        pytest.param(Described(born_on=BORN), id="the date of birth alone"),
        pytest.param(Described(born_on=date(2012, 7, 5)), id="day and month swapped, alone"),
        pytest.param(Described("Mara", born_on=date(2012, 5, 8)), id="a given name, and a day too late"),
        pytest.param(Described("", "Bell", born_on=date(2012, 5, 17)), id="a family name, and ten days too late"),
        pytest.param(Described("Amy", "Oakley", born_on=date(2013, 5, 7)), id="first sounds, and a year too late"),
    ],
)
def test_a_person_is_found_by(query):
    assert keys_for(AMARA) & keys_for_query(query)
    assert score(AMARA, query)[0] >= SHOWN_FROM or query.given_name == "Amy"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(Described(words="Bel"), id="one word, a letter too few"),
        pytest.param(Described("Amanda", "Okrr"), id="the beginnings of two names"),
        pytest.param(Described(words="Okkurou"), id="one word that sounds alike"),
        pytest.param(Described("Amy", "Oakley", born_on=date(2012, 5, 29)), id="first sounds, and another day"),
    ],
)
def test_a_person_is_found_by_the_wider_keys_alone(query):
    assert not keys_for(AMARA) & keys_for_query(query)
    assert keys_for(AMARA) & wider_keys_for_query(query)


def test_a_person_known_by_a_first_name_only_is_found_by_a_full_name_that_sounds_alike():
    person = Described("Mohammed", "")
    query = Described("Muhamad", "Sample")

    assert keys_for(person) & keys_for_query(query)


def test_a_name_in_another_script_is_found_with_and_without_a_space():
    person = Described("小明", "王")

    assert keys_for(person) & keys_for_query(Described(words="王小明"))
    assert keys_for(person) & keys_for_query(Described(words="小明 王"))
    assert score(person, Described(words="王小明")) == (95.0, ["same name"])


def test_two_strangers_share_no_key():
    person = Described("Robin", "Sample", born_on=BORN)
    query = Described("Terry", "Invented", born_on=date(2009, 11, 30))

    assert not keys_for(person) & (keys_for_query(query) | wider_keys_for_query(query))


def test_a_key_is_never_longer_than_its_column():
    person = Described("Extraordinarily" * 6, "Longwinded" * 9, "王" * 100, born_on=BORN)

    assert max(len(key) for key in keys_for(person) | keys_for_query(person)) <= LONGEST_KEY


def test_nobody_has_so_many_names_that_the_keys_run_away():
    words = "one two three four five six seven eight nine ten"

    assert len(keys_for(Described(words, words.upper(), born_on=BORN))) < 400
    assert len(keys_for_query(Described(words=words, born_on=BORN))) < 400


def test_someone_of_whom_nothing_is_known_has_no_keys():
    assert keys_for(Described()) == set()
    assert keys_for_query(Described()) == set()


@pytest.mark.parametrize(
    ("day", "other"),
    [
        pytest.param(date(2012, 5, 7), date(2012, 7, 5), id="both can be a month"),
        pytest.param(date(2012, 5, 13), None, id="there is no thirteenth month"),
        pytest.param(date(2012, 5, 5), None, id="it would be the same day"),
    ],
)
def test_day_and_month_swapped(day, other):
    assert swapped(day) == other


def test_the_usual_slips_of_a_date():
    assert slips(date(2012, 3, 1)) == {
        date(2012, 1, 3),
        date(2012, 2, 29),
        date(2012, 3, 2),
        date(2012, 2, 20),
        date(2012, 3, 11),
        date(2011, 3, 1),
        date(2013, 3, 1),
    }


def test_a_leap_day_has_no_slip_of_a_year():
    assert slips(date(2012, 2, 29)) == {date(2012, 2, 28), date(2012, 3, 1), date(2012, 2, 19), date(2012, 3, 10)}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        pytest.param(
            Described("Amara", "Okoro Bell", born_on=BORN), ["same name", "same date of birth"], id="the same"
        ),
        pytest.param(
            Described("Amarah", "Okorro Bel", born_on=date(2012, 7, 5)),
            ["name sounds alike", "day and month of birth the other way round"],
            id="sounds alike, swapped date",
        ),
        pytest.param(
            Described("Amata", "Okoto", born_on=date(2012, 5, 8)),
            ["name spelt nearly alike", "date of birth nearly the same"],
            id="spelt alike, a day late",
        ),
        pytest.param(
            Described("Okoro", "Amara"),
            ["same name", "given and family names the other way round"],
            id="names swapped",
        ),
        pytest.param(Described(words="Okoro Amara"), ["same name"], id="words in any order are no mistake"),
        pytest.param(
            Described("Temi", "Okoro", born_on=BORN),
            ["same family name", "same date of birth"],
            id="a brother or sister born the same day",
        ),
        pytest.param(
            Described("Amara", "Okoro", born_on=date(1999, 1, 30)),
            ["same name", "different date of birth"],
            id="another date altogether",
        ),
        pytest.param(Described("", "Bell"), ["same family name"], id="one part asked, one part the same"),
        pytest.param(Described(born_on=BORN), ["same date of birth"], id="only the date asked"),
    ],
)
def test_what_agrees_is_said_in_words(query, words):
    assert score(AMARA, query)[1] == words


def test_an_estimated_date_of_birth_is_not_held_against_anybody():
    estimated = Described("Amara", "Okoro", born_on=date(2012, 1, 15), estimated=True)
    known = Described("Amara", "Okoro", born_on=date(2012, 1, 15))
    query = Described("Amara", "Okoro", born_on=date(2012, 9, 30))

    assert score(estimated, query) == (88.0, ["same name", "close to an estimated date of birth"])
    assert score(known, query) == (70.0, ["same name", "different date of birth"])


def test_where_the_date_of_birth_is_not_known_the_name_decides():
    person = Described("Amara", "Okoro")

    assert score(person, Described("Amara", "Okoro", born_on=BORN)) == (95.0, ["same name", "date of birth not known"])


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(Described("Terry", "Invented"), id="another name"),
        pytest.param(Described("Terry", "Invented", born_on=BORN), id="another name, born the same day"),
        pytest.param(Described("Terry", "Okoro"), id="a family name in common, no date"),
        pytest.param(
            Described("Terry", "Okoro", born_on=date(2011, 1, 30)), id="a family name in common, another date"
        ),
        pytest.param(Described(words="Bell", born_on=date(2011, 1, 30)), id="a family name alone, another date"),
        pytest.param(Described(born_on=date(2013, 7, 5)), id="another date alone"),
    ],
)
def test_somebody_else_is_not_shown(query):
    assert score(AMARA, query)[0] < SHOWN_FROM
