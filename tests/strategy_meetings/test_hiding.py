"""Names give way to words, however they are written; what is no name stays as it was typed."""

import pytest

from referrals.models import Person
from strategy_meetings.hiding import hider

ROBIN = Person(given_name="Robin", family_name="Sample")


def hide(text, family_name, given_name="Qx", **fields):
    other = Person(given_name=given_name, family_name=family_name, **fields)
    return hider([(other, "Child B")], keep=[ROBIN])(text)


@pytest.mark.parametrize(
    ("family_name", "written"),
    [
        pytest.param("O'Brien", "O’Brien", id="a curly apostrophe"),
        pytest.param("D’Souza", "D'Souza", id="a straight apostrophe"),
        pytest.param("O'Brien", "OBrien", id="no apostrophe"),
        pytest.param("O'Brien", "O BRIEN", id="a space for the apostrophe"),
        pytest.param("Nuʻman", "Nu'man", id="a turned comma"),
        pytest.param("Made-Up", "made up", id="a space for the hyphen"),
        pytest.param("Made-Up", "MadeUp", id="no hyphen"),
        pytest.param("Made-Up", "Made\u2011Up", id="a hyphen that does not break"),
        pytest.param("İbrahim", "İbrahim", id="a capital with a dot"),
        pytest.param("İbrahim", "ibrahim", id="its small letter"),
        pytest.param("Işık", "IŞIK", id="a small letter without a dot"),
        pytest.param("Weiß", "Weiß", id="a sharp s"),
        pytest.param("Weiß", "WEISS", id="a sharp s in capitals"),
        pytest.param("Zoë", "Zoe\u0308", id="a letter and its mark apart"),
        pytest.param("Zoe\u0308", "Zoë", id="a letter and its mark in one"),
        pytest.param("Zoë", "Zoe", id="no mark"),
        pytest.param("Łęcki", "Lecki", id="a stroke and a tail left out"),
        pytest.param("Ali", "_Ali_", id="between underscores"),
        pytest.param("Ali", "ali2010", id="with a number"),
        pytest.param("Ali", "Al\u00adi", id="with a soft hyphen in it"),
        pytest.param("Ali", "\u202aAli\u202c", id="with marks of direction around it"),
        pytest.param("Ali", "‘Ali’", id="in quotation marks"),
        pytest.param("Ali", "Ali’s", id="a possessive"),
        pytest.param("Jones", "Jones'", id="a possessive after an s"),
        pytest.param("Brown", "Browns", id="the whole family"),
        pytest.param("Иванов", "ИВАНОВ", id="another alphabet"),
        pytest.param("नीतू", "नीतू", id="a script whose vowels are marks"),
        pytest.param("محمد", "محمد", id="from right to left"),
        pytest.param("小龙", "李小龙说", id="a script without spaces"),
    ],
)
def test_a_name_is_found_as_people_write_it(family_name, written):
    said = hide(f"Then {written} spoke.", family_name)

    assert "Child B" in said
    assert family_name not in said
    assert written.strip("_‘’") not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Alison spoke to the alibi.", "Alison spoke to the alibi."),
        ("Ali’s mother came.", "Child B’s mother came."),
        ("Ali, Ali; ALI", "Child B, Child B; Child B"),
        ("", ""),
        ("Zoe\u0308! she said: “No\u0308”", "Zoe\u0308! she said: “No\u0308”"),
    ],
    ids=["part of a word", "what belongs to them", "several times", "nothing", "other marks stay"],
)
def test_the_rest_stays_as_it_was_typed(text, said):
    assert hide(text, "Ali") == said


def test_a_preferred_name_and_each_word_of_a_name_are_names():
    said = hide("Mary, Ann, Mimi, Mary Ann Smith-Jones, Jones", "Smith-Jones", "Mary Ann", preferred_name="Mimi")

    assert said == "Child B, Child B, Child B, Child B, Child B"


def test_a_name_that_both_have_stays_but_not_the_others_whole_name():
    sister = Person(given_name="Sky", family_name="Sample")

    said = hider([(sister, "Child B")], keep=[ROBIN])("Robin Sample and Sky Sample: the Samples, Sample, Sky.")

    assert said == "Robin Sample and Child B: the Samples, Sample, Child B."


def test_the_family_name_may_come_first():
    sister = Person(given_name="Sky", family_name="Sample")

    assert hider([(sister, "Child B")], keep=[ROBIN])("Sample Sky came.") == "Child B came."


def test_a_name_does_not_reach_over_the_end_of_a_sentence():
    sister = Person(given_name="Sky", family_name="Sample")

    assert hider([(sister, "Child B")], keep=[ROBIN])("We saw Sky. Sample came.") == "We saw Child B. Sample came."


def test_of_two_with_one_name_the_first_counts():
    two = [(Person(given_name="Sky", family_name="One"), "Child B"), (Person(given_name="Sky"), "Child C")]

    assert hider(two, keep=[ROBIN])("Sky") == "Child B"
