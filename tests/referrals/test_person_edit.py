"""What we know of a person, inside the case: edited with its version, every change on record, ages that matter."""

import html as entities
from datetime import UTC, date, datetime

import pytest

from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord, Entry, Task
from referrals.models import Involvement, Person, PersonKey, Referral
from referrals.services import intake
from referrals.states import ReferralState
from tests import cast
from tests.pages import filled, page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_monday_in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def referral(mo, willow, amara):
    """Amara's: Robin Sample, born on 14 May 2012."""
    about = cast.concern(mo, happened_on=date(2025, 1, 6), reported_on=date(2026, 11, 20))
    return cast.referral(mo, held_by=willow, about=about, state=ReferralState.STATUTORY, worker=amara)


@pytest.fixture
def laptop(client_of, amara):
    return client_of(amara)


def page_of(referral, person=None):
    person = person or referral.person
    return f"/referrals/{referral.reference}/people/{person.reference}/edit/"


def all_of(referral, person=None):
    return page_of(referral, person).removesuffix("edit/")


def typed(person, **changed):
    """What a browser sends of the page as it was opened, but for what is changed."""
    return {
        "version": person.version,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_precision": person.birth_precision,
        **(date_parts("born_known", person.born_on) if person.born_on else {}),
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "preferred_name": person.preferred_name,
    } | changed


def shown(response):
    return entities.unescape(response.content.decode())


def test_details_are_changed_and_the_journal_names_the_fields(laptop, referral, amara):
    response = laptop.post(page_of(referral), typed(referral.person, preferred_name="Elmo", sex="F"))

    person = Person.objects.get(pk=referral.person_id)
    entry = Entry.objects.get(record=person.record, verb="change_person")
    assert (response.status_code, person.preferred_name, person.sex, person.version) == (302, "Elmo", "F", 2)
    assert (entry.actor, entry.facts["fields"]) == (amara, ["preferred_name", "sex"])
    assert "The details are saved." in shown(laptop.get(response.url))


@pytest.fixture
def about_ten(referral):
    """The child's age was estimated: about 10, half a year into it."""
    Person.objects.filter(pk=referral.person_id).update(born_on=date(2016, 5, 15), birth_precision="estimated")
    return Person.objects.get(pk=referral.person_id)


def test_an_estimated_age_is_there_again_and_saving_leaves_it(laptop, referral, about_ten):
    page = laptop.get(page_of(referral))
    typed_for_me = filled(page)
    laptop.post(page_of(referral), typed_for_me | {"preferred_name": "Elmo"})

    after = Person.objects.get(pk=about_ten.pk)
    assert (typed_for_me["about_how_old"], typed_for_me["born_estimated_year"]) == (["10"], [""])
    assert "May 2016" not in shown(page)
    assert (after.preferred_name, after.born_on, after.birth_precision) == ("Elmo", date(2016, 5, 15), "estimated")


def test_another_estimated_age_moves_the_estimate(laptop, referral, about_ten):
    laptop.post(page_of(referral), filled(laptop.get(page_of(referral))) | {"about_how_old": "12"})

    assert Person.objects.get(pk=about_ten.pk).born_on == date(2014, 5, 15)


def test_a_new_name_is_found_by_the_search_at_once(laptop, referral):
    laptop.post(page_of(referral), typed(referral.person, family_name="Renamed"))

    assert PersonKey.objects.filter(person=referral.person_id, key="w:renamed").exists()


def test_the_page_says_who_changed_which_fields_when(laptop, referral):
    laptop.post(page_of(referral), typed(referral.person, preferred_name="Elmo", given_name="Robyn"))

    changes = page(laptop.get(all_of(referral))).text.partition("Changes")[2]
    assert "23 November 2026 at 6pm Amara First name Robin Robyn" in changes
    assert "23 November 2026 at 6pm Amara Preferred first name None given Elmo" in changes


def test_ages_are_said_for_the_incident_the_referral_and_today(laptop, referral):
    html = shown(laptop.get(page_of(referral)))

    assert "When it happened (6 January 2025)" in html
    assert "12 years old" in html
    assert f"At referral {referral.reference} (23 November 2026)" in html
    assert "14 years old" in html


# --- Two people ---


def test_a_form_that_was_overtaken_shows_both_versions_field_by_field(laptop, client_of, mo, referral):
    opened = typed(referral.person)
    client_of(mo).post(page_of(referral), opened | {"preferred_name": "Oakley", "sex": "F"})

    response = laptop.post(page_of(referral), opened | {"preferred_name": "Elmo"})

    html = shown(response)
    assert response.status_code == 409
    assert "Mo saved a change on 23 November 2026 at 6pm" in html
    assert "Oakley" in html
    assert "Elmo" in html
    assert "Female" in html
    assert Person.objects.get(pk=referral.person_id).preferred_name == "Oakley"


def test_what_was_typed_then_is_there_when_the_page_is_opened_again_and_can_be_saved(laptop, client_of, mo, referral):
    opened = typed(referral.person)
    client_of(mo).post(page_of(referral), opened | {"preferred_name": "Oakley"})
    laptop.post(page_of(referral), opened | {"preferred_name": "Elmo"})

    again = shown(laptop.get(page_of(referral)))
    response = laptop.post(page_of(referral), opened | {"preferred_name": "Elmo", "version": "2"})

    assert "Elmo" in again
    assert response.status_code == 302
    assert Person.objects.get(pk=referral.person_id).preferred_name == "Elmo"


