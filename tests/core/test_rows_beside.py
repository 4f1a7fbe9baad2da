"""Rows that are read in the statement of another row are the objects that a question of their own would bring."""

from datetime import timedelta

import pytest
from django.db.models import OuterRef

from hsb.core import clock
from hsb.core.models import Draft, Record, Task
from hsb.core.rows_beside import Beside, RowsBeside
from hsb.people.models import User
from hsb.people.states import Role

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("each says in its own way what JSON has no word for"),
]
TASKS = RowsBeside(Task.objects.open().filter(record=OuterRef("pk")), ("owner", "team"), ("due_on", "pk"))


def a_record(number=1):
    return Record.objects.create(kind="referral", reference=f"HSB-2026-0000{number}", opened_at=clock.now())


def a_task(record, due_in, **whose):
    due_on = clock.today() + timedelta(days=due_in)
    dates = {"started_on": clock.today(), "due_on": due_on, "opened_at": clock.now()}
    return Task.objects.create(record=record, kind="assess", about=str(due_in), **dates, **whose)


def beside(rows, one):
    [text] = type(one).objects.filter(pk=one.pk).values_list(rows.column(), flat=True)
    return rows.objects(text)


def test_they_are_the_rows_in_their_order_with_whom_they_name(amara, willow, django_assert_num_queries):
    record = a_record()
    later, first = a_task(record, 5, owner=amara), a_task(record, 2, team=willow, role=Role.MANAGER)
    a_task(a_record(2), 1, owner=amara)

    with django_assert_num_queries(1):
        found = beside(TASKS, record)
        named = [(task.owner, task.team) for task in found]

    assert found == [first, later]
    assert named == [(None, willow), (amara, None)]


@pytest.mark.parametrize("name", [field.attname for field in Task._meta.concrete_fields])
def test_every_value_is_as_the_field_has_it(amara, name):
    record = a_record()
    task = a_task(record, 3, owner=amara)

    [found] = beside(TASKS, record)

    assert getattr(found, name) == getattr(Task.objects.get(pk=task.pk), name)
    assert not found._state.adding


def test_answers_in_json_and_truth_come_as_they_were_kept(amara):
    Draft.objects.create(user=amara, form="x", key="y", data={"text": ["It’s “so”\n{1}"]}, saved_at=clock.now())

    [draft] = beside(RowsBeside(Draft.objects.filter(user=OuterRef("pk")), ("user",)), amara)

    assert (draft.data, draft.user.is_active) == ({"text": ["It’s “so”\n{1}"]}, True)
    assert draft.user == User.objects.get(pk=amara.pk)


def test_where_there_is_no_row_there_is_nothing_to_read():
    record = a_record()

    assert list(Record.objects.filter(pk=record.pk).values_list(TASKS.column(), flat=True)) == [None]
    assert beside(TASKS, record) == []


def test_what_was_read_with_a_record_is_found_on_it_and_asked_for_elsewhere(amara, django_assert_num_queries):
    record = a_record()
    task = a_task(record, 2, owner=amara)
    everything = Beside({"tasks": TASKS, "nothing": RowsBeside(Task.objects.none().filter(record=OuterRef("pk")))})
    read = Record.objects.annotate(**everything.columns()).get(pk=record.pk)

    with django_assert_num_queries(0):
        assert everything.of(read) == {"tasks": [task], "nothing": []}
    with django_assert_num_queries(1):
        assert everything.of(record, "tasks") == {"tasks": [task]}
