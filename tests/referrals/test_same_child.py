"""Two records of one child: who is likely, what joining moves, what parting gives back (practice.md B8, B22)."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from hsb.core import access, clock, journal
from hsb.core.models import AccessBar, AccessRecord, Entry, ExternalId, Record
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.core.states import AccessKind, Because, RecordKind
from panels.models import AgendaItem, Panel
from referrals import names
from referrals.forms.same_child import DETAIL
from referrals.likeness import score
from referrals.models import Involvement, JoinedRow, Person, PersonJoin, PersonLock, Referral
from referrals.selectors import found, people
from referrals.selectors import same_child as reads
from referrals.selectors.involved import people_in
from referrals.selectors.parting import parting
from referrals.selectors.two_records import TwoRecords, differences
from referrals.services import intake, person_keys, restricting, same_child
from referrals.spelling import spellings
from referrals.states import ReferralState, RowWas
from tests import cast
from tests.pages import filled, page
from tests.panels import mapping_road

pytestmark = pytest.mark.django_db
BORN = date(2012, 5, 14)
NHS, OTHER_NHS = "9434765919", "4505577104"
WHY = "The mother gave both dates."


@pytest.fixture(autouse=True)
def _a_monday_in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), tick=False)


def child(mo, team, *names, state=ReferralState.RECEIVED, worker=None, **fields):
    """The referral of a child of Mo's team, findable."""
    person = cast.person(*names, **fields)
    person_keys.index_person(person)
    about = cast.concern(mo, happened_on=date(2026, 11, 2), reported_on=date(2026, 11, 20))
    return cast.referral(mo, held_by=team, child=person, about=about, state=state, worker=worker)


@pytest.fixture
def first(mo, willow, amara):
    return child(mo, willow, "Robin", "Sample", state=ReferralState.STATUTORY, worker=amara, postcode="AA3 1AB")


@pytest.fixture
def second(mo, willow):
    return child(mo, willow, "Robyn", "Sampel", nhs_number=NHS, school="Oak Primary")


def now(person):
    return Person.objects.select_related("record").get(pk=person.pk)


def join(mo, first, second, **more):
    more.setdefault("reason", WHY)
    return same_child.join(first.person.reference, actor=mo, person=second.person.reference, **more)


def part(mo, first, second, **more):
    more.setdefault("reason", "Two children after all.")
    return same_child.part(first.person.reference, actor=mo, person=second.person.reference, **more)


def bar(user, referral, by):
    record = referral.person.record
    AccessBar.objects.create(user=user, record=record, reason="A neighbour.", set_by=by, set_at=clock.now())


def people_page(referral):
    return f"/referrals/{referral.reference}/people/"


# --- Search before create: the postcode -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "matches"),
    [
        ({"words": "robin sample", "postcode": "AA3"}, ["same name", "postcode begins the same"]),
        ({"words": "robin sample", "postcode": "aa3 1ab"}, ["same name", "same postcode"]),
        ({"words": "robin sample", "postcode": "BB1"}, ["same name"]),
        ({"postcode": "AA3 1"}, ["postcode begins the same"]),
        ({"postcode": "AA31AB"}, ["same postcode"]),
    ],
)
def test_a_postcode_or_its_first_part_says_who_is_meant(carl, first, terms, matches):
    (row,) = people.find_persons(carl, terms)

    assert (row["name"], row["matches"]) == ("Robin Sample", matches)


def test_a_postcode_finds_nobody_whose_address_is_confidential_and_no_area_alone(carl, first):
    assert people.find_persons(carl, {"postcode": "AA"}) == []
    Person.objects.update(address_confidential=True)
    person_keys.index_person(now(first.person))

    assert people.find_persons(carl, {"postcode": "AA3"}) == []
    assert people.find_persons(carl, {"words": "robin sample", "postcode": "AA3"})[0]["matches"] == ["same name"]


def test_beside_a_name_a_postcode_tells_two_namesakes_apart():
    asked = names.Described(words="robin sample", postcode="AA3")
    here, there = (names.Described("Robin", "Sample", postcode=code) for code in ("AA3 1AB", "BB3 1AB"))

    assert score(here, asked)[0] > score(there, asked)[0] == score(names.Described("Robin", "Sample"), asked)[0]


