"""Logging a concern from the first search to the last button: what it makes, whom it tells, that it is made once."""

from datetime import UTC, date, datetime

import pytest

from hsb.core import journal
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord, Draft, Entry, Record, Task
from referrals.forms.intake import WhatForm
from referrals.forms.involved import NewcomerForm
from referrals.models import Concern, Involvement, Person, PoliceReferral, Protection, Referral
from tests.core.threads import at_once
from tests.pages import page
from tests.referrals import intake_steps as steps

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_monday_in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def laptop(client_of, amara, front_door):
    return client_of(amara)


def test_nothing_is_made_before_the_last_button(laptop):
    key = steps.search(laptop)
    steps.add_new(laptop, key)
    steps.say_what(laptop, key)

    assert laptop.get(f"/concerns/new/{key}/check/").status_code == 200
    assert (Concern.objects.count(), Person.objects.count(), Record.objects.count()) == (0, 0, 0)


def test_two_children_get_a_referral_each_held_by_the_front_door(laptop, amara, front_door):
    url = steps.log_at_once(laptop)

    concern = Concern.objects.get()
    assert url == f"/concerns/{concern.reference}/logged/"
    assert concern.author == amara
    sides = Referral.objects.order_by("pk").values_list("person__given_name", "side", "state", "record__holding_team")
    assert list(sides) == [
        ("Ash", "displayed", "received", front_door.pk),
        ("Bo", "harmed", "received", front_door.pk),
    ]
    tasks = Task.objects.order_by("pk").values_list("kind", "team", "role", "due_on")
    assert list(tasks) == [
        ("assess", front_door.pk, "practitioner", date(2026, 11, 24)),
        ("assess_safety", front_door.pk, "practitioner", date(2026, 11, 24)),
    ]


def test_every_record_that_was_made_has_a_whole_journal(laptop, amara):
    steps.log_at_once(laptop)

    verbs = Entry.objects.order_by("pk").values_list("verb", "actor__name")
    assert sorted(verbs) == [
        ("add_person", "Amara"),
        ("add_person", "Amara"),
        ("log_concern", "Amara"),
        ("log_concern", "Amara"),
        ("log_concern", "Amara"),
    ]
    found = [journal.faults(record, list(record.entries.order_by("number"))) for record in Record.objects.all()]
    assert found == [[], [], [], [], []]


def test_three_children_of_whom_one_is_known_by_a_first_name_only(laptop):
    url = steps.log_at_once(
        laptop,
        children=(
            ("Ash", "Sample", ("displayed",)),
            ("Bo", "Example", ("harmed",)),
            ("Cy", "", ("harmed",)),
        ),
    )

    assert list(Referral.objects.order_by("pk").values_list("person__given_name", flat=True)) == ["Ash", "Bo"]
    assert Involvement.objects.get(person__given_name="Cy").referral is None
    html = laptop.get(url).content.decode()
    assert "only the first name is known" in html


def test_a_concern_of_which_only_first_names_are_known_is_held_too(laptop, front_door):
    steps.log_at_once(laptop, children=(("Cy", "", ("displayed",)),))

    assert Referral.objects.get().record.holding_team == front_door


def test_a_concern_about_another_boroughs_child_alone_is_held_until_they_are_told(laptop, front_door):
    key = steps.search(laptop)
    steps.add_new(laptop, key, "Ash", "Sample", responsible="other", other_authority="Elsewhere Council")
    steps.say_what(laptop, key)
    steps.log(laptop, key)

    assert Referral.objects.get().record.holding_team == front_door


def test_another_boroughs_child_gets_no_referral_of_ours_beside_one_of_ours(laptop):
    key = steps.search(laptop)
    steps.add_new(laptop, key)
    steps.add_new(laptop, key, "Bo", "Sample", ("harmed",), responsible="other", other_authority="Elsewhere Council")
    steps.say_what(laptop, key)
    url = steps.log(laptop, key).url

    assert list(Referral.objects.values_list("person__given_name", flat=True)) == ["Ash"]
    assert "Elsewhere Council is responsible for this child" in laptop.get(url).content.decode()


def test_a_child_of_whom_nobody_knows_the_council_is_held_like_one_of_ours(laptop):
    key = steps.search(laptop)
    steps.add_new(laptop, key)
    steps.add_new(laptop, key, "Bo", "Sample", ("harmed",), responsible="unknown")
    steps.say_what(laptop, key)
    check = page(laptop.get(f"/concerns/new/{key}/check/")).text
    steps.log(laptop, key)

    assert check.count("Which council is responsible for the child? Not known") == 1
    assert list(Referral.objects.order_by("pk").values_list("person__given_name", "person__authority_unknown")) == [
        ("Ash", False),
        ("Bo", True),
    ]


