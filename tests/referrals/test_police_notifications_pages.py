"""What the police told us of a child: through a browser."""

from datetime import date

import pytest

from hsb.core import clock, settings_in_force
from hsb.core.forms import date_parts
from referrals.models import PoliceNotification
from tests import cast
from tests.pages import assert_well_formed, filled
from tests.referrals import case_road as road
from tests.referrals import police_road

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, mo, willow):
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


def test_it_is_recorded_read_followed_and_let_be_disclosed(case, client_of, amara, mo, dee):
    settings_in_force.set_value("police_notification", "MERLIN report", from_on=date(2026, 1, 1), actor=dee)
    settings_in_force.forget()
    worker, manager = client_of(amara), client_of(mo)
    hub, record = road.url(case, "police-forms"), road.url(case, "police-notifications/record")
    assert "Record a MERLIN report" in road.text(worker.get(f"/referrals/{case.reference}/"))

    page = worker.get(record)
    assert_well_formed(page)
    data = filled(page, unit="Borough unit", how="email", says="", officer="PC 42", police_reference="MER 1")
    assert data["do_not_disclose"] and data["children"] == [case.reference]
    answer = worker.post(record, data)
    assert answer.status_code == 422 and "Say what it says" in road.text(answer) and "PC 42" in answer.content.decode()
    for _ in range(2):
        assert worker.post(record, data | {"says": police_road.TOLD}).url == hub
    row = PoliceNotification.objects.get()

    said = road.text(worker.get(hub))
    for expected in ("MERLIN reports received", "Do not disclose", "Borough unit, PC 42", "MER 1", police_road.TOLD):
        assert expected in said, expected
    say = road.text(worker.get(road.url(case, "what-may-i-say")))
    assert "do not tell them what the MERLIN report of" in say and police_road.TOLD not in say
    assert "stands on what the police told us" in road.text(manager.get(road.url(case, "what-families-are-told")))
    assert police_road.TOLD not in road.text(worker.get(road.url(case, "chronology")))

    followed = f"/referrals/{case.reference}/police-notifications/{row.once}/what-followed/"
    page = worker.get(followed)
    assert_well_formed(page)
    half = filled(page, **date_parts("acknowledged_on", clock.today()))
    assert worker.post(followed, half).status_code == 422
    assert worker.post(followed, half | {"acknowledged_to": "PC 42"}).url == hub
    assert "to PC 42" in road.text(worker.get(hub))

    tell = f"/referrals/{case.reference}/police-notifications/{row.once}/can-be-disclosed/"
    assert worker.get(tell).status_code == 403
    assert manager.post(tell, {"reason": "The police agreed."}).url == hub
    assert manager.get(tell).status_code == 409
    assert "Do not disclose" not in road.text(worker.get(hub))
    settings_in_force.forget()


def test_whoever_logs_what_the_police_brought_is_led_to_it(front_door, client_of, amara, willow):
    displayed, _ = road.logged(amara)
    concern = displayed.involvements.get().concern
    logged = f"/concerns/{concern.reference}/logged/"
    assert "Record a police notification" not in road.text(client_of(amara).get(logged))

    type(concern).objects.filter(pk=concern.pk).update(source="6")

    assert road.url(displayed, "police-notifications/record") in client_of(amara).get(logged).content.decode()
