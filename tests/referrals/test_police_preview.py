"""The pack before it is approved, and whom the police ask about it."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from hsb.core import clock
from hsb.core.models import AccessRecord, Document
from referrals.models import Concern, Involvement
from referrals.services import police, restricting
from tests import cast
from tests.referrals import case_road as road
from tests.referrals import police_road
from tests.referrals.test_police_pages import step, text_of

pytestmark = pytest.mark.django_db

MARKED = "Draft - not approved, not to be sent"


@pytest.fixture
def together(front_door, amara, mo, willow):
    """(displayed, harmed): one concern, both with Amara's team."""
    return road.awaiting(amara, "2", harmed=True)


@pytest.fixture
def apart(front_door, amara, mo, willow, rowan, carl, max):
    """(Willow's child, Rowan's child) of one concern: Amara opens the first alone, Carl the second alone."""
    return police_road.apart(amara, mo, ((willow, amara), (rowan, carl)))


def pages_of(answer):
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages]


def test_it_is_the_pack_as_it_stands_marked_on_every_page(together, client_of, amara, mo):
    displayed, harmed = together
    road.assess_harmed(harmed, amara)
    police_road.drafted(displayed, amara)

    for user in (amara, mo):
        answer = client_of(user).get(step(displayed, "preview"))
        pages = pages_of(answer)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == f'inline; filename="{police_road.of(displayed).reference}-draft.pdf"'
        assert len(pages) > 1
        assert all(MARKED in page and "OFFICIAL-SENSITIVE" in page for page in pages)
        for expected in ("Checks, and a strategy discussion.", "HSB risk assessment: Robin", "Safety and support: Sky"):
            assert expected in " ".join(pages)
        assert "Approved by" not in " ".join(pages)


def test_it_asks_as_many_questions_for_two_children_as_for_one(
    front_door, amara, mo, willow, client_of, django_assert_max_num_queries
):
    alone, _ = road.awaiting(amara, "2")
    displayed, harmed = road.awaiting(amara, "2", harmed=True)
    road.assess_harmed(harmed, amara)
    laptop = client_of(amara)
    for child in (alone, displayed):
        police_road.drafted(child, amara)
    laptop.get(step(alone, "preview"))  # what is remembered is read

    with django_assert_max_num_queries(12) as for_one:
        assert len(pages_of(laptop.get(step(alone, "preview")))) > 1
    with django_assert_max_num_queries(len(for_one)):
        assert "Safety and support" in " ".join(pages_of(laptop.get(step(displayed, "preview"))))


def test_a_restricted_child_who_only_saw_it_is_named_to_nobody(together, client_of, amara, mo, carl, rowan):
    displayed, _ = together
    hidden = cast.person("Wren", "Withheld", restricted=True)
    cast.referral(carl, held_by=rowan, child=hidden, restricted=True)
    concern = displayed.involvements.get().concern
    Involvement.objects.create(concern=concern, person=hidden, role="witness")
    Concern.objects.filter(pk=concern.pk).update(what_was_reported="Wren saw it.")
    police_road.called(displayed, amara)
    assert "Wren" not in client_of(mo).get(step(displayed, "draft")).content.decode()
    assert "Wren saw it." in client_of(amara).get(step(displayed, "draft")).content.decode()  # who wrote it
    police_road.drafted(displayed, amara)

    said = " ".join(pages_of(client_of(mo).get(step(displayed, "preview"))))

    assert "Restricted record: contact" in said
    assert "Wren" not in said and "Withheld" not in said


def test_asking_for_its_head_alone_is_recorded_as_a_look_too(together, client_of, mo, amara):
    police_road.drafted(together[0], amara)

    client_of(mo).head(step(together[0], "preview"))

    looks = AccessRecord.objects.filter(page="police_preview", user=mo)
    assert sorted(looks.values_list("record", flat=True)) == sorted(child.pk for child in together)


