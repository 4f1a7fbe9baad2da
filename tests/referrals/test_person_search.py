"""Search before create: who is found, what of them is shown to whom, and how little it costs (practice.md B8)."""

import random
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hsb.core import access, clock
from hsb.core.models import AccessBar, AccessRecord, ExternalId, Record
from hsb.core.states import AccessKind, Because, RecordKind
from referrals.models import Involvement, Person, PersonKey
from referrals.selectors import people
from referrals.services import person_keys
from referrals.states import BirthPrecision, InvolvementRole, ReferralState
from tests import cast
from tests.referrals.mutations import children, misspelt, mistaken

BORN = date(2012, 5, 14)
MASKED = {"restricted": True, "text": "Restricted record: contact the front door duty desk"}
NHS_NUMBER, UPN = "9434765919", "H801200001001"


@pytest.fixture
def robin(db):
    """An invented child, findable."""
    return known("Robin", "Sample", born_on=BORN, nhs_number=NHS_NUMBER, upn=UPN)


def known(*names, **fields):
    person = cast.person(*names, **fields)
    person_keys.index_person(person)
    return person


def names_found(user, **terms):
    return [row["name"] for row in people.find_persons(user, terms)]


# --- Who is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({"words": "robin sample"}, id="words"),
        pytest.param({"words": "Sampel, Robyn"}, id="misspelt words in another order"),
        pytest.param({"given_name": "Robin", "family_name": "Sample"}, id="two names"),
        pytest.param({"given_name": "Sample", "family_name": "Robin"}, id="names swapped"),
        pytest.param({"words": "sample"}, id="a family name alone"),
        pytest.param({"words": "sampul"}, id="a misspelt family name alone"),
        pytest.param({"born_on": BORN}, id="a date of birth"),
        pytest.param({"born_on": "2012-05-14"}, id="a date of birth as it is kept"),
        pytest.param({"words": "robin", "born_on": date(2012, 5, 4)}, id="a first name, ten days too early"),
        pytest.param({"nhs_number": NHS_NUMBER}, id="an NHS number"),
        pytest.param({"upn": UPN.lower()}, id="a UPN in small letters"),
        pytest.param({"numbers": [UPN]}, id="a number of which nobody said what it is"),
        pytest.param({"nhs_number": NHS_NUMBER, "words": "Terry Invented"}, id="an NHS number under another name"),
    ],
)
def test_a_person_is_found(carl, robin, terms):
    found = names_found(carl, **terms)

    assert found == ["Robin Sample"]


def test_a_person_is_found_by_the_number_of_another_system(carl, robin):
    ExternalId.objects.create(record=robin.record, system="main", value="A12345")

    (found,) = people.find_persons(carl, {"numbers": ["a12345"]})

    assert (found["name"], found["matches"]) == ("Robin Sample", ["same number in the main case system"])


def test_a_person_is_found_by_the_reference_of_a_referral_and_by_their_own(carl, amara, willow, robin):
    referral = cast.referral(amara, held_by=willow, child=robin)

    assert names_found(carl, reference=referral.reference) == ["Robin Sample"]
    assert names_found(carl, reference=robin.reference) == ["Robin Sample"]


def test_an_exact_number_comes_before_a_perfect_name(carl, robin):
    known("Terry", "Invented")

    found = people.find_persons(carl, {"nhs_number": NHS_NUMBER, "words": "Terry Invented"})

    assert [row["name"] for row in found] == ["Robin Sample", "Terry Invented"]
    assert found[0]["matches"] == ["same NHS number", "different name"]


def test_an_adult_who_is_only_named_in_a_concern_is_found(carl, amara):
    adult = known("Morgan", "Sample", born_on=date(1980, 2, 3), is_adult=True)
    about = cast.concern(amara)
    Involvement.objects.create(concern=about, person=adult, role=InvolvementRole.PERSON_OF_CONCERN)

    (found,) = people.find_persons(carl, {"words": "morgan sample"})

    assert (found["is_adult"], found["team"], found["url"]) == (True, "no open referral", "")