def test_the_search_before_a_concern_takes_a_part_of_a_postcode_and_refuses_a_wrong_one(client_of, amara, first):
    laptop = client_of(amara)
    form = filled(laptop.get("/concerns/new/"), postcode="aa3")

    results = page(laptop.get(laptop.post("/concerns/new/", form).url)).text
    wrong = page(laptop.post("/concerns/new/", form | {"postcode": "nowhere"})).text

    assert "Robin Sample" in results
    assert "Postcode begins the same" in results
    assert "Who may be meant by “postcode AA3”" in results
    assert "Enter a postcode, like AA3 1AB, or its first part, like AA3" in wrong


# --- Likely the same child? -------------------------------------------------------------------------------------------


def test_the_tab_says_who_is_likely_and_why_and_it_is_recorded_as_a_search(client_of, mo, amara, first, second):
    shown = page(client_of(mo).get(people_page(first)))

    assert "Likely the same child?" in shown.text
    assert "Robyn Sampel" in shown.text
    assert "Why: name sounds alike, same date of birth." in shown.text
    links = {href for href, _ in shown.links}
    assert {f"{people_page(first)}{second.person.reference}/{deed}/" for deed in ("join", "not-the-same")} <= links
    look = AccessRecord.objects.get(kind=AccessKind.SEARCH, user=mo)
    assert look.terms == {"same_as": first.person.reference}
    # A worker reads who is likely, and that a manager decides.
    worker = page(client_of(amara).get(people_page(first)))
    assert "A manager who may open both records" in worker.text
    assert "/join/" not in str(worker.links)


def test_a_likely_child_whose_record_is_restricted_is_one_line_and_nothing_else(client_of, mo, carl, rowan, first):
    hidden = child(carl, rowan, "Robin", "Sample")
    for record in (hidden.record, hidden.person.record):
        Record.objects.filter(pk=record.pk).update(restricted=True)

    shown = page(client_of(mo).get(people_page(first)))

    assert "Restricted record: contact" in shown.text
    assert hidden.person.reference not in str(shown.links) + shown.text


def test_the_same_name_under_another_date_of_birth_is_not_likely(mo, willow, first):
    child(mo, willow, "Robin", "Sample", born_on=date(2016, 9, 30))

    assert reads.likely(mo, first.person).rows == []


def test_a_pair_that_is_not_the_same_is_never_offered_again_nor_joined(client_of, mo, first, second):
    laptop = client_of(mo)
    address = f"{people_page(first)}{second.person.reference}/not-the-same/"

    response = laptop.post(address, filled(laptop.get(address), reason="Two cousins."))

    shown = page(laptop.get(response.url)).text
    assert "Nobody who is known looks like the same child." in shown
    assert f"Not the same person as {second.person.reference}" in shown
    assert reads.likely(mo, second.person).rows == []
    assert set(Entry.objects.filter(verb="not_the_same").values_list("record", flat=True)) == {
        first.person_id,
        second.person_id,
    }
    with pytest.raises(NotReady, match="never joined"):
        join(mo, second, first)
    with pytest.raises(NotReady, match="recorded already"):
        same_child.say_not_the_same(second.person.reference, actor=mo, person=first.person.reference, reason="Again.")


def test_an_adopted_child_is_never_linked_and_the_lock_names_nobody_else(mo, first, second):
    same_child.never_link(second.person.reference, actor=mo, reason="The adoption order.")

    assert reads.likely(mo, first.person).rows == reads.likely(mo, second.person).rows == []
    with pytest.raises(NotReady, match="never joined"):
        join(mo, first, second)
    assert PersonLock.objects.get().other is None
    assert not Entry.objects.filter(record=first.person_id, verb="never_link").exists()


# --- Joining ----------------------------------------------------------------------------------------------------------


