"""Joining beside what else is kept of a child: relationships, markers, earlier addresses, groups of details (B22)."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.models import ExternalId
from hsb.core.refusals import Denied, NotReady
from referrals.codes import Language, UPNUnknown
from referrals.models import PastAddress, PastSchool, Person, PersonJoin, Relationship
from referrals.selectors import identity
from referrals.selectors.two_records import differences
from referrals.services import markers, persons, relating, same_child
from referrals.states import ReferralState, RowWas
from tests import cast
from tests.pages import page

pytestmark = pytest.mark.django_db
UPN, OTHER_UPN = "A123456789012", "B123456789013"
LIN = {"given_name": "Lin", "family_name": "Motherly", "is_adult": True}
MISTAKE = "One child, not two."


@pytest.fixture(autouse=True)
def _a_monday_in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def first(mo, willow, amara):
    about = cast.concern(mo, happened_on=date(2026, 11, 2), reported_on=date(2026, 11, 20))
    return cast.referral(mo, held_by=willow, about=about, state=ReferralState.STATUTORY, worker=amara)


@pytest.fixture
def second(mo, willow):
    about = cast.concern(mo, happened_on=date(2026, 11, 2), reported_on=date(2026, 11, 20))
    return cast.referral(mo, held_by=willow, child=cast.person("Robyn", "Sampel"), about=about)


def now(person):
    return Person.objects.select_related("record").get(pk=person.pk)


def change(person, **fields):
    Person.objects.filter(pk=person.pk).update(**fields)
    person.refresh_from_db()


def join(mo, first, second, takes=()):
    return same_child.join(
        first.person.reference, actor=mo, person=second.person.reference, reason="One child.", takes=takes
    )


def part(mo, first, second):
    return same_child.part(first.person.reference, actor=mo, person=second.person.reference, reason="Two children.")


def relate(referral, actor, code="mother", **who):
    return relating.relate(referral.reference, actor=actor, once=uuid4(), code=code, details={}, **who)


def mistake(referral, actor, row):
    relating.withdraw_relationship(referral.reference, actor=actor, about=row.once, version=row.version, reason=MISTAKE)


def mark(referral, mo, actor):
    return markers.add_marker(
        referral.reference,
        actor=actor,
        once=uuid4(),
        person=referral.person.reference,
        kind="in_pairs",
        reason="The neighbour shouts at visitors.",
        agreed_by=mo,
        review_on=clock.today() + timedelta(days=30),
        person_told_on=clock.today(),
        parent_not_told_because="Nobody was at home.",
    )


# --- Relationships ---


def test_relationships_of_both_sides_move_and_go_back(mo, first, second):
    mother = relate(second, mo, newcomer=LIN)
    brother = cast.referral(mo, held_by=first.record.holding_team, child=cast.person("Sky", "Sample"))
    sibling = relate(brother, mo, "sibling", other=second.person)

    joined = join(mo, first, second)

    rows = Relationship.objects.of(first.person)
    assert {row.pk for row in rows} == {mother.pk, sibling.pk}
    moved = joined.rows.filter(was=RowWas.MOVED, table="referrals.Relationship").values_list("column", "key")
    assert {key for _, key in moved} == {str(mother.pk), str(sibling.pk)}
    part(mo, first, second)
    assert {row.pk for row in Relationship.objects.of(second.person)} == {mother.pk, sibling.pk}
    assert not Relationship.objects.of(first.person).exists()


def test_two_who_are_related_to_each_other_are_joined_only_once_that_was_a_mistake(mo, amara, first, second):
    row = relate(first, amara, "sibling", other=second.person)

    with pytest.raises(NotReady, match="recorded as related to each other. If this is one child"):
        join(mo, first, second)
    mistake(first, amara, row)
    join(mo, first, second)

    row.refresh_from_db()
    assert {row.person_id, row.other_id} == {first.person_id, second.person_id}
    assert now(second.person).joined_to_id == first.person_id


def test_the_same_mother_on_both_records_is_said_before_the_database_says_it(mo, amara, first, second):
    mother = relate(first, amara, newcomer=LIN)
    again = relate(second, mo, other=mother.other_than(first.person))

    with pytest.raises(NotReady, match="related to one person in the same way"):
        join(mo, first, second)
    mistake(second, mo, again)
    join(mo, first, second)

    assert Relationship.objects.of(first.person).open().get() == mother


def test_who_was_chosen_before_is_the_record_that_stands(mo, willow, first, second):
    chosen_before = Person.objects.get(pk=second.person_id)
    brother = cast.referral(mo, held_by=willow, child=cast.person("Sky", "Sample"))
    join(mo, first, second)

    row = relate(brother, mo, "sibling", other=chosen_before)

    assert {row.person_id, row.other_id} == {brother.person_id, first.person_id}


# --- Markers ---


def test_a_marker_in_force_is_never_lost_and_one_that_ended_is_read_on_the_record_that_stands(
    client_of, mo, amara, first, second
):
    marker = mark(second, mo, amara)
    with pytest.raises(NotReady, match=f"marker in force. Add it to {first.person.reference}"):
        join(mo, first, second)
    markers.end_marker(
        second.reference,
        actor=mo,
        person=second.person.reference,
        number=1,
        reason="It is on the other record.",
        version=marker.version,
    )
    mark(first, mo, amara)
    join(mo, first, second)

    laptop = client_of(mo)
    old, new = (f"/referrals/{first.reference}/people/{each.person.reference}/markers/" for each in (second, first))
    assert laptop.get(old).url == laptop.get(f"{old}1/end/").url == new
    assert laptop.get(f"{old}add/").url == f"{new}add/"
    shown = page(laptop.get(new)).text
    assert "It is on the other record." in shown
    parting = page(laptop.get(f"/referrals/{first.reference}/people/{second.person.reference}/part/")).text
    assert f"The markers of {first.person.reference} stay there." in parting
    with pytest.raises(Denied):
        markers.end_marker(
            first.reference, actor=mo, person=second.person.reference, number=1, reason="Again.", version=0
        )


# --- What held before, and what stands ---


def test_what_held_before_is_read_with_the_record_that_stands(client_of, mo, carl, first, second):
    noted = {"person": second.person, "recorded_by": mo, "recorded_at": clock.now()}
    PastAddress.objects.create(address="1 Example Road", **noted)
    PastSchool.objects.create(name="Oak Primary", **noted)
    change(second.person, school="Ash School", address_confidential=True, address="2 Example Road")

    join(mo, first, second)

    assert PastAddress.objects.get().person_id == second.person_id
    kept = now(first.person)
    assert identity.past(kept, mo)["addresses"][0][0] == "1 Example Road"
    # It was an earlier address of a record whose address is confidential.
    assert identity.past(kept, carl)["addresses"][0][0].startswith("Confidential address: ask")
    laptop = client_of(mo)
    people = f"/referrals/{first.reference}/people/"
    old, new = (f"{people}{each.person.reference}/" for each in (second, first))
    assert laptop.get(old).url == new
    assert laptop.get(f"{old}education/").url == f"{new}education/"
    text = page(laptop.get(new)).text
    for words in ("Oak Primary", f"What {second.person.reference} says", "Ash School"):
        assert words in text, words


def test_of_each_detail_one_is_chosen_with_all_that_it_is_made_of(mo, first, second):
    change(first.person, upn_unknown=UPNUnknown.values[0], address="1 Example Road", gp="Dr A")
    change(
        second.person,
        upn=UPN,
        first_language=Language.OTHER,
        language_name="Romani",
        school="Ash School",
        school_from=date(2024, 9, 2),
        address="2 Example Road",
        address_confidential=True,
        looked_after=True,
    )
    said = {each.label: (each.ours, each.theirs, each.takes) for each in differences(first.person, second.person)}

    assert said["First language"] == ("", "Romani", True)
    assert said["School or nursery"] == ("", "Ash School, 2 September 2024", True)
    assert said["Address"] == ("1 Example Road", "A confidential address", False)
    assert said["Looked after"] == ("No", "Yes", False)
    assert said["GP"] == ("Dr A", "", False)
    assert said["Unique pupil number (UPN)"][1] == UPN

    join(mo, first, second, takes=["upn", "school", "first_language"])
    kept, gone = now(first.person), now(second.person)
    assert (kept.upn, kept.upn_unknown, gone.upn, gone.upn_unknown) == (UPN, "", None, UPNUnknown.values[0])
    assert (kept.school, kept.school_from, kept.language_name) == ("Ash School", date(2024, 9, 2), "Romani")
    part(mo, first, second)
    kept, gone = now(first.person), now(second.person)
    assert (kept.upn, kept.upn_unknown, gone.upn, gone.upn_unknown) == (None, UPNUnknown.values[0], UPN, "")
    assert (kept.school, kept.language_name) == ("", "")


def numbers():
    """Of each record the number that it says, and the one by which it is found."""
    found = dict(ExternalId.objects.values_list("record", "value"))
    return {
        person.pk: (person.upn, person.local_id, found.get(person.pk, ""))
        for person in Person.objects.exclude(is_adult=True)
    }


def give(referral, upn, local_id):
    change(referral.person, upn=upn, local_id=local_id)
    ExternalId.objects.create(record=referral.person.record, system="main", value=local_id)


@pytest.mark.parametrize("changed", [False, True])
def test_a_number_is_only_once_and_is_found_where_it_stands(mo, first, second, changed):
    give(first, OTHER_UPN, "A1")
    give(second, UPN, "B2")
    one, other = first.person_id, second.person_id

    join(mo, first, second, takes=["upn", "local_id"])
    assert numbers() == {one: (UPN, "B2", "B2"), other: (OTHER_UPN, "A1", "A1")}
    if changed:
        kept = now(first.person)
        details = {"upn": "C123456789014", "local_id": "C3"}
        persons.change_person(kept.reference, actor=mo, details=details, version=kept.version)
    part(mo, first, second)

    stays = ("C123456789014", "C3", "C3") if changed else (OTHER_UPN, "A1", "A1")
    assert numbers() == {one: stays, other: (UPN, "B2", "B2")}
    assert PersonJoin.objects.get().parted_by == mo
