"""A confidential address: read by the child's own worker and their managers, and by nobody else, anywhere."""

from datetime import UTC, date, datetime

import pytest

from hsb.core import access
from hsb.core.forms import date_parts
from hsb.core.models import Place
from hsb.core.refusals import Denied
from hsb.core.states import Because, PlaceKind
from referrals.models import PastAddress, Person
from referrals.permissions import can_read_address
from referrals.services import persons
from referrals.states import ClosedAs, ReferralState
from tests import cast
from tests.pages import filled, page
from tests.referrals.test_identity import at, change, now

pytestmark = pytest.mark.django_db
SECRET, OLD = "7 Hidden Mews", "1 Example Road"
ASK = "Confidential address: ask Willow"


@pytest.fixture(autouse=True)
def _a_monday_in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def referral(mo, willow, amara):
    child = cast.person(address=OLD, postcode="AA3 1AB")
    return cast.referral(mo, held_by=willow, child=child, state=ReferralState.STATUTORY, worker=amara)


@pytest.fixture
def laptop(client_of, amara):
    return client_of(amara)


@pytest.fixture
def moved(laptop, referral):
    """The child moved to a confidential address on 2 November."""
    response = change(
        laptop,
        referral,
        "contact",
        address=SECRET,
        postcode="AA9 9AB",
        address_confidential="on",
        address_change="moved",
        **date_parts("address_from", date(2026, 11, 2)),
    )
    assert response.status_code == 302
    return referral


@pytest.fixture
def colleague(moved, bea):
    """Bea, of the same team, who may open the referral and does not have the child."""
    access.grant(moved.record, because=Because.NAMED, user=bea, given_by=bea)
    return bea


def everything(browser, referral):
    """The text of every page on which an address could stand."""
    own = f"/referrals/{referral.reference}/"
    addresses = [own, f"{own}people/", at(referral), at(referral, "contact"), at(referral, "edit"), f"{own}chronology/"]
    return [page(browser.get(address)).text for address in addresses]


def test_the_worker_and_the_manager_read_it_and_what_it_was_before(client_of, moved, amara, mo):
    for reader in (amara, mo):
        text = page(client_of(reader).get(at(moved))).text
        assert f"Address {SECRET}, AA9 9AB At this address since 2 November 2026" in text
        assert f"{OLD}, AA3 1AB Day not known 2 November 2026 Amara" in text
        assert f"Address {OLD}, AA3 1AB {SECRET}, AA9 9AB" in text.partition("Changes")[2]


def test_another_reader_of_the_case_reads_whom_to_ask_and_no_address_old_or_new(client_of, colleague, moved):
    pages = everything(client_of(colleague), moved)

    assert any(ASK in text for text in pages)
    assert not [text for text in pages if SECRET in text or "AA9 9AB" in text or OLD in text or "AA3 1AB" in text]


def test_an_auditor_reads_whom_to_ask(client_of, aud, moved):
    pages = everything(client_of(aud), moved)

    assert any(ASK in text for text in pages)
    assert not [text for text in pages if SECRET in text or OLD in text]


def test_another_reader_changes_the_language_and_never_the_address(client_of, colleague, moved):
    browser = client_of(colleague)
    sent = filled(browser.get(at(moved, "contact")), first_language="ENG", interpreter="no")
    response = browser.post(at(moved, "contact"), sent | {"address_known": "none", "address_confidential": ""})

    assert response.status_code == 302
    assert "address" not in sent
    assert (now(moved).first_language, now(moved).address, now(moved).address_confidential) == ("ENG", SECRET, True)
    with pytest.raises(Denied):
        persons.change_person(
            moved.person.reference, actor=colleague, details={"address_confidential": False}, version=None
        )


def test_a_form_opened_before_it_became_confidential_tells_nothing(client_of, colleague, laptop, moved):
    Person.objects.filter(pk=moved.person_id).update(address_confidential=False)
    browser = client_of(colleague)
    opened = filled(browser.get(at(moved, "contact")), address="9 Typed Road", address_change="corrected")
    change(laptop, moved, "contact", address="8 Newer Mews", address_confidential="on", address_change="corrected")

    response = browser.post(at(moved, "contact"), opened)

    assert "8 Newer Mews" not in response.content.decode()
    assert now(moved).address == "8 Newer Mews"


def test_an_address_that_was_confidential_stays_so_when_the_next_one_is_not(client_of, colleague, laptop, moved):
    since = date_parts("address_from", date(2026, 11, 20))
    change(laptop, moved, "contact", address="3 Open Road", address_confidential=None, address_change="moved", **since)

    own, others = (page(browser.get(at(moved))).text for browser in (laptop, client_of(colleague)))
    assert "Address 3 Open Road" in others
    assert SECRET in own
    assert SECRET not in others
    assert OLD in others
    assert list(PastAddress.objects.order_by("pk").values_list("address", "confidential")) == [
        (OLD, False),
        (SECRET, True),
    ]


def test_a_correction_is_no_move_and_the_old_value_stays_readable(laptop, referral):
    change(laptop, referral, "contact", address="2 Example Road", address_change="corrected")

    assert not PastAddress.objects.exists()
    changes = page(laptop.get(at(referral))).text.partition("Changes")[2]
    assert f"Address {OLD}, AA3 1AB 2 Example Road, AA3 1AB" in changes


def test_no_fixed_address_is_an_answer(laptop, referral):
    change(laptop, referral, "contact", address_known="none", address_change="moved")

    assert (now(referral).address, now(referral).address_absent) == ("", "none")
    assert "Address No fixed address" in page(laptop.get(at(referral))).text


def test_a_home_is_not_named_on_a_concern_where_it_may_be_that_address(client_of, colleague, moved, laptop):
    concern = moved.involvements.get().concern
    concern.place_kind, concern.place = PlaceKind.HOME, Place.called(PlaceKind.HOME, "Hidden house")
    concern.save()

    assert "Hidden house" in page(laptop.get(f"/concerns/{concern.reference}/")).text
    assert "Hidden house" not in page(client_of(colleague).get(f"/concerns/{concern.reference}/")).text


def test_the_team_that_had_the_child_before_reads_it_no_more(moved, max, rowan, mo):
    type(moved).objects.filter(pk=moved.pk).update(
        state=ReferralState.CLOSED, closed_on=date(2026, 11, 20), closed_as=ClosedAs.PLAN_MET
    )
    assert can_read_address(now(moved), mo)

    cast.referral(max, held_by=rowan, child=moved.person, state=ReferralState.STATUTORY)

    assert can_read_address(now(moved), max)
    assert not can_read_address(now(moved), mo)


def test_of_somebody_without_a_referral_the_managers_of_who_has_the_concern_read_it(moved, amara, front_door, dev):
    concern = moved.involvements.get().concern
    concern.record.holding_team = front_door
    concern.record.save()
    witness = cast.person("Wren", address=SECRET, address_confidential=True)
    concern.involvements.create(person=witness, role="witness")

    assert can_read_address(witness, dev)
    assert not can_read_address(witness, amara)
