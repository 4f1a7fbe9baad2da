"""A supplement to a Form 87A, and what is missing before one is approved: through a browser."""

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from tests.pages import assert_well_formed, filled
from tests.referrals import case_road as road
from tests.referrals import police_road
from tests.referrals.test_police_pages import step

pytestmark = pytest.mark.django_db


def test_a_supplement_goes_by_its_pages_from_draft_to_answer(front_door, client_of, amara, mo, willow):
    referral, _ = road.awaiting(amara, "2")
    police_road.sent(referral, amara, mo)
    worker, manager, hub = client_of(amara), client_of(mo), road.url(referral, "police-forms")
    assert "Supplement Form 87A: something new came to light" in road.text(worker.get(hub))

    page = worker.get(step(referral, "supplement"))
    assert_well_formed(page)
    data = filled(page, known="The park is named now.", asked="")
    assert data["recipient"] == ["Child abuse team, Exampleborough"]
    assert worker.post(step(referral, "supplement"), data).status_code == 422
    assert worker.post(step(referral, "supplement"), data | {"asked": "Checks."}).url == hub
    assert worker.post(step(referral, "supplement"), data | {"asked": "Checks."}).status_code == 409  # an old version

    page = manager.get(step(referral, "supplement/approve"))
    assert "The park is named now." in road.text(page) and "Missing before it is approved" in road.text(page)
    assert manager.get(step(referral, "preview")).status_code == 200
    assert manager.post(step(referral, "supplement/approve"), filled(page, decision="approve")).url == hub
    again = filled(worker.get(step(referral, "supplement")))
    assert again["known"] == ["The park is named now."]
    said = road.text(worker.get(hub))
    assert "Version 2, a supplement to version 1" in said and "Download the pack, version 2 (Word" in said

    page = worker.get(step(referral, "supplement/sent"))
    answers = {"sent_how": "Secure e-mail", **date_parts("sent", clock.today(), at="")}
    assert worker.post(step(referral, "supplement/sent"), filled(page, **answers)).url == hub
    assert worker.post(step(referral, "supplement"), again).status_code == 409
    page = worker.get(step(referral, "supplement/answer"))
    answers = {"answer": "acknowledged", "police_reference": "CR 78"}
    assert worker.post(step(referral, "supplement/answer"), filled(page, **answers)).url == hub

    assert "CR 78" in road.text(worker.get(hub))
    assert "A supplement to Form 87A sent to the police" in road.text(worker.get(road.url(referral, "chronology")))
    assert police_road.of(referral).state == "sent"
    assert "87A not sent" not in road.text(worker.get(f"/referrals/{referral.reference}/"))


def test_what_is_missing_is_listed_until_it_is_approved(front_door, client_of, amara, mo, willow):
    displayed, harmed = road.awaiting(amara, "2", harmed=True)
    police_road.drafted(displayed, amara)
    missing = "no HSB risk assessment is submitted yet"

    said = road.text(client_of(mo).get(step(displayed, "approve")))
    assert "Missing before it is approved" in said
    assert f"Sky Other: {missing}" in said and f"Robin Sample: {missing}" not in said
    assert "Robin Sample: no school is recorded" in said
    assert "The draft names no mailbox to which it goes" in said
    assert "A call to the police is not recorded" not in said

    person = displayed.person
    person.school = "Example School"
    person.save()
    police_road.drafted(displayed, amara, recipient="The team, desk@police.example")
    said = road.text(client_of(amara).get(road.url(displayed, "police-forms")))
    assert f"Sky Other: {missing}" in said
    assert "Robin Sample: no school is recorded" not in said and "names no mailbox" not in said

    police_road.approved(displayed, amara, mo)
    assert missing not in road.text(client_of(amara).get(road.url(displayed, "police-forms")))