def test_nobody_is_found_where_nothing_is_asked(carl, robin):
    assert people.find_persons(carl, {}) == []


def test_a_former_name_finds_nobody_any_more(carl, robin):
    robin.given_name, robin.family_name = "Avery", "Placeholder"
    robin.save()
    person_keys.index_person(robin)

    assert names_found(carl, words="robin sample") == []
    assert names_found(carl, words="avery placeholder") == ["Avery Placeholder"]


# --- What is shown ---------------------------------------------------------------------------------------------------


def test_whoever_may_not_open_the_referral_sees_name_birth_and_team(carl, amara, willow, robin):
    cast.referral(amara, held_by=willow, child=robin)

    with clock.moved_to(clock.now().replace(year=2026, month=11, day=23)):
        (found,) = people.find_persons(carl, {"words": "robin sample", "born_on": BORN})

    assert people.unsign_pick(carl, found.pop("pick")) == robin.reference
    assert found == {
        "restricted": False,
        "marked_restricted": False,
        "name": "Robin Sample",
        "also_known_as": "",
        "born_on": "14 May 2012",
        "age": "14 years old",
        "is_adult": False,
        "team": "Willow",
        "reference": "",
        "url": "",
        "link": "",
        "matches": ["same name", "same date of birth"],
        "score": 100.0,
    }


def test_whoever_may_open_the_referral_gets_its_link(amara, willow, robin):
    referral = cast.referral(amara, held_by=willow, child=robin)

    (found,) = people.find_persons(amara, {"words": "robin sample"})

    assert (found["url"], found["link"]) == (f"/referrals/{referral.reference}/", "Open referral")


def test_a_closed_referral_is_linked_for_whoever_had_it_last(amara, carl, willow, robin):
    referral = cast.referral(amara, held_by=willow, child=robin, worker=amara, state=ReferralState.CLOSED)

    (hers,) = people.find_persons(amara, {"words": "robin sample"})
    (his,) = people.find_persons(carl, {"words": "robin sample"})

    assert (hers["reference"], hers["link"]) == (referral.reference, "Earlier referral")
    assert (hers["team"], his["team"], his["url"]) == ("no open referral", "no open referral", "")


@pytest.mark.parametrize(
    ("fields", "born_on", "age"),
    [
        pytest.param({"born_on": None}, "date of birth not known", "age not known", id="not known"),
        pytest.param(
            {"born_on": date(2012, 5, 15), "birth_precision": BirthPrecision.ESTIMATED},
            "date of birth estimated",
            "about 14 years old",
            id="estimated",
        ),
        pytest.param(
            {"born_on": date(2027, 2, 1), "birth_precision": BirthPrecision.EXPECTED},
            "expected 1 February 2027",
            "not yet born",
            id="expected",
        ),
        pytest.param({"born_on": date(2026, 10, 1)}, "1 October 2026", "under 1 year old", id="a baby"),
    ],
)
def test_how_birth_and_age_are_said(carl, fields, born_on, age):
    known("Robin", "Sample", **fields)

    with clock.moved_to(clock.now().replace(year=2026, month=11, day=23)):
        (found,) = people.find_persons(carl, {"words": "robin sample"})

    assert (found["born_on"], found["age"]) == (born_on, age)


# --- Restricted records ----------------------------------------------------------------------------------------------


@pytest.fixture
def hidden(robin, amara, willow):
    """Robin's referral is restricted; Amara is named on it."""
    made = cast.referral(amara, held_by=willow, child=robin, restricted=True)
    access.grant(made.record, because=Because.NAMED, user=amara)
    return made


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({"nhs_number": NHS_NUMBER}, id="an NHS number"),
        pytest.param({"upn": UPN}, id="a UPN"),
        pytest.param({"words": "sample", "born_on": BORN}, id="surname and full date of birth"),
        pytest.param({"words": "Terry SAMPLE", "born_on": BORN}, id="the same with another first name"),
        pytest.param({"family_name": "Sample", "given_name": "Terry", "born_on": BORN}, id="the same in two boxes"),
    ],
)
def test_a_restricted_record_says_only_whom_to_ask(carl, hidden, terms):
    assert people.find_persons(carl, terms) == [MASKED]


