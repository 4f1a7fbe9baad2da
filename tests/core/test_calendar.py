"""Working days: expectations typed by hand from practice.md, section 3, and a wall calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsb.core import calendar, settings_in_force
from hsb.core.calendar import add_working_days, is_working_day, working_days_between
from hsb.core.checks import bank_holidays_reach_far_enough

pytestmark = pytest.mark.django_db

BANK_HOLIDAYS_2026 = ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]
BANK_HOLIDAYS_2027 = ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"]


@pytest.mark.parametrize(
    ("year", "days"), [(2026, BANK_HOLIDAYS_2026), (2027, BANK_HOLIDAYS_2027)], ids=["2026", "2027"]
)
def test_the_bank_holidays_of_a_year_are_the_published_ones(year, days):
    ours = sorted(day for day in calendar.bank_holidays() if day.year == year)

    assert ours == [date.fromisoformat(f"{year}-{day}") for day in days]


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        pytest.param("2026-11-23", 1, "2026-11-24", id="one day after a Monday is Tuesday"),
        pytest.param("2026-11-23", 5, "2026-11-30", id="five days after a Monday is the next Monday"),
        pytest.param("2026-11-27", 1, "2026-11-30", id="one day after a Friday is Monday"),
        pytest.param("2026-11-28", 1, "2026-11-30", id="one day after a Saturday is Monday"),
        pytest.param("2026-11-29", 1, "2026-11-30", id="one day after a Sunday is Monday"),
        pytest.param("2026-11-28", 2, "2026-12-01", id="two days after a Saturday is Tuesday"),
        pytest.param("2026-11-28", 0, "2026-11-28", id="no days after a Saturday is that Saturday"),
        pytest.param("2026-12-24", 1, "2026-12-29", id="one day after Christmas Eve 2026, over weekend and Monday"),
        pytest.param("2026-12-25", 1, "2026-12-29", id="one day after Christmas Day 2026"),
        pytest.param("2026-12-24", 5, "2027-01-05", id="five days after Christmas Eve 2026, over New Year"),
        pytest.param("2027-12-24", 1, "2027-12-29", id="Christmas 2027 falls on a weekend: two days in lieu"),
        pytest.param("2026-04-02", 1, "2026-04-07", id="over Easter 2026"),
        pytest.param("2026-05-01", 1, "2026-05-05", id="over the early May bank holiday"),
        pytest.param("2026-11-23", 15, "2026-12-14", id="fifteen days: a child protection conference"),
        pytest.param("2026-11-23", 45, "2027-01-28", id="forty-five days, over Christmas: the full assessment"),
        pytest.param("2026-11-30", -1, "2026-11-27", id="one day before a Monday is Friday"),
        pytest.param("2026-11-29", -1, "2026-11-27", id="one day before a Sunday is Friday"),
        pytest.param("2026-11-28", -5, "2026-11-23", id="five days before a Saturday is Monday"),
        pytest.param("2026-12-29", -1, "2026-12-24", id="one day before 29 December 2026 is Christmas Eve"),
        pytest.param("2027-01-04", -5, "2026-12-23", id="five days before the first Monday of 2027"),
    ],
)
def test_counting_working_days(start, n, expected):
    assert add_working_days(date.fromisoformat(start), n) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param("2026-11-23", "2026-11-23", 0, id="none between a day and itself"),
        pytest.param("2026-11-23", "2026-11-24", 1, id="one from Monday to Tuesday"),
        pytest.param("2026-11-27", "2026-11-30", 1, id="one from Friday to Monday"),
        pytest.param("2026-11-28", "2026-11-29", 0, id="none from Saturday to Sunday"),
        pytest.param("2026-11-28", "2026-11-30", 1, id="one from Saturday to Monday"),
        pytest.param("2026-12-24", "2026-12-28", 0, id="none from Christmas Eve to the day in lieu"),
        pytest.param("2026-12-24", "2026-12-31", 3, id="three in the week after Christmas"),
        pytest.param("2026-11-30", "2026-11-27", -1, id="backwards is negative"),
        pytest.param("2026-11-30", "2026-11-28", -1, id="backwards from Monday to Saturday counts the Monday"),
    ],
)
def test_working_days_between_two_days(first, last, expected):
    assert working_days_between(date.fromisoformat(first), date.fromisoformat(last)) == expected


DAYS = st.dates(date(2025, 1, 1), date(2027, 9, 1))


@given(start=DAYS, n=st.integers(min_value=1, max_value=60))
def test_counting_and_measuring_are_each_others_inverse(start, n):
    end = add_working_days(start, n)

    assert is_working_day(end)
    assert working_days_between(start, end) == n


@given(start=DAYS, n=st.integers(min_value=1, max_value=60))
def test_counting_back_finds_the_last_working_day_from_which_counting_on_arrives(start, n):
    begin = add_working_days(start, -n)

    assert is_working_day(begin)
    assert sum(is_working_day(begin + timedelta(k)) for k in range((start - begin).days)) == n


@given(start=DAYS, n=st.integers(min_value=0, max_value=60))
def test_one_more_day_is_always_later(start, n):
    assert add_working_days(start, n + 1) > add_working_days(start, n)


def test_an_extra_bank_holiday_that_the_administrator_added_counts(django_user_model):
    settings_in_force.set_value("extra_bank_holidays", ["2026-11-24"], from_on=date(2026, 1, 1), actor=None)
    settings_in_force.forget()

    assert add_working_days(date(2026, 11, 23), 1) == date(2026, 11, 25)
    assert working_days_between(date(2026, 11, 23), date(2026, 11, 25)) == 1


def test_the_published_list_warns_half_a_year_before_it_ends(time_machine):
    time_machine.move_to(calendar.horizon() - timedelta(days=181), tick=False)
    assert bank_holidays_reach_far_enough(None) == []

    time_machine.move_to(calendar.horizon() - timedelta(days=180), tick=False)
    assert [warning.id for warning in bank_holidays_reach_far_enough(None)] == ["hsb.W001"]
