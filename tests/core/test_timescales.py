"""The clocks: when each falls due, and what it calls itself."""

from datetime import date

import pytest

from hsb.core import timescales
from hsb.core.timescales import LOCAL, STATUTORY, timescale

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "start", "due"),
    [
        pytest.param("assess", "2026-11-27", "2026-11-30", id="an assessment from Friday is due on Monday"),
        pytest.param("decide", "2026-11-28", "2026-11-30", id="a decision asked for on Saturday is due on Monday"),
        pytest.param("tell_referrer", "2026-12-24", "2026-12-29", id="the referrer is told after Christmas"),
        pytest.param("police_referral", "2026-11-28", "2026-11-28", id="Form 87A the same day, on a Saturday too"),
        pytest.param("meeting_decision", "2026-11-23", "2026-11-23", id="the meeting decision the same day"),
        pytest.param("protection", "2026-12-25", "2026-12-25", id="protection the same day, at Christmas too"),
        pytest.param("close", "2026-11-23", "2026-11-30", id="closing within five working days"),
        pytest.param(
            "early_help_review", "2026-11-23", "2027-01-04", id="an Early Help review after six weeks of days"
        ),
        pytest.param("family_assessment", "2026-11-23", "2027-01-28", id="the full assessment in 45 working days"),
    ],
)
def test_when_a_clock_falls_due(code, start, due):
    assert timescale(code).due_on(date.fromisoformat(start)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("police_referral", "the same day"),
        ("assess", "within 1 working day"),
        ("close", "within 5 working days"),
        ("early_help_review", "within 42 days"),
    ],
)
def test_a_limit_in_words(code, words):
    assert timescale(code).in_words == words


def test_every_clock_says_whose_rule_it_is():
    assert {each.status for each in timescales.ALL.values()} <= {STATUTORY, LOCAL}
    assert all(each.title and each.source for each in timescales.ALL.values())


def test_statutory_clocks_are_the_ones_of_working_together():
    statutory = {code for code, each in timescales.ALL.items() if each.status == STATUTORY}

    assert statutory == {
        "decide",
        "tell_referrer",
        "protection",
        "family_assessment",
        "section_47",
        "conclude_section_47",
        "conference",
    }


def test_an_unknown_clock_is_refused():
    with pytest.raises(KeyError):
        timescale("soon")