def test_a_restricted_record_is_named_by_its_reference_too(carl, hidden):
    assert people.find_persons(carl, {"reference": hidden.reference}) == [MASKED]


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({"words": "robin sample"}, id="the full name"),
        pytest.param({"born_on": BORN}, id="the date of birth"),
        pytest.param({"words": "robin", "born_on": BORN}, id="first name and date of birth"),
        pytest.param({"words": "sampel", "born_on": BORN}, id="a misspelt surname and the date of birth"),
        pytest.param({"words": "robin sample", "born_on": date(2012, 5, 15)}, id="the full name and a day too late"),
        pytest.param({"nhs_number": "9434765870"}, id="another NHS number"),
    ],
)
def test_a_restricted_record_is_found_by_nothing_else(carl, hidden, terms):
    assert people.find_persons(carl, terms) == []


def test_a_restricted_record_named_in_full_is_told_of_beside_many_who_are_nearer(carl, hidden):
    for _ in range(15):
        known("Zoe", "Sampel", born_on=BORN + timedelta(days=1))

    *found, last = people.find_persons(carl, {"given_name": "Zoe", "family_name": "Sample", "born_on": BORN}, limit=1)

    assert [row["name"] for row in found] == ["Zoe Sampel"]
    assert last == MASKED


def test_half_of_a_double_surname_is_no_surname(carl, amara, willow):
    child = known("Robin", "Sample-Madeup", born_on=BORN)
    cast.referral(amara, held_by=willow, child=child, restricted=True)

    assert people.find_persons(carl, {"words": "sample", "born_on": BORN}) == []
    assert people.find_persons(carl, {"words": "madeup sample", "born_on": BORN}) == [MASKED]
    assert people.find_persons(carl, {"words": "samplemadeup", "born_on": BORN}) == [MASKED]


def test_somebody_named_on_a_restricted_record_finds_it_like_any_other(amara, hidden):
    (found,) = people.find_persons(amara, {"words": "robin sampel"})

    assert (found["name"], found["reference"], found["marked_restricted"]) == ("Robin Sample", hidden.reference, True)


@pytest.mark.parametrize("reader", ["bea", "aud"])
def test_a_team_mate_and_an_auditor_find_a_restricted_record_masked(request, reader, hidden):
    reader = request.getfixturevalue(reader)

    assert people.find_persons(reader, {"words": "robin sample"}) == []
    assert people.find_persons(reader, {"nhs_number": NHS_NUMBER}) == [MASKED]


def test_the_last_referral_restricts_though_it_is_closed(carl, amara, willow, robin):
    cast.referral(amara, held_by=willow, child=robin, state=ReferralState.CLOSED, restricted=True)

    assert names_found(carl, words="robin sample") == []


def test_an_earlier_restricted_referral_restricts_no_longer(carl, amara, willow, robin):
    with clock.moved_to(clock.now() - timedelta(days=400)):
        cast.referral(amara, held_by=willow, child=robin, state=ReferralState.CLOSED, restricted=True)
    cast.referral(amara, held_by=willow, child=robin)

    assert names_found(carl, words="robin sample") == ["Robin Sample"]


def test_a_restricted_person_without_a_referral_is_masked_too(carl, db):
    known("Robin", "Sample", born_on=BORN, restricted=True)

    assert people.find_persons(carl, {"words": "robin sample"}) == []
    assert people.find_persons(carl, {"words": "sample", "born_on": BORN}) == [MASKED]