def test_joining_moves_every_row_and_both_journals_say_so(mo, first, second):
    joined = join(mo, first, second)

    kept, gone = now(first.person), now(second.person)
    assert (gone.joined_to_id, joined.into_id, joined.by, joined.reason) == (kept.pk, kept.pk, mo, WHY)
    assert set(kept.referrals.all()) == {first, second}
    assert not gone.referrals.exists() and not gone.involvements.exists()
    moved = joined.rows.filter(was=RowWas.MOVED).order_by("table").values_list("table", "key")
    part_of_second = second.involvements.get()
    assert list(moved) == [("referrals.Involvement", str(part_of_second.pk)), ("referrals.Referral", str(second.pk))]
    verbs = {
        record: list(Entry.objects.filter(record=record).order_by("number").values_list("verb", flat=True))[-1]
        for record in (kept.pk, gone.pk, first.pk, second.pk)
    }
    assert verbs == {kept.pk: "join_person", gone.pk: "joined_to", first.pk: "child_joined", second.pk: "child_joined"}
    facts = Entry.objects.get(verb="join_person").facts
    assert (facts["joined"], facts["rows"]) == (gone.reference, joined.rows.count())
    for record in Record.objects.filter(pk__in=verbs):
        assert journal.faults(record, list(record.entries.order_by("number"))) == []


def test_the_child_is_found_and_hidden_under_both_names_and_all_its_numbers(carl, mo, first, second):
    ExternalId.objects.create(record=second.person.record, system="main", value="A12345")
    join(mo, first, second)
    kept = now(first.person)

    for terms in (
        {"words": "robyn sampel"},
        {"words": "robin sample"},
        {"numbers": [NHS]},
        {"numbers": ["A12345"]},
        {"reference": second.person.reference},
    ):
        assert [row["name"] for row in people.find_persons(carl, terms)] == ["Robin Sample"], terms
    assert ("robyn", "sampel") in spellings(kept)
    assert "known by another name" in people.find_persons(carl, {"words": "robyn sampel"})[0]["matches"]
    person_keys.index_person(now(second.person))
    assert not now(second.person).keys.exists()


def test_of_what_differs_the_chosen_value_stands_and_numbers_change_places(mo, first, second):
    Person.objects.filter(pk=first.person_id).update(nhs_number=OTHER_NHS, school="Elm Hill School")
    ExternalId.objects.create(record=second.person.record, system="main", value="A12345")
    first.person.refresh_from_db()

    said = {each.name: (each.ours, each.theirs, each.takes) for each in differences(first.person, second.person)}
    join(mo, first, second, takes=["nhs_number", "local_id"])

    assert said["school"] == ("Elm Hill School", "Oak Primary", False)
    assert said["local_id"] == ("", "A12345", True)
    assert "born_on" not in said
    kept, gone = now(first.person), now(second.person)
    assert (kept.nhs_number, gone.nhs_number) == (NHS, OTHER_NHS)
    assert (kept.school, gone.school) == ("Elm Hill School", "Oak Primary")
    assert ExternalId.objects.get().record_id == kept.pk


def test_the_stricter_holds_for_both(mo, amara, carl, first, second):
    bar(carl, second, mo)
    Record.objects.filter(pk=second.person_id).update(restricted=True)
    Record.objects.filter(pk=second.pk).update(restricted=True)
    cast_named(second, mo)

    join(mo, first, second)

    barred = AccessBar.objects.filter(user=carl, lifted_at__isnull=True).values_list("record", flat=True)
    assert set(barred) == {first.person_id, second.person_id}
    restricted = set(Record.objects.filter(restricted=True).values_list("pk", flat=True))
    assert restricted == {first.person_id, second.person_id, second.pk}
    # What is set and lifted from now on is set and lifted for both.
    restricting.lift_bar(first.reference, actor=mo, user=carl, reason="Moved away.")
    assert not AccessBar.objects.filter(user=carl, lifted_at__isnull=True).exists()
    restricting.bar(first.reference, actor=mo, user=carl, reason="Back again.")
    assert AccessBar.objects.filter(user=carl, lifted_at__isnull=True).count() == 2


def cast_named(referral, user):
    access.grant(referral.record, because=Because.NAMED, user=user)


