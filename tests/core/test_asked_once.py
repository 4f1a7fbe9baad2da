"""What a page that only shows asks of a noun is asked once; what decides is asked each time."""

import pytest

from hsb.core.asked_once import asked_once, foresee, looking, marked, only_shown


class Noun:
    def __init__(self):
        self.asked = []

    @asked_once
    def said(self, *values, **named):
        self.asked.append((values, named))
        return len(self.asked)

    @property
    @asked_once
    def answer(self):
        self.asked.append("answer")
        return len(self.asked)

    @asked_once
    def other(self):
        return "other"


@pytest.fixture
def shown():
    with looking():
        return marked(Noun())


def test_it_is_asked_once_of_what_a_page_shows(shown):
    assert (shown.said(), shown.said(), shown.answer, shown.answer) == (1, 1, 2, 2)


def test_what_was_read_already_is_not_asked(shown):
    foresee(shown, {Noun.said: "read"})

    assert (shown.said(), shown.said(1), shown.asked) == ("read", 1, [((1,), {})])


def test_where_more_is_done_than_showing_nothing_is_foreseen():
    noun = marked(Noun())
    foresee(noun, {Noun.said: "read"})

    assert (only_shown(noun), noun.said(), noun.said()) == (False, 1, 2)


def test_with_other_values_it_is_another_question(shown):
    assert [shown.said(1), shown.said(2), shown.said(1), shown.said(at=1), shown.said(at=1)] == [1, 2, 1, 3, 3]
    assert shown.other() == "other"


def test_nothing_is_an_answer_too(shown):
    @asked_once
    def none(noun):
        noun.asked.append("none")

    assert (none(shown), none(shown), shown.asked) == (None, None, ["none"])


def test_two_nouns_are_asked_each(shown):
    with looking():
        another = marked(Noun())

    assert (shown.said(), another.said(), len(another.asked)) == (1, 1, 1)


def test_where_something_may_change_it_is_asked_each_time():
    noun = marked(Noun())

    assert (noun.said(), noun.said(), noun.answer) == (1, 2, 3)


def test_looking_ends_with_its_block_whatever_happens():
    with pytest.raises(KeyError), looking():
        raise KeyError

    assert "_asked_once" not in vars(marked(Noun()))
