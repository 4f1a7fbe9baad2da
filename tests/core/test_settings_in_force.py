"""Dated settings: what was in force on a day stays so."""

import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from hsb.core import settings_in_force
from hsb.core.models import Setting

pytestmark = pytest.mark.django_db

KEY = "category_0_repeat"


@pytest.fixture
def changed_twice(dee):
    settings_in_force.set_value(KEY, 4, from_on=date(2026, 3, 1), actor=dee)
    settings_in_force.set_value(KEY, 5, from_on=date(2026, 9, 1), actor=dee)
    settings_in_force.forget()


@pytest.mark.parametrize(
    ("day", "value"),
    [
        pytest.param("2026-02-28", 2, id="the day before the first change: the default"),
        pytest.param("2026-03-01", 4, id="from its first day"),
        pytest.param("2026-08-31", 4, id="up to the day before the next"),
        pytest.param("2026-09-01", 5, id="the latest that has begun"),
        pytest.param("2030-01-01", 5, id="and until it is changed again"),
    ],
)
def test_the_value_in_force_on_a_day(changed_twice, day, value):
    assert settings_in_force.value(KEY, date.fromisoformat(day)) == value


def test_the_same_day_again_replaces_that_days_value(changed_twice, dee):
    settings_in_force.set_value(KEY, 7, from_on=date(2026, 9, 1), actor=dee)
    settings_in_force.forget()

    assert settings_in_force.value(KEY, date(2026, 9, 1)) == 7
    assert settings_in_force.value(KEY, date(2026, 3, 1)) == 4
    assert Setting.objects.get(from_on=date(2026, 9, 1)).set_by == dee


@pytest.mark.parametrize(
    "ask",
    [settings_in_force.value, lambda key: settings_in_force.set_value(key, 1, from_on=date(2026, 1, 1), actor=None)],
    ids=["asking", "setting"],
)
def test_a_key_nobody_declared_is_refused(ask):
    with pytest.raises(KeyError):
        ask("colour_of_the_sky")


def test_a_change_is_seen_by_the_process_that_made_it_once_it_is_committed(dee, django_capture_on_commit_callbacks):
    assert settings_in_force.value(KEY) == 2

    with django_capture_on_commit_callbacks(execute=True):
        settings_in_force.set_value(KEY, 9, from_on=date(2026, 1, 1), actor=dee)

    assert settings_in_force.value(KEY) == 9


def test_pages_do_not_ask_the_database_each_time(django_assert_num_queries):
    settings_in_force.value(KEY)

    with django_assert_num_queries(0):
        settings_in_force.value(KEY)


# --- By hand ---


def by_hand(*words, **options):
    said = StringIO()
    call_command("setting", *words, stdout=said, **options)
    return said.getvalue()


def test_the_command_lists_what_is_in_force(db):
    assert 'police_form = "Form 87A"' in by_hand()
    assert by_hand("police_team").startswith("police_team = ")


def test_the_command_sets_one_from_a_day_on(dee):
    by_hand("police_form", "Form 99B", from_on=date(2026, 9, 1), by=dee.email)

    assert settings_in_force.value("police_form", on=date(2026, 8, 31)) == "Form 87A"
    assert settings_in_force.value("police_form") == "Form 99B"
    assert Setting.objects.get().set_by == dee


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("no_such", "1"), "There is no setting no_such"),
        (("digest_hour", "soon"), "digest_hour is written like this: 7"),
        (("digest_hour", '"7"'), "digest_hour is written like this: 7"),
        (("extra_bank_holidays", "2026-01-01"), "extra_bank_holidays is written like this: []"),
    ],
)
def test_the_command_refuses_what_is_no_setting(dee, words, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        by_hand(*words, by=dee.email)
    assert not Setting.objects.exists()


def test_the_command_asks_whose_decision_it_is(db):
    with pytest.raises(CommandError, match="whose decision it is"):
        by_hand("police_form", "Form 99B")
