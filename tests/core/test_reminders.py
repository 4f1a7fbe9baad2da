"""Who is reminded of what, when: golden days, once each, nothing personal, whoever is killed."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction

from hsb.core import clock, outbox, reminders, tasks, work
from hsb.core.calendar import add_working_days
from hsb.core.models import AccessBar, Message, Reminder
from hsb.people.states import Role
from referrals.models import Person
from tests import cast
from tests.house.walk import places
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db


def at(time_machine, day, hour=9):
    time_machine.move_to(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), tick=False)


@pytest.fixture
def case(front_door, amara, willow):
    return cast.referral(amara, held_by=willow)


def kinds(user):
    return sorted(Reminder.objects.filter(user=user).values_list("kind", "on"))


@pytest.mark.parametrize(
    ("due", "reminded_from"),
    [
        pytest.param(date(2026, 11, 25), date(2026, 11, 24), id="the day before"),
        pytest.param(date(2026, 11, 23), date(2026, 11, 20), id="Monday: on the Friday"),
        pytest.param(date(2026, 12, 29), date(2026, 12, 24), id="after Christmas and its substitute day"),
        pytest.param(date(2027, 3, 30), date(2027, 3, 25), id="after Easter"),
        pytest.param(date(2027, 5, 4), date(2027, 4, 30), id="after the early May bank holiday"),
    ],
)
def test_a_task_is_due_soon_on_the_working_day_before(time_machine, case, bea, due, reminded_from):
    work.ask(case.record, "assess", owner=bea, started_on=due, due_on=due)
    day = reminded_from
    at(time_machine, date.fromordinal(day.toordinal() - 1))
    reminders.sweep()
    assert kinds(bea) == []

    at(time_machine, day)
    reminders.sweep()

    assert kinds(bea) == [("due_soon", day)]


def test_one_digest_of_each_working_day_until_it_is_done(time_machine, case, bea, mo):
    due = date(2026, 11, 19)
    for kind in ("assess", "start_work"):
        work.ask(case.record, kind, owner=bea, due_on=due)
    first, second = case.record.tasks.order_by("kind")
    for day in (20, 21, 22, 23, 24):
        at(time_machine, date(2026, 11, day))
        if day == 24:
            work.finish(case.record, "start_work", by=bea)
        tasks.sweep_and_deliver()
        tasks.sweep_and_deliver()

    digests = Message.objects.filter(user=bea, what="digest")
    assert sorted(digests.values_list("on", flat=True)) == [date(2026, 11, day) for day in (20, 23, 24)]
    assert sorted(first.reminders.filter(user=bea).values_list("on", flat=True)) == [
        date(2026, 11, day) for day in (20, 23, 24)
    ]
    assert second.reminders.filter(user=bea).count() == 2
    # What is late is told to the manager of the team too.
    assert {kind for kind, _ in kinds(mo)} == {"overdue_manager"}
    assert len([sent for sent in mail.outbox if sent.to == [bea.email]]) == 3


def test_a_sweep_that_looks_for_nothing_writes_nothing_twice(time_machine, case, bea):
    """It looks at the day of the last digest alone: here that is another one, for the clock was put back."""
    work.ask(case.record, "assess", owner=bea, due_on=date(2026, 11, 24))
    for day in (24, 25):
        at(time_machine, date(2026, 11, day))
        assert reminders.sweep() > 0
    standing = sorted(Reminder.objects.values_list("pk", "user", "kind", "on"))

    at(time_machine, date(2026, 11, 24))

    assert reminders.sweep() == 0
    assert sorted(Reminder.objects.values_list("pk", "user", "kind", "on")) == standing


def test_nothing_goes_out_in_the_night_but_what_cannot_wait(time_machine, case, bea):
    at(time_machine, date(2026, 11, 24), hour=5)
    work.ask(case.record, "assess", owner=bea, due_on=date(2026, 11, 20))
    work.ask(case.record, "protection", owner=bea)

    tasks.sweep_and_deliver()
    tasks.sweep_and_deliver()

    assert [kind for kind, _ in kinds(bea)] == ["at_once"]
    assert [sent.subject for sent in mail.outbox] == ["HSB casework: to be done today"]


def test_a_teams_task_goes_to_who_has_the_role_and_a_stand_in_gets_the_owners(time_machine, case, amara, bea, willow):
    at(time_machine, date(2026, 11, 24))
    cast.cover(amara, bea)
    work.ask(case.record, "assess", owner=bea, due_on=date(2026, 11, 24))
    work.ask(case.record, "start_work", team=willow, role=Role.PRACTITIONER, due_on=date(2026, 11, 24))

    reminders.sweep()

    assert len(kinds(amara)) == 2
    assert len(kinds(bea)) == 2


def test_of_a_restricted_record_only_who_is_named_is_told(time_machine, case, bea, willow):
    at(time_machine, date(2026, 11, 24))
    case.record.restricted = True
    case.record.save()
    work.ask(case.record, "start_work", team=willow, role=Role.PRACTITIONER, due_on=date(2026, 11, 20))

    reminders.sweep()

    assert kinds(bea) == []


def test_who_is_barred_from_a_child_is_told_nothing_of_it(time_machine, case, amara, bea, mo, willow):
    at(time_machine, date(2026, 11, 24))
    other = cast.user("Mona", (willow, Role.MANAGER))
    cast.cover(amara, bea)
    for user in (mo, amara):
        AccessBar.objects.create(
            user=user, record=case.person.record, reason="Related.", set_by=other, set_at=clock.now()
        )
    work.ask(case.record, "protection", owner=bea, due_on=date(2026, 11, 20))
    work.ask(case.record, "start_work", team=willow, role=Role.MANAGER, due_on=date(2026, 11, 24))

    reminders.sweep()

    assert (kinds(mo), kinds(amara)) == ([], [])
    assert {kind for kind, _ in kinds(other)} == {"due_soon", "overdue_manager"}
    AccessBar.objects.update(lifted_at=clock.now())
    reminders.sweep()
    assert {kind for kind, _ in kinds(mo)} == {"due_soon", "overdue_manager"}


def left(user):
    user.memberships.update(ends_on=date(2026, 11, 1))


def closed(user):
    user.is_active = False
    user.save()


def barred(user):
    for person in Person.objects.all():
        AccessBar.objects.create(user=user, record=person.record, reason="Related.", set_by=user, set_at=clock.now())


@pytest.mark.parametrize("gone", [left, closed, barred])
def test_what_nobody_is_asked_for_any_more_is_told_to_the_managers(time_machine, case, bea, mo, amara, gone):
    at(time_machine, date(2026, 11, 24))
    work.ask(case.record, "assess", owner=bea, due_on=date(2026, 11, 20))
    work.ask(case.record, "start_work", owner=bea, due_on=date(2026, 11, 24))
    work.ask(case.record, "protection", owner=bea)
    gone(bea)

    reminders.sweep()

    assert sorted(kind for kind, _ in kinds(mo)) == ["at_once", "due_soon", "due_soon", "overdue_manager"]
    assert (kinds(bea), kinds(amara)) == ([], [])


@pytest.fixture
def chaired(front_door, mo, amara, willow, cho, min):
    """A meeting of the specialist team, which has no manager; its day has come."""
    robin, _, _ = meeting_road.allocated(amara, mo, willow, amara)
    meeting = meeting_road.planned(meeting_road.convened(robin, mo), cho, min)
    meeting.record.holding_team = cho.memberships.get().team
    meeting.record.save()
    return meeting


@pytest.mark.parametrize("gone", [left, closed])
def test_where_a_team_has_no_manager_its_chairs_are_told(time_machine, chaired, cho, juniper, min, gone):
    other = cast.user("Chi", (juniper, Role.CHAIR))
    at(time_machine, add_working_days(chaired.planned_on, 1))
    gone(cho)

    reminders.sweep()

    told = Reminder.objects.filter(task__record=chaired.record)
    assert set(told.values_list("user__name", "kind")) == {("Chi", "overdue_manager")}
    assert kinds(min) == []
    assert kinds(other)


def test_who_is_barred_from_a_child_of_a_meeting_is_told_nothing_of_the_meeting(time_machine, chaired, juniper, cho):
    other = cast.user("Chi", (juniper, Role.CHAIR))
    child = chaired.children.get(number=2)
    AccessBar.objects.create(user=other, record=child.person.record, reason="Aunt.", set_by=cho, set_at=clock.now())
    at(time_machine, add_working_days(chaired.planned_on, 1))

    reminders.sweep()

    assert not Reminder.objects.filter(task__record=chaired.record, user=other).exists()
    assert Reminder.objects.filter(task__record=chaired.record, user=cho).exists()


def test_a_closed_account_is_sent_nothing(time_machine, case, bea):
    at(time_machine, date(2026, 11, 24))
    work.ask(case.record, "assess", owner=bea, due_on=date(2026, 11, 24))
    reminders.sweep()
    bea.is_active = False
    bea.save()

    outbox.deliver()

    assert mail.outbox == []


def test_a_message_has_a_reference_and_one_link_and_nothing_of_the_child(time_machine, case, bea, settings):
    settings.BASE_URL = "https://hsb.example.org"
    at(time_machine, date(2026, 11, 24))
    work.ask(case.record, "police_referral", owner=bea, due_on=date(2026, 11, 23))

    tasks.sweep_and_deliver()

    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        said = sent.subject + sent.body
        assert case.reference in said
        assert "https://hsb.example.org/my-work/" in said
        for word in (case.person.given_name, case.person.family_name, "87A", "police", "Police"):
            assert word not in said
        assert sent.extra_headers["Message-ID"].endswith("@hsb.example.org>")


def test_by_hand_it_says_how_many_and_the_second_time_none(time_machine, case, bea):
    at(time_machine, date(2026, 11, 24))
    work.ask(case.record, "assess", owner=bea, due_on=date(2026, 11, 24))

    said = [StringIO(), StringIO()]
    for out in said:
        call_command("sweep", stdout=out)

    assert [out.getvalue().splitlines()[-1] for out in said] == ["1 message.", "0 messages."]


def test_a_gateway_that_is_away_is_tried_again_after_the_lease(time_machine, case, bea, monkeypatch):
    at(time_machine, date(2026, 11, 24))
    work.ask(case.record, "assess", owner=bea, due_on=date(2026, 11, 24))
    reminders.sweep()

    def refuse(self):
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr("django.core.mail.EmailMessage.send", refuse)
        assert outbox.deliver() == 0
    assert outbox.deliver() == 0
    at(time_machine, date(2026, 11, 24), hour=10)

    assert outbox.deliver() == 1
    assert Message.objects.get().attempts == 2


class Killed(Exception):
    pass


class KilledAt:
    """Lets `number` - 1 statements through, and no more."""

    def __init__(self, number):
        self.left = number

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0:
            raise Killed
        return execute(sql, params, many, context)


def test_killed_at_any_statement_it_neither_loses_nor_doubles(time_machine, case, bea, mo, willow):
    at(time_machine, date(2026, 11, 24))
    work.ask(case.record, "assess", owner=bea, due_on=date(2026, 11, 20))
    work.ask(case.record, "start_work", team=willow, role=Role.PRACTITIONER, due_on=date(2026, 11, 24))
    work.ask(case.record, "protection", owner=bea)

    def state():
        return (
            sorted(Message.objects.values_list("what", "user", "on", "about")),
            sorted(Reminder.objects.values_list("task", "kind", "user", "on")),
        )

    with transaction.atomic():
        reminders.sweep()
        whole = state()
        transaction.set_rollback(True)
    killed, ended = 0, False
    while not ended:
        with transaction.atomic():
            try:
                with connection.execute_wrapper(KilledAt(killed + 1)):
                    reminders.sweep()
                ended = True
            except Killed:
                killed += 1
                reminders.sweep()
            assert state() == whole
            transaction.set_rollback(True)
    assert killed > 5


def test_the_page_shows_them_and_they_can_be_marked_as_read(time_machine, case, bea, client_of):
    at(time_machine, date(2026, 11, 24))
    work.ask(case.record, "new_concern", owner=bea, due_on=date(2026, 11, 24))
    reminders.sweep()
    browser = client_of(bea)

    shown = browser.get("/messages/").content.decode()
    browser.post("/messages/")
    after = browser.get("/messages/").content.decode()

    assert "Look at a new concern" in shown
    assert case.reference in shown
    assert "Mark all as read" in shown
    assert "Mark all as read" not in after
    assert "overview:messages" in {place.name for place in places()}


def test_without_a_gateway_letters_are_kept_with_everything_else_that_varies(settings):
    assert Path(settings.EMAIL_FILE_PATH) == settings.VAR_DIR.resolve() / "mail"


def test_its_age_is_told_to_the_monitor(client, time_machine):
    at(time_machine, date(2026, 11, 24), hour=9)
    tasks.sweep_and_deliver()
    at(time_machine, date(2026, 11, 24), hour=10)

    assert client.get("/readyz").json()["sweep_seconds"] == 3600
    assert clock.today() == date(2026, 11, 24)