def test_nothing_is_kept_and_the_look_is_recorded_on_every_child(together, client_of, mo, amara):
    police_road.drafted(together[0], amara)

    client_of(mo).get(step(together[0], "preview"))

    assert not Document.objects.exists()
    for child in together:
        look = AccessRecord.objects.get(record=child.record, user=mo, page="police_preview")
        assert look.kind == "document"
        assert "The pack for the police, before it was approved" in road.text(
            client_of(amara).get(f"/referrals/{child.reference}/who-looked/")
        )


def test_what_is_approved_bears_no_such_mark(together, client_of, amara, mo):
    form = police_road.approved(together[0], amara, mo)

    assert MARKED not in text_of(form.latest_form())


def test_the_draft_and_the_approve_page_lead_to_it(together, client_of, amara, mo):
    displayed, _ = together
    police_road.called(displayed, amara)
    before = road.text(client_of(amara).get(step(displayed, "draft")))
    police_road.drafted(displayed, amara)

    assert step(displayed, "preview") not in before
    for user, page in ((amara, "draft"), (mo, "approve")):
        assert step(displayed, "preview") in client_of(user).get(step(displayed, page)).content.decode()


def test_who_may_not_open_every_child_sees_no_preview(apart, client_of, amara, mo, max, carl):
    displayed, harmed = apart
    restricting.name_reader(harmed.reference, actor=max, reader=amara, reason="Drafts Form 87A for all.")
    police_road.drafted(displayed, amara)

    assert client_of(amara).get(step(displayed, "preview")).status_code == 200
    assert client_of(carl).get(step(harmed, "preview")).status_code == 404
    assert client_of(mo).get(step(displayed, "preview")).status_code == 404


def test_a_draft_that_was_returned_can_be_seen_until_it_is_resolved(together, client_of, amara, mo):
    displayed, _ = together
    form = police_road.drafted(displayed, amara)
    police.return_to_drafter(form.reference, actor=mo, reason="Say when.")

    assert client_of(amara).get(step(displayed, "preview")).status_code == 200
    police_road.excused(displayed, mo)
    assert client_of(amara).get(step(displayed, "preview")).status_code == 404


@pytest.mark.parametrize("until", ["called", "approved"])
def test_without_a_draft_there_is_nothing_to_see(together, client_of, amara, mo, until):
    displayed, _ = together
    getattr(police_road, until)(displayed, amara, *((mo,) if until == "approved" else ()))

    assert client_of(amara).get(step(displayed, "preview")).status_code == 404


# --- Whom the police ask -------------------------------------------------------------------------------------------


def test_the_pack_says_how_its_writer_and_its_approver_are_reached(together, amara, mo, willow):
    willow.telephone, willow.mailbox = "01632 960101", "willow@example.org"
    willow.save()
    amara.job_title, amara.telephone = "Senior social worker", "01632 960111"
    amara.save()

    said = text_of(police_road.approved(together[0], amara, mo).latest_form())

    team = "Willow, telephone 01632 960101, willow@example.org"
    assert f"Amara, Senior social worker, telephone 01632 960111. {team}" in said
    assert f"Mo, Manager. {team}" in said


def test_where_nothing_is_recorded_name_role_and_team_stand_alone(together, amara, mo):
    said = text_of(police_road.approved(together[0], amara, mo).latest_form())

    assert "Amara, Practitioner. Willow" in said
    assert "telephone" not in said


def test_who_has_no_team_any_more_is_reached_through_the_team_that_has_the_child(together, amara, mo, front_door):
    front_door.mailbox = "front-door@example.org"
    front_door.save()
    displayed, _ = together
    police_road.drafted(displayed, amara)
    amara.memberships.update(ends_on=clock.today() - timedelta(days=1))

    police.approve(police_road.of(displayed).reference, actor=mo)

    assert "Amara. Front door, front-door@example.org" in text_of(police_road.of(displayed).latest_form())
