"""What is kept of a question never answers for other rights: across midnight, for nobody, under another reference."""

import gc
from datetime import datetime, time, timedelta

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.utils import timezone

from hsb.core import clock, door, work
from hsb.core.models import Record, Task
from hsb.core.refusals import Denied
from hsb.core.remembered import Remembered
from hsb.core.states import RecordKind
from hsb.overview.selectors import tasks
from hsb.people import sessions
from hsb.people.states import Role
from referrals.models import PoliceReferral, Referral
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]


def test_who_came_before_midnight_leaves_nothing_for_the_next_day(client_of, bea, rowan, dot, monkeypatch):
    today = timezone.localdate()
    now = [timezone.make_aware(datetime.combine(today, time(23, 59, 58)))]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    cast.join(bea, rowan, Role.MANAGER, ends_on=today)
    url = f"/referrals/{cast.referral(dot, held_by=rowan, state='statutory').reference}/"
    with_session = sessions.with_session

    def as_midnight_strikes(key, at):
        found = with_session(key, at)
        now[0] += timedelta(seconds=3)
        return found

    browser = client_of(bea)
    with monkeypatch.context() as patched:
        patched.setattr(sessions, "with_session", as_midnight_strikes)
        assert browser.get(url).status_code == 200
    now[0] = timezone.make_aware(datetime.combine(today + timedelta(days=1), time(12)))

    assert client_of(bea).get(url).status_code == 404


def test_no_request_is_kept_with_a_question(client_of, amara, bea):
    for user in (amara, bea):
        assert client_of(user).get("/referrals/?mine=1").status_code == 200
    gc.collect()

    assert not [each for each in gc.get_objects() if isinstance(each, WSGIRequest) and each.path == "/referrals/"]


def test_a_form_that_is_sent_while_the_page_is_made_stays_a_row(mo, amara, willow, dot, monkeypatch):
    for _ in range(3):
        referral = cast.referral(dot, held_by=willow, state="statutory", worker=amara)
        work.ask(referral.record, "police_referral", owner=amara)
    PoliceReferral.objects.create(
        record=Record.objects.open(RecordKind.POLICE_REFERRAL, at=clock.now()),
        concern=referral.involvements.get().concern,
        needed_since=clock.now(),
    )
    Task.objects.filter(record=referral.record).update(due_on=clock.today() - timedelta(days=5))
    first = tasks._first

    def sent_meanwhile(*asked):
        found = first(*asked)
        Task.objects.update(cancelled_at=clock.now())
        return found

    monkeypatch.setattr(tasks, "_first", sent_meanwhile)

    assert len(tasks.team_task_rows(cast.again(mo), 1)["rows"]) == 1


def test_who_manages_nothing_has_no_tasks_of_teams(amara):
    assert tasks.team_task_rows(amara, 20) == {"rows": [], "number": 0, "late": 0}


def test_the_door_opens_for_nobody_in_particular_to_nobody(dot, amara, willow):
    referral = cast.referral(dot, held_by=willow, state="statutory", worker=amara)

    with (
        pytest.raises(Denied),
        door.noted(Referral, referral.reference, "x", actor=None, may=lambda subject, actor: True),
    ):
        pass


def test_a_noun_is_not_found_by_the_reference_of_what_hangs_on_it(dot, amara, willow):
    referral = cast.referral(dot, held_by=willow, state="statutory", worker=amara)

    with pytest.raises(Referral.DoesNotExist):
        door.held(Referral, f"{referral.reference}-A9")


def test_what_was_changed_while_it_was_read_is_read_again():
    table = ["old"]

    def read():
        found = list(table)
        if table == ["old"]:
            table[:] = ["new"]
            rows.forget()  # by whoever changed it
        return found

    rows = Remembered(read)

    assert rows() == ("old",)
    assert rows() == ("new",)