def test_what_the_other_record_says_already_stays_behind_and_is_not_shown_twice(mo, first, second):
    about = first.involvements.get().concern
    for person in (first.person, second.person):
        Involvement.objects.create(concern=about, person=person, role="witness")

    join(mo, first, second)

    assert now(second.person).involvements.get().role == "witness"
    assert [each["person"].pk for each in people_in(about, mo)] == [first.person_id]


def test_a_child_who_is_in_one_concern_twice_can_be_attached_afterwards(mo, willow, first):
    about = first.involvements.get().concern
    again = cast.referral(mo, held_by=willow, child=cast.person("Robyn", "Sampel"), about=about)

    join(mo, first, again)
    intake.attach(again.reference, actor=mo, to_reference=first.reference, reason="The same concern.")

    assert Referral.objects.get(pk=again.pk).state == ReferralState.ATTACHED
    assert first.involvements.count() == again.involvements.count() == 1


def test_tables_of_the_floors_above_move_too_and_what_they_call_the_person_by(mo, first, second, cho):
    meeting = mapping_road.called(cho)
    one, other = (mapping_road.put(meeting, cho, each.person) for each in (first, second))
    panel = Panel.objects.create(
        record=Record.objects.open(RecordKind.PANEL, at=clock.now()),
        state_since=clock.now(),
        planned_on=clock.today(),
        cut_off_at=clock.now(),
        once=uuid4(),
    )
    subject = f"person-{second.person_id}"
    AgendaItem.objects.create(panel=panel, number=1, section="V", subject=subject, person=second.person)

    shown = {
        each.relation.name[0]: (len(each.keys), len(each.twice))
        for each in TwoRecords(first.person, second.person).moves
    }
    join(mo, first, second)

    assert shown["panels.AgendaItem"] == (1, 0)
    item = AgendaItem.objects.get()
    assert (item.person_id, item.subject) == (first.person_id, f"person-{first.person_id}")
    # Both stand on one map, where each stands once: the second place stays, and says so.
    assert shown["panels.MapNode"] == (0, 1)
    one.refresh_from_db(), other.refresh_from_db()
    assert (one.person_id, other.person_id) == (first.person_id, second.person_id)
    part(mo, first, second)
    assert AgendaItem.objects.get().subject == subject


# --- What stands in the way ---


def test_two_services_at_once_are_not_joined_and_nothing_is_written(mo, willow, amara, first):
    other = child(mo, willow, "Robyn", "Sampel", state=ReferralState.STATUTORY, worker=amara)

    with pytest.raises(NotReady, match=f"{first.reference} with Willow and {other.reference} with Willow. Close one"):
        join(mo, first, other)

    assert not JoinedRow.objects.exists() and not PersonJoin.objects.exists()
    assert now(other.person).joined_to is None


def test_no_chain_is_made_in_either_direction(mo, willow, first, second):
    third = child(mo, willow, "Robine", "Sample")
    join(mo, first, second)

    with pytest.raises(NotReady, match="Another record is joined to"):
        join(mo, third, first)
    with pytest.raises(Denied):  # nothing hangs on it any more: nobody opens it
        join(mo, third, second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=third.person_id).update(joined_to=third.person_id)


def test_whoever_has_the_child_is_not_shut_out(mo, amara, first, second):
    bar(amara, second, mo)

    with pytest.raises(NotReady, match=f"Amara has {first.reference} and is barred"):
        join(mo, first, second)


def test_a_manager_who_may_open_both_joins_them_and_nobody_else(mo, amara, max, carl, rowan, first, second):
    theirs = child(carl, rowan, "Robin", "Sample")

    for who, other in ((amara, second), (max, second), (mo, theirs)):
        with pytest.raises(Denied):
            join(who, first, other)


def test_what_changed_since_the_page_was_read_is_not_joined_unseen(mo, willow, first, second):
    seen = TwoRecords(first.person, second.person).seen
    cast.referral(mo, held_by=willow, child=second.person, about=cast.concern(mo))

    with pytest.raises(Changed) as refusal:
        join(mo, first, second, seen=seen)

    join(mo, first, second, seen=refusal.value.version)


