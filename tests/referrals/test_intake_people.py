"""Step 1: whether we know somebody already, what part they had, and what cannot be true of a person."""

import html as entities
import re
from datetime import UTC, date, datetime

import pytest

from hsb.core.forms import date_parts
from hsb.core.models import AccessBar, Entry, Task
from referrals.models import Concern, Involvement, Person, Referral
from referrals.services.person_keys import index_person
from referrals.states import ReferralState
from tests import cast
from tests.referrals import intake_steps as steps

pytestmark = pytest.mark.django_db

BIRTH = date(2013, 5, 14)


@pytest.fixture(autouse=True)
def _a_monday_in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def laptop(client_of, amara, front_door):
    return client_of(amara)


def known(given_name="Robin", family_name="Sample", **fields):
    person = cast.person(given_name, family_name, born_on=fields.pop("born_on", BIRTH), **fields)
    index_person(person)
    return person


def new(laptop, **typed):
    """Adds somebody new; returns (status, page)."""
    key = steps.search(laptop)
    response = steps.add_new(laptop, key, **typed)
    return response.status_code, response.content.decode()


# --- Known already ---


def test_a_child_of_another_team_is_found_with_name_birth_and_team(laptop, max, rowan):
    cast.referral(max, held_by=rowan, child=known(), state=ReferralState.STATUTORY)
    key = steps.search(laptop, "Robin Sample")

    html = laptop.get(f"/concerns/new/{key}/people/").content.decode()

    assert "Robin Sample" in html
    assert "14 May 2013" in html
    assert "Open referral with Rowan" in html


def test_what_was_searched_for_is_not_asked_again(laptop):
    key = steps.search(laptop, "Ash Sample", born_on=BIRTH)

    html = laptop.get(f"/concerns/new/{key}/people/new/").content.decode()

    assert 'value="Ash"' in html
    assert 'value="Sample"' in html
    assert 'name="born_known_year" type="text" value="2013"' in html


def test_a_known_child_with_an_open_referral_gets_the_concern_and_no_second_referral(laptop, max, rowan, amara):
    child = known()
    standing = cast.referral(max, held_by=rowan, child=child, state=ReferralState.STATUTORY, worker=max)
    key = steps.search(laptop, "Robin Sample")
    part = steps.pick_first(laptop, key)
    page = laptop.get(part).content.decode()
    laptop.post(part, {"known_parts": ["displayed"], "joins": "attach"})
    steps.say_what(laptop, key)
    url = steps.log(laptop, key).url

    assert "This child has an open referral with Rowan." in page
    assert Referral.objects.count() == 1
    assert Involvement.objects.get(concern=Concern.objects.get(author=amara)).referral == standing
    assert Entry.objects.get(record=standing.record, verb="concern_attached").actor == amara
    assert Task.objects.get(kind="new_concern").owner == max
    html = laptop.get(url).content.decode()
    assert "This child already had an open referral" in html
    assert "Rowan (Max) has the child" in html
    assert standing.reference not in html


def test_an_attached_concern_brings_its_own_part_to_the_referral(laptop, max, rowan):
    standing = cast.referral(max, held_by=rowan, child=known(), state=ReferralState.STATUTORY)
    key = steps.search(laptop, "Robin Sample")
    laptop.post(steps.pick_first(laptop, key), {"known_parts": ["harmed"], "joins": "attach"})
    steps.say_what(laptop, key)
    steps.log(laptop, key)

    assert Referral.objects.get(pk=standing.pk).side == "both"


def test_a_separate_referral_needs_its_reason(laptop, max, rowan):
    cast.referral(max, held_by=rowan, child=known(), state=ReferralState.STATUTORY)
    key = steps.search(laptop, "Robin Sample")
    part = steps.pick_first(laptop, key)

    refused = laptop.post(part, {"known_parts": ["harmed"], "joins": "separate"})
    laptop.post(part, {"known_parts": ["harmed"], "joins": "separate", "separate_because": "Two families, kept apart."})
    steps.say_what(laptop, key)
    steps.log(laptop, key)

    assert refused.status_code == 422
    assert "Say why this child needs a second referral" in refused.content.decode()
    assert Referral.objects.count() == 2
    assert Entry.objects.filter(reason="Two families, kept apart.").count() == 1


def test_a_child_without_an_open_referral_is_not_asked_about_one(laptop):
    known()
    key = steps.search(laptop, "Robin Sample")

    html = laptop.get(steps.pick_first(laptop, key)).content.decode()

    assert "Where does this concern belong?" not in html


