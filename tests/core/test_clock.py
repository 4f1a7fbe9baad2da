"""What day it is in London, on the nights when the clocks change and on summer evenings."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone

from hsb.core import clock

LONDON_DAYS = [
    pytest.param(
        "2026-03-28T23:30:00+00:00", "2026-03-28", id="23:30 on the Saturday before summer time: still Saturday"
    ),
    pytest.param("2026-03-29T00:30:00+00:00", "2026-03-29", id="half past midnight, half an hour before the change"),
    pytest.param("2026-03-29T22:59:00+00:00", "2026-03-29", id="23:59 on the first day of summer time"),
    pytest.param("2026-03-29T23:01:00+00:00", "2026-03-30", id="one minute past midnight in summer time"),
    pytest.param(
        "2026-10-24T22:30:00+00:00", "2026-10-24", id="23:30 on the Saturday before winter time: still Saturday"
    ),
    pytest.param(
        "2026-10-24T23:30:00+00:00", "2026-10-25", id="half past midnight in summer time, by UTC still Saturday"
    ),
    pytest.param("2026-10-25T23:30:00+00:00", "2026-10-25", id="23:30 on the first day of winter time"),
    pytest.param("2026-07-01T23:15:00+00:00", "2026-07-02", id="a summer evening by UTC is tomorrow in London"),
    pytest.param("2026-12-31T23:59:59+00:00", "2026-12-31", id="the last second of the year"),
]


@pytest.mark.parametrize(("instant", "day"), LONDON_DAYS)
def test_today_is_the_day_in_london(instant, day):
    with time_machine.travel(datetime.fromisoformat(instant), tick=False):
        assert clock.today() == date.fromisoformat(day)


@pytest.mark.parametrize(("instant", "day"), LONDON_DAYS)
def test_a_moved_clock_tells_the_same_day(instant, day):
    with clock.moved_to(datetime.fromisoformat(instant)):
        assert clock.today() == date.fromisoformat(day)


def test_the_clock_can_be_moved_within_a_move_and_comes_back_each_time():
    may, june = datetime(2026, 5, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, 9, tzinfo=UTC)

    with clock.moved_to(may):
        with clock.moved_to(june):
            assert clock.now() == june
        assert clock.now() == may
    assert abs(clock.now() - timezone.now()).total_seconds() < 60


def test_the_clock_comes_back_after_something_broke():
    with pytest.raises(ValueError), clock.moved_to(datetime(2001, 1, 1, tzinfo=UTC)):
        raise ValueError

    assert clock.today().year > 2001


def test_now_is_aware():
    assert clock.now().tzinfo is not None