def test_a_double_click_is_one_change(laptop, referral):
    sent = typed(referral.person, preferred_name="Elmo", nhs_number="943 476 5919", local_id="LC1")

    first, second = laptop.post(page_of(referral), sent), laptop.post(page_of(referral), sent)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Entry.objects.filter(verb="change_person").count() == 1
    assert Person.objects.get(pk=referral.person_id).version == 2


def test_saving_without_a_change_names_no_field(laptop, referral):
    laptop.post(page_of(referral), typed(referral.person))

    assert Entry.objects.get(verb="change_person").facts["fields"] == []


# --- What cannot be ---


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"given_name": ""}, "Enter the first name", id="no name"),
        pytest.param(
            date_parts("born_known", date(1990, 1, 1)), "the child would be 36 years old", id="older than any child"
        ),
        pytest.param(date_parts("born_known", date(2027, 1, 1)), "Date of birth is in the future", id="future"),
        pytest.param({"nhs_number": "1"}, "NHS number must be 10 digits", id="NHS number"),
        pytest.param({"version": ""}, "This page is out of date", id="no version"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(laptop, referral, changed, sentence):
    response = laptop.post(page_of(referral), typed(referral.person, preferred_name="Elmo", **changed))

    assert response.status_code == 422
    assert sentence in shown(response)
    assert "Elmo" in shown(response)


def test_a_number_of_somebody_else_leads_to_a_search(laptop, referral):
    cast.person("Bo", nhs_number="9434765919")

    response = laptop.post(page_of(referral), typed(referral.person, nhs_number="9434765919"))

    assert response.status_code == 422
    assert "Another record has this NHS number" in shown(response)


# --- A child who was known by a first name only ---


@pytest.fixture
def cy(amara, front_door):
    """(a referral, Cy): logged by Amara beside a child with a full name."""
    logged = intake.log_concern(
        author=amara,
        once="1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
        people=[
            intake.Newcomer(details={"given_name": "Ash", "family_name": "Sample"}, roles=("displayed",)),
            intake.Newcomer(details={"given_name": "Cy"}, roles=("harmed",)),
        ],
        what_was_reported="Something was reported.",
        source="2A",
        reported_on=date(2026, 11, 23),
        place_kind="school",
        protection_needed="no",
        crime_suspected=True,
    )
    return logged.opened[0], Person.objects.get(given_name="Cy")


def test_when_the_family_name_becomes_known_the_child_gets_a_referral(laptop, cy, amara, front_door):
    referral, child = cy
    page = shown(laptop.get(page_of(referral, child)))
    laptop.post(page_of(referral, child), typed(child, family_name="Example"))

    made = Referral.objects.get(person=child)
    assert "When you add the family name, a referral is opened." in page
    assert (made.side, made.state, made.record.holding_team, made.author) == ("harmed", "received", front_door, amara)
    assert Involvement.objects.get(person=child).referral == made
    assert sorted(Task.objects.filter(record=made.record).values_list("kind", flat=True)) == [
        "assess_safety",
        "police_referral",
    ]
    assert made.police_outstanding


def test_another_change_opens_nothing(laptop, cy):
    referral, child = cy
    laptop.post(page_of(referral, child), typed(child, preferred_name="Elmo"))

    assert not Referral.objects.filter(person=child).exists()


# --- Who may ---


@pytest.mark.parametrize("who", ["carl", "dee", "bea", "coo"])
def test_strangers_get_nothing(request, client_of, referral, who):
    browser = client_of(request.getfixturevalue(who))

    assert browser.get(page_of(referral)).status_code == 404
    assert browser.post(page_of(referral), typed(referral.person)).status_code == 404


def test_an_auditor_reads_and_changes_nothing(client_of, aud, referral):
    browser = client_of(aud)

    html = shown(browser.get(page_of(referral)))

    assert "14 May 2012" in html
    assert "Save the details" not in html
    assert browser.post(page_of(referral), typed(referral.person, preferred_name="Elmo")).status_code == 403
    assert Entry.objects.filter(verb="change_person").count() == 0


def test_somebody_of_another_concern_is_not_found_here(laptop, referral, mo, willow, amara):
    other = cast.referral(mo, held_by=willow, state=ReferralState.STATUTORY, worker=amara, child=cast.person("Bo"))

    assert laptop.get(page_of(referral, other.person)).status_code == 404


def test_another_child_of_the_concern_whom_the_reader_may_not_open_is_not_found(laptop, referral, max, rowan):
    about = referral.involvements.get().concern
    other = cast.referral(
        max, held_by=rowan, about=about, child=cast.person("Bo"), side="harmed", state=ReferralState.STATUTORY
    )

    assert laptop.get(page_of(referral, other.person)).status_code == 404


def test_looking_at_the_own_child_is_recorded_on_the_referral_and_at_another_on_their_record(laptop, cy):
    referral, child = cy
    laptop.get(page_of(referral))
    laptop.get(page_of(referral, child))

    looked = AccessRecord.objects.filter(page="person").order_by("pk").values_list("record__reference", flat=True)
    assert list(looked) == [referral.reference, child.reference]


def test_many_versions_cost_no_more_questions_to_the_database(laptop, referral, django_assert_max_num_queries):
    laptop.get(all_of(referral))
    with django_assert_max_num_queries(100) as of_few:
        laptop.get(all_of(referral))
    for number in range(8):
        person = Person.objects.select_related("record").get(pk=referral.person_id)
        person.preferred_name = f"Name {number}"
        person.save()
    with django_assert_max_num_queries(100) as of_many:
        laptop.get(all_of(referral))

    assert len(of_many) == len(of_few)
