"""A training that ends is told to its owner and the managers of their teams, once, thirty days before."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from hsb.core import tasks
from hsb.core.models import Message
from hsb.people.selectors.training import ending
from tests import cast
from tests.pages import assert_well_formed, page

pytestmark = pytest.mark.django_db
LAST = date(2027, 1, 29)


def at(time_machine, day):
    time_machine.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), tick=False)


def told():
    return sorted(Message.objects.filter(what="training").values_list("user__name", "on", "about"))


def test_it_is_told_once_thirty_days_before(time_machine, client_of, amara, bea, carl, mo, max):
    cast.train(amara, "aim3", until=LAST)
    cast.train(bea, "aim3", until=LAST)
    cast.train(bea, "aim3", trained_on=date(2026, 1, 1), until=LAST + timedelta(days=900))
    at(time_machine, LAST - timedelta(days=31))
    tasks.sweep_and_deliver()
    assert told() == []

    for day in (30, 29, 1):
        at(time_machine, LAST - timedelta(days=day))
        tasks.sweep_and_deliver()

    about = f"{amara.reference} aim3"
    assert told() == [("Amara", LAST, about), ("Mo", LAST, about)]
    sent = {message.to[0]: message.body for message in mail.outbox}
    assert "ends soon: AIM3" in sent[mo.email]
    assert "29 January 2027" in sent[mo.email]
    assert "/team-work/" in sent[mo.email]
    assert "/people/my-account/" in sent[amara.email]
    assert "Amara" not in sent[mo.email]
    answer = client_of(mo).get("/messages/")
    assert_well_formed(answer)
    for words in ("A recorded training ends soon", "Amara", "Last valid day: 29 January 2027"):
        assert words in page(answer).text
    team = client_of(mo).get("/team-work/")
    assert_well_formed(team)
    assert "Training that ends soon, or has ended" in page(team).text
    assert ending(max) == []


def test_team_work_shows_what_has_ended_lately_and_not_what_was_renewed(time_machine, amara, mo):
    at(time_machine, LAST)
    cast.train(amara, "brook", until=LAST - timedelta(days=1))
    cast.train(amara, "aim3", until=LAST - timedelta(days=91))
    cast.train(amara, "aim_under_12", until=LAST + timedelta(days=31))

    assert [(row[0]["text"], row[1], row[3]["tags"][0]["text"]) for row in ending(cast.again(mo))] == [
        ("Amara", "Brook Sexual Behaviours Traffic Light Tool", "Not valid any more")
    ]