def test_a_restricted_person_without_a_referral_is_shown_to_whoever_opens_the_concern(amara, carl, willow):
    child = known("Robin", "Sample", born_on=BORN, restricted=True)
    other = cast.referral(amara, held_by=willow)
    about = other.involvements.get().concern
    Involvement.objects.create(concern=about, person=child, role=InvolvementRole.WITNESS)

    assert "Robin Sample" in names_found(amara, words="robin sample")
    assert names_found(carl, words="robin sample") == []


def test_two_restricted_records_are_one_line(carl, amara, willow):
    cast.referral(amara, held_by=willow, child=known("Robin", "Sample", born_on=BORN), restricted=True)
    cast.referral(amara, held_by=willow, child=known("Terry", "Sample", born_on=BORN), restricted=True)

    found = people.search(carl, {"words": "sample", "born_on": BORN})

    assert (found.rows, found.masked_record) == ([MASKED], None)


def test_a_bar_hides_a_person_from_every_search(amara, mo, willow, robin):
    referral = cast.referral(amara, held_by=willow, child=robin)
    AccessBar.objects.create(user=amara, record=robin.record, reason="Kin.", set_by=mo, set_at=clock.now())

    assert people.find_persons(amara, {"words": "robin sample", "born_on": BORN}) == []
    assert people.find_persons(amara, {"nhs_number": NHS_NUMBER}) == []
    assert people.find_persons(amara, {"reference": referral.reference}) == []


def test_a_bar_hides_a_restricted_person_without_a_word(carl, mo, hidden, robin):
    AccessBar.objects.create(user=carl, record=robin.record, reason="Kin.", set_by=mo, set_at=clock.now())

    assert people.find_persons(carl, {"nhs_number": NHS_NUMBER}) == []


def test_a_lifted_bar_hides_nobody(carl, mo, robin):
    now = clock.now()
    AccessBar.objects.create(
        user=carl, record=robin.record, reason="Kin.", set_by=mo, set_at=now, lifted_by=mo, lifted_at=now
    )

    assert names_found(carl, words="robin sample") == ["Robin Sample"]


# --- Who searches, and what it leaves --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "found"),
    [
        ("carl", ["Robin Sample"]),
        ("mo", ["Robin Sample"]),
        ("cho", ["Robin Sample"]),
        ("aud", ["Robin Sample"]),
        ("coo", []),
        ("min", []),
        ("dee", []),
    ],
)
def test_who_searches(request, reader, found, robin):
    assert names_found(request.getfixturevalue(reader), words="robin sample", nhs_number=NHS_NUMBER) == found


def test_a_search_leaves_its_terms(carl, robin):
    people.find_and_record(carl, {"words": "robin sample", "born_on": BORN, "upn": ""}, page="log_concern")

    left = AccessRecord.objects.get()
    assert (left.user, left.record, left.kind, left.page) == (carl, None, AccessKind.SEARCH, "log_concern")
    assert left.terms == {"words": "robin sample", "born_on": "2012-05-14"}


def test_a_search_that_met_one_restricted_record_names_it(carl, hidden, robin):
    rows = people.find_and_record(carl, {"nhs_number": NHS_NUMBER}, page="search")

    assert rows == [MASKED]
    assert AccessRecord.objects.get().record == robin.record


def test_a_pick_is_its_own_users_alone(carl, amara, robin):
    (found,) = people.find_persons(carl, {"words": "robin sample"})

    assert people.unsign_pick(carl, found["pick"]) == robin.reference
    assert people.unsign_pick(amara, found["pick"]) is None
    assert people.unsign_pick(carl, found["pick"] + "x") is None
    assert people.unsign_pick(carl, "") is None
    assert robin.reference not in found["pick"]


def test_a_pick_is_good_for_half_a_day(carl, robin, monkeypatch):
    pick = people.pick_of(carl, robin.reference)
    monkeypatch.setattr(people, "PICK_KEPT", timedelta(seconds=-1))

    assert people.unsign_pick(carl, pick) is None


