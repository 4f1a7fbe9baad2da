"""What the borough calls the form to the police, its team and its mailbox: dated settings (practice.md A14)."""

from datetime import date
from html import unescape

import pytest

from hsb.core import clock, settings_in_force
from referrals.models import Disclosure
from tests.referrals import case_road as road
from tests.referrals import police_road

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed(dee):
    named = {
        "police_form": "Form 99B",
        "police_form_short": "99B",
        "police_team": "Public protection desk",
        "police_mailbox": "desk@police.example",
    }
    for key, value in named.items():
        settings_in_force.set_value(key, value, from_on=date(2026, 1, 1), actor=dee)
    settings_in_force.forget()
    yield
    settings_in_force.forget()


def test_every_page_says_the_boroughs_own_name(renamed, front_door, client_of, amara, mo, willow):
    referral, _ = road.awaiting(amara, "2")
    police_road.drafted(referral, amara)
    worker, manager = client_of(amara), client_of(mo)
    pages = [
        worker.get(f"/referrals/{referral.reference}/"),
        worker.get(road.url(referral, "chronology")),
        worker.get(road.url(referral, "police-forms")),
        worker.get(f"/concerns/{referral.involvements.get().concern.reference}/"),
        worker.get("/"),
        worker.get("/my-work/"),
        worker.get("/referrals/"),
        manager.get(road.url(referral, "decide")),
        manager.get("/my-work/"),
        manager.get(f"/referrals/{referral.reference}/police-forms/{police_road.of(referral).reference}/approve/"),
    ]

    for page in pages:
        said = unescape(page.content.decode())
        assert page.status_code == 200
        assert "87A" not in said, page.request["PATH_INFO"]
    assert "Form 99B" in pages[0].content.decode()
    assert "99B not sent" in pages[0].content.decode()


def test_team_and_mailbox_are_whom_it_goes_to(renamed, front_door, client_of, amara, willow):
    referral, _ = road.awaiting(amara, "2")
    police_road.called(referral, amara)

    page = client_of(amara).get(
        f"/referrals/{referral.reference}/police-forms/{police_road.of(referral).reference}/draft/"
    )

    assert "Public protection desk, desk@police.example" in unescape(page.content.decode())


def test_what_was_sent_keeps_the_name_of_its_day(front_door, amara, mo, dee, willow):
    referral, _ = road.awaiting(amara, "2")
    police_road.sent(referral, amara, mo)
    settings_in_force.set_value("police_form", "Form 99B", from_on=clock.today(), actor=dee)
    settings_in_force.forget()

    assert Disclosure.objects.filter(what__startswith="Form 87A").exists()
    settings_in_force.forget()
