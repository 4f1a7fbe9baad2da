"""A person's page says what was changed, by whom and when."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from hsb.core import clock
from hsb.people import selectors
from hsb.people.services import accounts, cover, roles, training
from hsb.people.states import Role, Tool
from tests import cast


def titles(person):
    return [item["title"] for item in selectors.changes_of(person)[0]]


def test_each_change_is_one_line_with_who_and_when(dee, dan, amara):
    at = datetime(2026, 5, 1, 10, 30, tzinfo=ZoneInfo("Europe/London"))
    with clock.moved_to(at):
        accounts.edit_user(
            amara.reference,
            actor=dan,
            version=selectors.version_of(amara),
            name="Amara Osei",
            email="amara@example.org",
        )

    found = next(i for i in selectors.changes_of(amara)[0] if i["title"] == "Name changed")

    assert (found["by"], found["at"], found["text"]) == ("Dan", at, "From Amara to Amara Osei")


def test_everything_that_is_done_to_a_person_is_told(dee, amara, bea, rowan):
    today = clock.today()
    roles.add_membership(amara.reference, actor=dee, team="rowan", role=Role.MANAGER, starts_on=today)
    training.record_training(amara.reference, actor=dee, tool=Tool.BROOK, trained_on=today, until=today)
    cover.arrange_cover(amara.reference, actor=dee, by=bea.reference, starts_on=today, ends_on=today)
    accounts.reset_password(amara.reference, actor=dee)
    accounts.close_account(amara.reference, actor=dee, reason="Left the council")
    accounts.reopen_account(amara.reference, actor=dee)

    assert titles(amara) == [
        "Account reopened",
        "Account closed",
        "Role changed",
        "Role changed",
        "One-time password given",
        "Cover arranged",
        "Training recorded",
        "Role given",
        "Role given",
        "Account added",
    ]


def test_the_reason_for_closing_is_told(dee, amara, client_of):
    accounts.close_account(amara.reference, actor=dee, reason="Left the council")

    page = client_of(dee).get(reverse("people:user", args=[amara.reference])).content.decode()

    assert "Reason: Left the council" in page
    assert "by Dee" in page


def test_signing_in_is_no_change(amara, client_of):
    client_of(amara)

    assert amara.history.count() == 1


def test_a_reason_cannot_pass_for_a_password_event(dee, amara):
    accounts.reset_password(amara.reference, actor=dee)
    accounts.close_account(amara.reference, actor=dee, reason="password_chosen")

    assert selectors.one_time_password_given_at(amara) is not None


def test_a_long_story_is_told_page_by_page(dee, amara, client_of):
    for number in range(60):
        accounts.edit_user(
            amara.reference,
            actor=dee,
            version=selectors.version_of(amara),
            name=f"Amara {number}",
            email="amara@example.org",
        )
    browser = client_of(dee)

    first = browser.get(reverse("people:changes", args=[amara.reference]))
    second = browser.get(first.context["next_url"])

    assert len(first.context["changes"]) == 50
    assert len(second.context["changes"]) == 12
    assert second.context["next_url"] == ""


def test_nothing_of_it_shows_another_person(dee, amara, bea):
    accounts.reset_password(bea.reference, actor=dee)

    assert titles(amara) == ["Role given", "Account added"]


def test_an_account_without_an_old_version_is_shown_all_the_same(dee, amara, client_of):
    amara.history.all().delete()

    page = client_of(dee).get(reverse("people:user", args=[amara.reference]))

    assert page.status_code == 200
    assert selectors.version_of(cast.again(amara)) == 0