# --- What it costs, and how well it finds ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({"words": "robin sample"}, id="by name"),
        pytest.param({"words": "robin sample", "born_on": BORN}, id="by name and date of birth"),
        pytest.param({"born_on": BORN}, id="by date of birth"),
    ],
)
def test_fifty_hits_cost_no_more_queries_than_one(carl, amara, willow, terms):
    first = known("Robin", "Sample", born_on=BORN)
    cast.referral(amara, held_by=willow, child=first)
    with CaptureQueriesContext(connection) as for_one:
        one = people.find_persons(cast.again(carl), terms, limit=60)

    for _ in range(49):
        cast.referral(amara, held_by=willow, child=known("Robin", "Sample", born_on=BORN))
    with CaptureQueriesContext(connection) as for_fifty:
        fifty = people.find_persons(cast.again(carl), terms, limit=60)

    assert (len(one), len(fifty)) == (1, 50)
    assert len(for_fifty) == len(for_one) <= 8


def test_no_more_rows_than_asked(carl, db):
    known("Robin", "Sample")
    known("Robin", "Sample")
    known("Robin", "Sampel")

    assert len(people.find_persons(carl, {"words": "robin sample"}, limit=2)) == 2


@pytest.fixture
def borough(db):
    """Two thousand invented children, indexed."""
    now = clock.now()
    everybody = children(2000)
    records = Record.objects.bulk_create(
        Record(reference=f"PER-2020-{number:05d}", kind=RecordKind.PERSON, opened_at=now)
        for number in range(len(everybody))
    )
    persons = Person.objects.bulk_create(
        Person(record=record, given_name=given, family_name=family, born_on=born, birth_precision=BirthPrecision.KNOWN)
        for record, (given, family, born) in zip(records, everybody, strict=True)
    )
    person_keys.index_persons(persons)
    return persons


def test_recall_at_ten_among_two_thousand_children(carl, borough):
    chance = random.Random(150)
    asked = [
        (person, *misspelt(chance, person.given_name, person.family_name), mistaken(chance, person.born_on))
        for person in chance.sample(borough, 150)
    ]

    def recall(date_of):
        found = [
            people.unsign_pick(carl, row["pick"]) == person.record.reference
            for person, given, family, wrong in asked
            for row in people.find_persons(carl, {"words": f"{given} {family}", "born_on": date_of(person, wrong)})
        ]
        return sum(found) / len(asked)

    assert recall(lambda person, wrong: person.born_on) >= 0.95
    assert recall(lambda person, wrong: wrong) >= 0.90
    assert recall(lambda person, wrong: None) >= 0.90


# --- The keys --------------------------------------------------------------------------------------------------------


def test_keys_are_written_once(robin):
    before = set(PersonKey.objects.filter(person=robin).values_list("pk", "key"))

    changed = person_keys.index_persons([robin])

    assert changed == 0
    assert set(PersonKey.objects.filter(person=robin).values_list("pk", "key")) == before


def test_the_command_writes_what_is_missing_and_takes_what_is_wrong(carl, robin):
    cast.person("Terry", "Invented")
    PersonKey.objects.create(person=robin, key="w:wrong")
    said = StringIO()

    call_command("rebuild_name_keys", stdout=said)

    assert said.getvalue() == "2 persons read, 2 changed.\n"
    assert names_found(carl, words="terry invented") == ["Terry Invented"]
    assert names_found(carl, words="wrong") == []


def test_the_rebuilding_goes_through_every_batch(db):
    persons = [cast.person("Robin", "Sample") for _ in range(5)]

    done = list(person_keys.rebuild(batch=2))

    assert done == [(2, 2), (4, 2), (5, 1)]
    assert PersonKey.objects.filter(key="w:sample").count() == len(persons)


def test_the_command_says_when_there_is_nobody(db):
    said = StringIO()

    call_command("rebuild_name_keys", stdout=said)

    assert said.getvalue() == "no persons read, 0 changed.\n"
