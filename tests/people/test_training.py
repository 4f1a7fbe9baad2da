"""Recorded training, and the days on which it counts (practice.md B18)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.refusals import Denied
from hsb.people.models import Training, is_trained
from hsb.people.services import training
from hsb.people.states import Tool
from tests import cast

SHOWN = "Certificate 12"
FIRST, LAST = date(2026, 3, 2), date(2028, 3, 1)


def typed(first=FIRST, last=LAST, **changed):
    return {
        "tool": "brook",
        **date_parts("trained_on", first),
        **date_parts("until", last),
        "evidence": SHOWN,
    } | changed


def page(person):
    return reverse("people:record_training", args=[person.reference])


def test_recording_keeps_who_recorded_it(dee, amara, client_of):
    client_of(dee).post(page(amara), typed())

    recorded = amara.trainings.get()
    assert (recorded.tool, recorded.trained_on, recorded.until) == ("brook", FIRST, LAST)
    assert recorded.evidence == SHOWN
    assert recorded.history.get().history_user == dee
    assert SHOWN in client_of(dee).get(reverse("people:user", args=[amara.reference])).content.decode()


def test_the_same_form_twice_is_one_row(dee, amara, client_of):
    browser = client_of(dee)

    browser.post(page(amara), typed())
    browser.post(page(amara), typed())

    assert Training.objects.count() == 1
    assert amara.trainings.get().history.count() == 1


def test_recording_the_same_day_again_corrects_it_and_keeps_the_old_version(dee, amara):
    common = {"actor": dee, "tool": Tool.BROOK, "trained_on": FIRST}
    training.record_training(amara.reference, until=LAST, **common)

    training.record_training(amara.reference, until=date(2027, 3, 1), **common)

    newest, oldest = amara.trainings.get().history.order_by("-history_id")
    assert (oldest.until, newest.until) == (LAST, date(2027, 3, 1))


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (typed(tool=""), "Choose the tool"),
        (typed(tool="tarot"), "Choose the tool"),
        (typed(evidence=" "), "Say what shows the training"),
        (typed(last=FIRST - timedelta(days=1)), "Last valid day must be on or after the day of the training"),
        (typed(first=date(2100, 1, 1), last=date(2101, 1, 1)), "must be today or in the past"),
        (typed(until_day="31", until_month="2"), "Last valid day must be a real date"),
    ],
    ids=["no tool", "an unknown tool", "nothing shows it", "over before it began", "in the future", "no date"],
)
def test_a_wrong_answer_gets_a_sentence(answers, sentence, dee, amara, client_of):
    response = client_of(dee).post(page(amara), answers)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Training.objects.exists()


def test_only_an_administrator_records(mo, amara):
    with pytest.raises(Denied):
        training.record_training(amara.reference, actor=mo, tool=Tool.BROOK, trained_on=FIRST, until=LAST)


@pytest.mark.parametrize(
    ("on", "trained"),
    [
        (date(2026, 3, 1), False),
        (date(2026, 3, 2), True),
        (date(2028, 3, 1), True),
        (date(2028, 3, 2), False),
    ],
    ids=["not the day before", "on its first day", "on its last day", "not the day after"],
)
def test_training_counts(on, trained, amara):
    cast.train(amara, Tool.BROOK, trained_on=FIRST, until=LAST)

    assert is_trained(amara, Tool.BROOK, on) is trained


def test_training_in_one_tool_is_none_in_another(amara):
    cast.train(amara, Tool.AIM3)

    assert not is_trained(amara, Tool.BROOK)
    assert is_trained(amara, Tool.AIM3)


def test_training_that_ends_today_still_counts_today(amara):
    cast.train(amara, Tool.BROOK, trained_on=FIRST, until=clock.today())

    assert is_trained(amara, Tool.BROOK)