# --- Parting ----------------------------------------------------------------------------------------------------------


def stands(*records):
    """What each record says and has, but for versions and journals."""
    skipped = {"version"}
    return {
        person.pk: (
            {
                field.name: getattr(person, field.attname)
                for field in Person._meta.concrete_fields
                if field.name not in skipped
            },
            sorted(person.referrals.values_list("pk", flat=True)),
            sorted(person.involvements.values_list("pk", flat=True)),
            sorted(person.keys.values_list("key", flat=True)),
            sorted(ExternalId.objects.filter(record=person.pk).values_list("value", flat=True)),
            sorted(AccessBar.objects.filter(record=person.pk, lifted_at__isnull=True).values_list("user", flat=True)),
            Record.objects.get(pk=person.pk).restricted,
        )
        for person in (now(record.person) for record in records)
    }


def test_parted_again_both_records_are_as_they_were(mo, carl, first, second):
    Person.objects.filter(pk=first.person_id).update(nhs_number=OTHER_NHS)
    Person.objects.filter(pk=second.person_id).update(local_id="A12345")
    ExternalId.objects.create(record=second.person.record, system="main", value="A12345")
    Person.objects.filter(pk=second.person_id).update(local_id="A12345")
    bar(carl, first, mo)
    Record.objects.filter(pk=second.person_id).update(restricted=True)
    Record.objects.filter(pk=second.pk).update(restricted=True)
    cast_named(second, mo)
    for record in (first, second):
        person_keys.index_person(now(record.person))
    before = stands(first, second)

    join(mo, first, second, takes=["nhs_number", "local_id", "school", "given_name"])
    assert stands(first, second) != before
    parted = part(mo, first, second)

    assert stands(first, second) == before
    assert (parted.parted_by, parted.parted_reason) == (mo, "Two children after all.")
    assert Entry.objects.filter(verb="part_person", record=first.person_id).count() == 1
    assert Entry.objects.filter(verb="parted_from", record=second.person_id).count() == 1
    # And the pair can be joined once more.
    join(mo, first, second)


def test_what_was_added_since_stays_unless_it_is_chosen(mo, willow, first, second):
    join(mo, first, second)
    for _ in range(2):
        cast.referral(mo, held_by=willow, child=now(first.person), about=cast.concern(mo))
    added = list(Referral.objects.exclude(pk__in=[first.pk, second.pk]).order_by("pk"))
    plan = parting(PersonJoin.objects.get())
    assert [each.row for each in plan.added if isinstance(each.row, Referral)] == added

    part(mo, first, second, chosen=[plan.added[1].code])

    assert set(now(second.person).referrals.all()) == {second, added[1]}
    # The part in a concern goes where its referral goes.
    assert set(now(second.person).involvements.values_list("referral", flat=True)) == {second.pk, added[1].pk}
    assert set(now(first.person).referrals.all()) == {first, added[0]}


def test_what_was_attached_since_stays_and_what_was_changed_since_too(mo, first, second):
    join(mo, first, second, takes=["school", "nhs_number"])
    intake.attach(second.reference, actor=mo, to_reference=first.reference, reason="One child.")
    Person.objects.filter(pk=first.person_id).update(school="Elm Hill School")

    plan = parting(PersonJoin.objects.get())
    assert plan.goes == [] and len(plan.stays) == 2
    part(mo, first, second)

    kept, gone = now(first.person), now(second.person)
    assert set(kept.referrals.all()) == {first, second}
    assert (kept.school, gone.school) == ("Elm Hill School", "Oak Primary")
    assert (kept.nhs_number, gone.nhs_number) == (None, NHS)


def test_parting_what_cannot_be_told_apart_is_refused(mo, willow, amara, second):
    undecided = child(mo, willow, "Robin", "Sample")
    join(mo, undecided, second)
    intake.attach(undecided.reference, actor=mo, to_reference=second.reference, reason="One child.")

    with pytest.raises(NotReady, match=f"{undecided.reference} was attached to {second.reference} since"):
        part(mo, undecided, second)


# --- Meanwhile --------------------------------------------------------------------------------------------------------