def test_a_child_who_displayed_and_was_harmed_has_both_parts_and_one_referral(laptop):
    steps.log_at_once(laptop, children=(("Ash", "Sample", ("displayed", "harmed")),))

    assert Referral.objects.get().side == "both"
    assert sorted(Involvement.objects.values_list("role", flat=True)) == ["displayed", "harmed"]


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        pytest.param("possible_risk", "child", id="another child at possible risk"),
        pytest.param("witness", "child", id="a child who saw it"),
        pytest.param("person_of_concern", "adult", id="an adult"),
    ],
)
def test_some_parts_open_no_referral_and_the_page_says_why(laptop, part, kind):
    key = steps.search(laptop)
    steps.add_new(laptop, key)
    steps.add_new(laptop, key, "Dan", "Sample", (part,), kind=kind, **{f"{kind}_parts": [part]})
    steps.say_what(laptop, key)
    url = steps.log(laptop, key).url

    assert Involvement.objects.get(person__given_name="Dan").role == part
    assert Referral.objects.filter(person__given_name="Dan").count() == 0
    assert "No referral is opened for" in laptop.get(url).content.decode()


# --- Once ---


def test_the_last_button_pressed_twice_makes_one_concern(laptop):
    key = steps.search(laptop)
    steps.add_new(laptop, key)
    steps.say_what(laptop, key)

    first, second = steps.log(laptop, key), steps.log(laptop, key)

    assert first.url == second.url
    assert (Concern.objects.count(), Person.objects.count(), Referral.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_last_button_pressed_in_two_windows_at_once_makes_one_concern(client_of, amara, front_door):
    laptop = client_of(amara)
    key = steps.search(laptop)
    steps.add_new(laptop, key)
    steps.say_what(laptop, key)

    urls = at_once(*[lambda: steps.log(client_of(amara), key).url] * 2)

    assert len(set(urls)) == 1
    assert (Concern.objects.count(), Person.objects.count(), Referral.objects.count()) == (1, 1, 1)


def test_adding_somebody_new_twice_by_a_double_click_is_one_person(laptop, amara):
    key = steps.search(laptop)
    typed = steps.newcomer()

    laptop.post(f"/concerns/new/{key}/people/new/", typed)
    laptop.post(f"/concerns/new/{key}/people/new/", typed)

    assert len(steps.draft_of(amara)["people"]) == 1


def test_the_first_search_sent_twice_begins_one_concern(laptop, amara):
    key = steps.search(laptop)
    laptop.post("/concerns/new/", {"key": key, "words": "Ash Sample", "number": ""})

    assert Draft.objects.filter(user=amara, form="log_concern").count() == 1


# --- Few answers ---


def test_three_new_children_take_twelve_required_answers_or_fewer():
    asked = {
        form: sorted(name for name, field in form.base_fields.items() if field.required and field.initial is None)
        for form in (NewcomerForm, WhatForm)
    }

    # Only what a choice reveals is asked beside these: of a child the part, of a known birth its day.
    revealed = ("adult_parts", "born_known", "born_expected", "other_authority")
    of_a_child = [name for name in asked[NewcomerForm] if name not in revealed]
    of_the_concern = [name for name in asked[WhatForm] if not name.startswith(("protection_", "other_borough"))]
    assert of_a_child == ["child_parts", "given_name"]
    assert of_the_concern == ["place_kind", "source", "what_was_reported"]
    # And whether protection was needed.
    assert 3 * len(of_a_child) + len(of_the_concern) + 1 == 10


def test_those_answers_are_enough(laptop):
    url = steps.log_at_once(
        laptop,
        children=(
            ("Ash", "Sample", ("displayed",)),
            ("Bo", "", ("harmed",)),
            ("Cy", "", ("not_yet_known",)),
        ),
    )

    assert laptop.get(url).status_code == 200


# --- Urgent ---


def test_protection_that_was_given_is_on_every_childs_record_and_is_followed_up_today(laptop, amara):
    url = steps.log_at_once(
        laptop,
        protection_needed="yes",
        protection_what="The children were kept apart.",
        protection_told="The head teacher and both families.",
        **date_parts("protection_when", steps.TODAY, at="2:30pm"),
    )

    rows = Protection.objects.order_by("pk").values_list("what", "done_on", "done_at__hour", "recorded_by__name")
    assert list(rows) == [("The children were kept apart.", steps.TODAY, 14, "Amara")] * 2
    assert list(Task.objects.filter(kind="protection").values_list("due_on", flat=True)) == [steps.TODAY] * 2
    assert "Record further protection" in laptop.get(url).content.decode()


def test_a_suspected_crime_asks_for_form_87a_at_once(laptop):
    url = steps.log_at_once(laptop, marks=["crime_suspected"])

    assert PoliceReferral.objects.get().state == "needed"
    assert set(Referral.objects.values_list("police_outstanding", flat=True)) == {True}
    assert "Send Form 87A to the police" in laptop.get(url).content.decode()


# --- What happens next ---


def test_the_page_after_logging_says_who_does_what_by_when(laptop):
    url = steps.log_at_once(laptop)

    html = laptop.get(url).content.decode()
    assert "2 new referrals." in html
    assert "Complete the HSB risk assessment" in html
    assert "Complete the safety and support page" in html
    assert "Workers of Front door, due tomorrow (24 November 2026)" in html
    assert "Begin the assessment" in html
    assert "Record a call to the police" in html
    assert "Record immediate protection" in html


def test_that_somebody_looked_at_it_is_recorded_on_the_concern(laptop, amara):
    url = steps.log_at_once(laptop)
    laptop.get(url)

    looked = AccessRecord.objects.get(kind="page")
    assert (looked.user, looked.record.reference, looked.page) == (amara, Concern.objects.get().reference, "logged")


def test_a_search_is_recorded_with_its_terms(laptop, amara):
    steps.search(laptop, "Ash Sample", born_on=date(2012, 5, 14))

    found = AccessRecord.objects.get(kind="search")
    assert (found.user, found.page) == (amara, "log a concern")
    assert found.terms == {"words": "Ash Sample", "born_on": "2012-05-14"}


def test_the_terms_are_in_no_address(laptop):
    response = laptop.post(
        "/concerns/new/", {"key": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", "words": "Ash Sample", "number": ""}
    )

    assert response.url == "/concerns/new/1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed/people/#found"


# --- Who may ---


@pytest.mark.parametrize("who", ["dee", "aud", "cho", "min", "coo"])
def test_only_those_who_work_with_cases_log_concerns(request, client_of, who):
    assert client_of(request.getfixturevalue(who)).get("/concerns/new/").status_code == 404


def test_a_manager_logs_a_concern_too(client_of, mo, front_door):
    steps.log_at_once(client_of(mo))

    assert Concern.objects.get().author == mo


@pytest.mark.parametrize("who", ["carl", "dee"])
@pytest.mark.parametrize(
    "page", ["people/", "people/new/", "people/1/", "people/1/remove/", "what/", "check/", "throw-away/"]
)
def test_nobody_else_gets_an_unfinished_concern(request, client_of, laptop, who, page):
    key = steps.search(laptop)
    steps.add_new(laptop, key)

    assert client_of(request.getfixturevalue(who)).get(f"/concerns/new/{key}/{page}").status_code == 404


@pytest.mark.parametrize("who", ["carl", "dee"])
def test_strangers_do_not_get_the_page_after_logging(request, client_of, laptop, who):
    url = steps.log_at_once(laptop)

    assert client_of(request.getfixturevalue(who)).get(url).status_code == 404


def test_a_borough_without_a_front_door_is_told_in_a_sentence(client_of, amara):
    laptop = client_of(amara)
    key = steps.search(laptop)
    steps.add_new(laptop, key)
    steps.say_what(laptop, key)

    response = steps.log(laptop, key)

    assert response.status_code == 422
    assert "There is no front-door team yet" in response.content.decode()
    assert Concern.objects.count() == 0


def test_one_more_child_costs_no_more_questions_to_the_database(laptop, django_assert_max_num_queries):
    few = steps.log_at_once(laptop, children=(("Ash", "Sample", ("displayed",)),))
    many = steps.log_at_once(laptop, children=[(f"Ash{n}", f"Sample{n}", ("harmed",)) for n in "abcdefgh"])
    laptop.get(few)

    with django_assert_max_num_queries(100) as of_few:
        laptop.get(few)
    with django_assert_max_num_queries(100) as of_many:
        laptop.get(many)

    assert len(of_many) == len(of_few)