def test_somebody_added_twice_is_in_the_concern_once(laptop, amara):
    known()
    key = steps.search(laptop, "Robin Sample")
    steps.pick_first(laptop, key)
    steps.search(laptop, "Robin Sample", key=key)
    steps.pick_first(laptop, key)

    assert len(steps.draft_of(amara)["people"]) == 1


def test_a_pick_that_is_not_ours_adds_nobody(laptop, client_of, bea, amara):
    known()
    theirs = steps.search(client_of(bea), "Robin Sample")
    html = client_of(bea).get(f"/concerns/new/{theirs}/people/").content.decode()
    pick = html.split('name="pick" value="')[1].split('"')[0]
    key = steps.search(laptop, "Robin Sample")

    response = laptop.post(f"/concerns/new/{key}/people/add/", {"pick": pick}, follow=True)

    assert "That search is too old" in response.content.decode()
    assert steps.draft_of(amara)["people"] == []


# --- Restricted ---


@pytest.fixture
def restricted(max, rowan):
    child = known("Quill", "Hidden", restricted=True)
    return cast.referral(max, held_by=rowan, child=child, state=ReferralState.STATUTORY, restricted=True, worker=max)


def add_masked(laptop):
    key = steps.search(laptop, "Quill Hidden", born_on=BIRTH)
    part = laptop.post(f"/concerns/new/{key}/people/add/", {"masked": "on"}).url
    return key, part


def test_a_restricted_record_shows_whom_to_ask_and_nothing_else(laptop, restricted):
    key = steps.search(laptop, "Quill Hidden", born_on=BIRTH)

    html = laptop.get(f"/concerns/new/{key}/people/").content.decode()

    assert "Restricted record: contact" in html
    assert "This is the person I mean" in html
    assert "Rowan" not in html
    assert "PER-" not in html


def test_the_restricted_child_can_be_meant_without_showing_anything(laptop, restricted, amara, max):
    key, part = add_masked(laptop)
    page = laptop.get(part).content.decode()
    laptop.post(part, {"known_parts": ["harmed"]})
    steps.say_what(laptop, key)
    check = laptop.get(f"/concerns/new/{key}/check/").content.decode()
    url = steps.log(laptop, key).url
    after = laptop.get(url).content.decode()

    assert "You searched for Quill Hidden, born 14 May 2013" in page
    assert "open referral" not in page
    assert "Somebody whose record is restricted" in check
    assert Involvement.objects.get(concern__author=amara).referral == restricted
    assert Task.objects.get(kind="new_concern").owner == max
    assert "Quill" not in after
    assert restricted.reference not in after
    assert not Referral.objects.visible_to(amara).exists()


def test_a_new_referral_of_a_restricted_child_opens_nothing_to_the_author(laptop, amara, dev):
    known("Quill", "Hidden", restricted=True)
    key, part = add_masked(laptop)
    laptop.post(part, {"known_parts": ["harmed"]})
    steps.say_what(laptop, key)
    steps.log(laptop, key)

    assert Referral.objects.count() == 1
    assert not Referral.objects.visible_to(amara).exists()
    assert Referral.objects.visible_to(dev).exists()


def test_a_search_that_names_nobody_in_full_hints_at_nobody(laptop, restricted, amara):
    key = steps.search(laptop, "Quill")

    html = laptop.get(f"/concerns/new/{key}/people/").content.decode()
    laptop.post(f"/concerns/new/{key}/people/add/", {"masked": "on"})

    assert "Restricted record" not in html
    assert steps.draft_of(amara)["people"] == []


def test_somebody_who_is_barred_finds_nobody(laptop, amara, max):
    child = known()
    AccessBar.objects.create(user=amara, record=child.record, reason="Related.", set_by=max, set_at=datetime.now(UTC))
    key = steps.search(laptop, "Robin Sample")

    assert "Nobody found" in laptop.get(f"/concerns/new/{key}/people/").content.decode()