def test_somebody_who_was_picked_before_is_the_record_that_stands(mo, amara, first, second, front_door):
    pick = people.pick_of(amara, second.person.reference)
    picked_before = second.person
    join(mo, first, second)

    logged = intake.log_concern(
        author=amara,
        once=uuid4(),
        people=[intake.Known(person=picked_before, roles=("displayed",))],
        what_was_reported="Something else.",
        source="2A",
        reported_on=clock.today(),
        place_kind="school",
        protection_needed="no",
    )

    assert found.picked(amara, pick) == now(first.person)
    assert logged.concern.involvements.get().person_id == first.person_id
    assert not now(second.person).involvements.exists()


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_moves_and_what_differs_and_the_old_address_leads_on(client_of, mo, first, second):
    laptop = client_of(mo)
    address = f"{people_page(first)}{second.person.reference}/join/"
    opened = laptop.get(address)
    shown = page(opened)
    for words in (
        "Robin Sample, " + first.person.reference,
        "Robyn Sampel, " + second.person.reference,
        "Referral 1 None",
        "Part in a concern 1 None",
        "The child then has two open referrals",
        "Robyn Sampel is kept as another name",
        "School or nursery",
    ):
        assert words in shown.text, words
    assert f"{people_page(second)}{first.person.reference}/join/" in {href for href, _ in shown.links}
    assert set(AccessRecord.objects.filter(page="join_person").values_list("record", flat=True)) == {
        first.pk,
        first.person_id,
        second.person_id,
    }

    typed = filled(opened, reason=WHY, sure="on", **{f"{DETAIL}given_name": "theirs"})
    unsure = laptop.post(address, {name: value for name, value in typed.items() if name != "sure"})
    assert "Say that you have compared the two records" in page(unsure).text
    overtaken = laptop.post(address, typed | {"seen": "0" * 64})
    assert (overtaken.status_code, PersonJoin.objects.exists()) == (409, False)
    assert WHY in overtaken.content.decode()
    done = laptop.post(address, typed)

    told = page(laptop.get(done.url)).text
    assert f"Next, attach {second.reference} to the other." in told
    assert f"{second.person.reference}, Robyn Sampel: joined by Mo on 23 November 2026." in told
    assert now(first.person).given_name == "Robyn"
    old = laptop.get(f"{people_page(second)}{second.person.reference}/edit/")
    assert old.url == f"{people_page(second)}{first.person.reference}/edit/"
    assert laptop.get(old.url).status_code == 200


def test_the_page_of_parting_shows_what_goes_back(client_of, mo, first, second):
    join(mo, first, second)
    laptop = client_of(mo)
    address = f"{people_page(first)}{second.person.reference}/part/"

    opened = laptop.get(address)
    text = page(opened).text
    done = laptop.post(address, filled(opened, reason="Two cousins."))

    assert f"Referral, {second.reference}" in text
    assert WHY in text
    assert f"{second.person.reference} is a record of its own again." in page(laptop.get(done.url)).text
    assert now(second.person).joined_to is None
    assert laptop.get(address).status_code == 404


@pytest.mark.parametrize(
    ("page_of", "typed", "said"),
    [
        ("edit/", {"given_name": "Zephyrine"}, ("Zephyrine", "14 5 2012")),
        ("markers/add/", {"reason": "The dog bites."}, ("The dog bites.",)),
    ],
)
def test_what_is_sent_to_a_record_that_was_joined_meanwhile_is_not_lost(
    client_of, mo, first, second, page_of, typed, said
):
    laptop = client_of(mo)
    address = f"{people_page(second)}{second.person.reference}/{page_of}"
    form = filled(laptop.get(address), **typed)
    join(mo, first, second)
    before = now(first.person).version

    answer = laptop.post(address, form)

    assert answer.status_code == 409
    shown = page(answer)
    assert f"It is now: joined to {first.person.reference}." in shown.text
    assert all(words in answer.content.decode() for words in said)
    assert f"{people_page(second)}{first.person.reference}/{page_of}" in {href for href, _ in shown.links}
    assert now(first.person).version == before
    assert client_of(mo).get(address).status_code == 302
