"""Settings of the borough: every one is listed, an administrator changes it with a reason, and it holds at once."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from hsb.core import clock, settings_in_force, timescales
from hsb.core.models import Setting, SettingChange
from hsb.core.refusals import Denied, NotReady
from hsb.core.timescales import LOCAL, timescale
from tests.pages import filled, page

pytestmark = pytest.mark.django_db

KEY = "stuck_working_days"
PATH = f"/settings/{KEY}/"
WHY = "The service asked for it."


def test_every_setting_stands_with_its_value_and_who_changed_it(dee, client_of):
    settings_in_force.set_value("digest_hour", 8, from_on=date(2026, 1, 1), actor=dee)
    settings_in_force.forget()

    shown = page(client_of(dee).get("/settings/"))

    assert all(str(each.title) in shown.text for each in settings_in_force.SETTINGS.values())
    assert "08:00" in shown.text
    assert "Never: as it was delivered" in shown.text
    assert f"{dee.name}" in shown.text
    assert "Complete the Child and Family assessment" in shown.text


def test_it_is_changed_with_a_reason_and_holds_at_once(dee, client_of, django_capture_on_commit_callbacks):
    desk = client_of(dee)
    opened = desk.get(PATH)

    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(PATH, filled(opened, value="15", reason=WHY)).url == "/settings/"

    assert settings_in_force.value(KEY) == 15
    change = SettingChange.objects.get()
    assert (change.was, change.value, change.by, change.reason, change.from_on) == (10, 15, dee, WHY, clock.today())
    again = page(desk.get(PATH))
    assert "Now: 15 working days. As delivered: 10 working days." in again.text
    assert WHY in again.text


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        (KEY, {"value": "0"}, "Nothing recorded must be 1 or more"),
        (KEY, {"value": "ten"}, "Nothing recorded must be a whole number, like 14"),
        (KEY, {"value": "12", "reason": ""}, "Enter your reason"),
        ("police_mailbox", {"value": "nobody"}, "must be an e-mail address"),
        ("police_form", {"value": ""}, "Enter the new value"),
        (
            "extra_bank_holidays",
            {"value": "28 December"},
            "Enter each day like 2026-12-28, not “28 December”",
        ),
    ],
)
def test_a_bad_value_is_refused_beside_its_field_and_kept(dee, client_of, key, typed, said):
    desk, path = client_of(dee), f"/settings/{key}/"

    answer = desk.post(path, filled(desk.get(path), **{"reason": WHY, **typed}))

    assert answer.status_code == 422
    assert said in page(answer).text
    assert typed["value"] in answer.content.decode()
    assert not SettingChange.objects.exists()


def test_lists_and_names_are_changed_too(dee, client_of):
    desk = client_of(dee)
    for key, typed, value in (
        ("extra_bank_holidays", {"value": "2026-12-29\n2026-12-28\n"}, ["2026-12-28", "2026-12-29"]),
        ("marker_labels", {"label_in_pairs": "Visit with a colleague"}, {"in_pairs": "Visit with a colleague"}),
        ("police_mailbox", {"value": ""}, ""),
    ):
        path = f"/settings/{key}/"
        assert desk.post(path, filled(desk.get(path), **typed, reason=WHY)).status_code == 302
        assert Setting.objects.get(key=key).value == value


def test_of_two_at_once_one_is_told_who_was_first(dee, client_of):
    desk = client_of(dee)
    opened = desk.get(PATH)
    settings_in_force.change(KEY, 20, actor=dee, reason="Sooner.", version=0)

    answer = desk.post(PATH, filled(opened, value="15", reason=WHY))

    assert answer.status_code == 409
    assert all(said in page(answer).text for said in (dee.name, "15", "20 working days", WHY))
    assert SettingChange.objects.count() == 1


def test_only_an_administrator_changes_one(mo, dee):
    with pytest.raises(Denied):
        settings_in_force.change(KEY, 20, actor=mo, reason=WHY, version=0)
    with pytest.raises(NotReady, match="Say why"):
        settings_in_force.change(KEY, 20, actor=dee, reason=" ", version=0)
    with pytest.raises(NotReady, match="from 1 to 260"):
        settings_in_force.change(KEY, 261, actor=dee, reason=WHY, version=0)


def test_local_timescales_are_settings_and_statutory_ones_are_not(dee):
    keys = {key.removeprefix("timescale_") for key in settings_in_force.SETTINGS if key.startswith("timescale_")}
    local = {code for code, each in timescales.ALL.items() if each.status == LOCAL}
    assert keys == local - timescales.AGREED
    assert not {"decide", "section_47", "family_assessment"} & keys

    settings_in_force.set_value("timescale_assess", 3, from_on=clock.today(), actor=dee)
    settings_in_force.forget()

    assert timescale("assess").in_words == "within 3 working days"
    assert timescale("assess").due_on(date(2026, 11, 23)) == date(2026, 11, 26)
    assert "assess" not in timescales.same_day()
    settings_in_force.set_value("timescale_assess", 0, from_on=clock.today(), actor=dee)
    settings_in_force.forget()
    assert "assess" in timescales.same_day()


def test_the_command_refuses_what_the_page_refuses(dee):
    with pytest.raises(CommandError, match="from 1 to 260"):
        call_command("setting", KEY, "0", "--by", dee.email)
    call_command("setting", "timescale_assess", "2", "--by", dee.email)
    assert SettingChange.objects.get().reason == "Set by whoever runs the service"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["2026-12-26"], "no working day already"),
        (["2049-12-28"], "must lie between"),
        ([f"2027-01-{day:02}" for day in (4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 18)], "10 days a year"),
    ],
)
def test_statutory_days_cannot_be_taken_out_of_the_calendar(days, said, time_machine):
    time_machine.move_to("2026-11-29 12:00:00+00:00")

    assert said in settings_in_force.problem_with("extra_bank_holidays", days)
    assert settings_in_force.problem_with("extra_bank_holidays", ["2027-05-10"]) == ""


def test_what_is_due_the_same_day_waits_for_a_week_at_most(dee):
    key = timescale("police_referral").key

    assert settings_in_force.problem_with(key, 6)
    assert settings_in_force.problem_with(key, 5) == ""