# --- What cannot be ---


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param({"given_name": ""}, "Enter the first name", id="no name at all"),
        pytest.param({"parts": ()}, "Choose what part this child had in it", id="no part"),
        pytest.param(
            {"parts": ("not_yet_known", "harmed")},
            "Choose either 'role not yet known', or what is known",
            id="two at odds",
        ),
        pytest.param(
            {"birth_precision": "known", **date_parts("born_known", date(1999, 5, 14))},
            "With this date of birth the child would be 27 years old",
            id="a child of 27",
        ),
        pytest.param(
            {"birth_precision": "known", **date_parts("born_known", date(2026, 11, 24))},
            "Date of birth is in the future. For a child who is not yet born, choose 'Expected'",
            id="born tomorrow",
        ),
        pytest.param(
            {"birth_precision": "estimated", **date_parts("born_estimated", date(2027, 1, 1))},
            "Date of birth is in the future",
            id="estimated in the future",
        ),
        pytest.param(
            {"birth_precision": "expected", **date_parts("born_expected", date(2028, 1, 1))},
            "must be within the next 10 months",
            id="expected in a year",
        ),
        pytest.param({"birth_precision": "known"}, "Enter the date of birth, or choose", id="known and not given"),
        pytest.param(
            {"birth_precision": "estimated"},
            "Enter the estimated date of birth, or about how old",
            id="estimated and not given",
        ),
        pytest.param(
            {
                "birth_precision": "known",
                **date_parts("born_known", date(2013, 5, 14)),
                "born_known_day": "31",
                "born_known_month": "2",
            },
            "Date of birth must be a real date",
            id="31 February",
        ),
        pytest.param(
            {
                "kind": "adult",
                "adult_parts": ["adult_affected"],
                "birth_precision": "known",
                **date_parts("born_known", BIRTH),
            },
            "With this date of birth the adult would be 13 years old",
            id="an adult of 13",
        ),
        pytest.param({"more": "on", "nhs_number": "943 476 5918"}, "NHS number must be 10 digits", id="NHS number"),
        pytest.param({"more": "on", "upn": "A123"}, "Unique pupil number must be", id="UPN"),
        pytest.param({"more": "on", "local_id": "12/34"}, "must be 20 letters and digits or fewer", id="local number"),
        pytest.param({"more": "on", "postcode": "nowhere"}, "Enter a full UK postcode", id="postcode"),
        pytest.param({"given_name": "A" * 101}, "First name must be 100 characters or fewer", id="a name too long"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(laptop, typed, sentence):
    status, html = new(laptop, **typed)

    assert status == 422
    assert sentence in entities.unescape(html)
    assert 'class="govuk-error-summary"' in html


@pytest.mark.parametrize(
    ("typed", "born_on", "precision"),
    [
        pytest.param(
            {"birth_precision": "known", **date_parts("born_known", BIRTH)}, date(2013, 5, 14), "known", id="known"
        ),
        pytest.param(
            {"birth_precision": "estimated", **date_parts("born_estimated", date(2013, 5, 15))},
            date(2013, 5, 15),
            "estimated",
            id="estimated by its month",
        ),
        pytest.param(
            {"birth_precision": "estimated", "about_how_old": "9"}, date(2017, 5, 15), "estimated", id="about nine"
        ),
        pytest.param(
            {"birth_precision": "expected", **date_parts("born_expected", date(2027, 2, 1))},
            date(2027, 2, 1),
            "expected",
            id="expected in February",
        ),
        pytest.param({"birth_precision": "unknown"}, None, "unknown", id="not known"),
        pytest.param({}, None, "unknown", id="not answered"),
    ],
)
def test_what_is_known_of_a_birth_is_kept_as_it_is_known(laptop, typed, born_on, precision):
    key = steps.search(laptop)
    steps.add_new(laptop, key, **typed)
    steps.say_what(laptop, key)
    steps.log(laptop, key)

    assert list(Person.objects.values_list("born_on", "birth_precision")) == [(born_on, precision)]


def test_an_estimated_age_is_shown_as_it_was_said_and_no_day_is_invented(laptop):
    key = steps.search(laptop)
    steps.add_new(laptop, key, birth_precision="estimated", about_how_old="10")
    steps.say_what(laptop, key)

    for where in ("people", "check"):
        shown = laptop.get(f"/concerns/new/{key}/{where}/").content.decode()
        assert "New to us, about 10 years old" in shown
        assert "2016" not in shown


def test_somebody_known_by_an_estimated_age_is_told_by_it(laptop):
    known(born_on=date(2016, 5, 15), birth_precision="estimated")
    key = steps.search(laptop, "Robin Sample")

    found = laptop.get(f"/concerns/new/{key}/people/").content.decode()
    part = laptop.get(steps.pick_first(laptop, key)).content.decode()

    assert "Date of birth estimated, about 10 years old" in found
    assert "About 10 years old" in part
    assert "2016" not in found + part


def test_what_happened_before_an_estimated_birth_is_questioned_without_a_day(laptop):
    key = steps.search(laptop)
    steps.add_new(laptop, key, birth_precision="estimated", about_how_old="3")

    answer = steps.say_what(laptop, key, **date_parts("happened_on", date(2020, 1, 1)))

    assert answer.status_code == 422
    assert "Ash Sample, about 3 years old now, was not born on the day" in entities.unescape(answer.content.decode())


def test_once_somebody_is_in_going_on_is_the_main_button(laptop):
    key = steps.search(laptop)
    before = laptop.get(f"/concerns/new/{key}/people/")
    steps.add_new(laptop, key)
    after = laptop.get(f"/concerns/new/{key}/people/")

    assert [main_buttons(before), main_buttons(after)] == [["Search"], ["Continue to what was reported"]]


def main_buttons(response):
    """The words on the page's green buttons."""
    main = response.content.decode().split("<main")[1]
    return [words.strip() for words in re.findall(r'class="govuk-button" data-module="govuk-button">([^<]*)<', main)]


def test_everything_that_is_known_of_somebody_new_is_on_their_record(laptop):
    key = steps.search(laptop)
    steps.add_new(
        laptop,
        key,
        relationship="cousin",
        sex="F",
        school="Elm Hill School",
        looked_after="on",
        more="on",
        preferred_name="Ashie",
        nhs_number="943 476 5919",
        upn="H801200001001",
        local_id="LC-1234",
        address="1 Invented Street",
        postcode="aa31ab",
        address_confidential="on",
    )
    steps.say_what(laptop, key)
    steps.log(laptop, key)

    person = Person.objects.get()
    assert (person.sex, person.school, person.looked_after) == ("F", "Elm Hill School", True)
    assert (person.preferred_name, person.nhs_number, person.upn) == ("Ashie", "9434765919", "H801200001001")
    assert (person.address, person.postcode, person.address_confidential) == ("1 Invented Street", "AA3 1AB", True)
    assert person.record.external_ids.get().value == "LC1234"
    assert Involvement.objects.get().relationship == "cousin"


def test_a_number_that_somebody_already_has_leads_to_them(laptop):
    known(nhs_number="9434765919")

    status, html = new(laptop, more="on", nhs_number="943 476 5919")

    assert status == 422
    assert "Somebody whom we know already has this NHS number. Search for it, and add them from there" in html


def test_one_number_for_two_in_the_same_concern_is_refused(laptop):
    key = steps.search(laptop)
    steps.add_new(laptop, key, more="on", nhs_number="943 476 5919")

    response = steps.add_new(laptop, key, "Bo", more="on", nhs_number="9434765919")

    assert "You gave this NHS number to somebody else in this concern" in response.content.decode()


def test_a_number_taken_while_the_concern_was_being_typed_is_said_at_the_end(laptop):
    key = steps.search(laptop)
    steps.add_new(laptop, key, more="on", nhs_number="943 476 5919")
    steps.say_what(laptop, key)
    known(nhs_number="9434765919")

    response = steps.log(laptop, key)

    assert response.status_code == 422
    assert "Complete the details of Ash Sample" in response.content.decode()
    assert Concern.objects.count() == 0


def test_somebody_added_by_mistake_is_taken_out_again(laptop, amara):
    key = steps.search(laptop)
    steps.add_new(laptop, key)
    asked = laptop.get(f"/concerns/new/{key}/people/1/remove/").content.decode()
    laptop.post(f"/concerns/new/{key}/people/1/remove/")

    assert "Remove Ash Sample?" in asked
    assert steps.draft_of(amara)["people"] == []


def test_a_concern_needs_a_child(laptop):
    key = steps.search(laptop)
    steps.add_new(laptop, key, kind="adult", adult_parts=["person_of_concern"])
    steps.say_what(laptop, key)

    response = steps.log(laptop, key)

    assert response.status_code == 422
    assert "Add at least one child who displayed the behaviour" in response.content.decode()


def test_a_search_for_nothing_is_answered_with_a_sentence(laptop):
    response = laptop.post("/concerns/new/", {"words": " ", "number": ""})

    assert response.status_code == 422
    assert "Enter a name, a date of birth, a number or a postcode" in response.content.decode()
