"""What somebody typed: any script, any length; errors, leaving, a locked session and a second window lose nothing."""

import html as entities
from datetime import UTC, date, datetime, timedelta

import pytest

from hsb.core.forms import date_parts
from hsb.core.models import Draft
from referrals.models import Concern, Person
from referrals.selectors.concerns import begun_concerns, unfinished_concerns
from tests import cast
from tests.referrals import intake_steps as steps

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_monday_in_november(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def laptop(client_of, amara, front_door):
    return client_of(amara)


@pytest.fixture
def key(laptop):
    """A concern with one child in it."""
    key = steps.search(laptop)
    steps.add_new(laptop, key)
    return key


def shown(response):
    return entities.unescape(response.content.decode())


@pytest.mark.parametrize(
    ("given_name", "family_name"),
    [
        pytest.param("小明", "王", id="Chinese"),
        pytest.param("نور", "الخطيب", id="Arabic"),
        pytest.param("Llŷr", "ap Siôn", id="Welsh"),
        pytest.param("Zoë-Anne", "O’Sample", id="marks and an apostrophe"),
        pytest.param("Ash 🌻", "Sample", id="emoji"),
        pytest.param("<b>Ash</b>", "& Sons", id="what looks like markup"),
    ],
)
def test_a_name_in_any_script_is_kept_as_it_was_typed(laptop, given_name, family_name):
    url = steps.log_at_once(laptop, children=((given_name, family_name, ("displayed",)),))

    assert list(Person.objects.values_list("given_name", "family_name")) == [(given_name, family_name)]
    assert f"{given_name} {family_name}" in shown(laptop.get(url))


def test_lines_are_kept_as_a_browser_sends_them(laptop, key):
    steps.say_what(laptop, key, what_was_reported="One line.\r\n\r\nAnother line 🌻.\r\n")
    steps.log(laptop, key)

    assert Concern.objects.get().what_was_reported == "One line.\n\nAnother line 🌻."


def test_a_hundred_thousand_characters_are_refused_with_a_sentence_and_kept(laptop, key):
    long = "Ein Satz mit Umlaut ü. " * 4348
    response = steps.say_what(laptop, key, what_was_reported=long)

    assert response.status_code == 422
    assert "What was reported must be 20,000 characters or fewer" in shown(response)
    assert long.strip() in shown(response)
    assert long.strip() in shown(laptop.get(f"/concerns/new/{key}/what/"))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"what_was_reported": ""}, "Enter what was reported", id="nothing reported"),
        pytest.param({"source": ""}, "Choose who reported it", id="no source"),
        pytest.param({"place_kind": ""}, "Choose where it happened, or 'Not known'", id="no place"),
        pytest.param({"protection_needed": ""}, "Choose whether any child needed protection at once", id="no safety"),
        pytest.param(
            {"protection_needed": "yes"},
            "Say what was done to protect the child",
            id="protection without what was done",
        ),
        pytest.param(
            date_parts("reported_on", date(2026, 11, 24)),
            "The date the concern was reported must be today or in the past",
            id="reported tomorrow",
        ),
        pytest.param(
            date_parts("happened_on", date(2026, 11, 24)),
            "The day on which it happened must be today or in the past",
            id="happens tomorrow",
        ),
        pytest.param(
            date_parts("reported_on", date(2026, 11, 20)) | date_parts("happened_on", date(2026, 11, 21)),
            "must be on or before the day it was reported, 20 November 2026",
            id="happened after it was reported",
        ),
        pytest.param({"place_postcode": "AA3 1AB"}, "Enter the name of the place", id="a postcode of nowhere"),
        pytest.param({"source": "99"}, "choose from the answers shown", id="a source nobody offered"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_stays(laptop, key, changed, sentence):
    response = steps.say_what(laptop, key, **{"reported_by": "Ms Invented", **changed})

    assert response.status_code == 422
    assert sentence in shown(response)
    assert "Ms Invented" in shown(response)


def test_nothing_happens_to_a_child_before_the_birth(laptop):
    key = steps.search(laptop)
    steps.add_new(laptop, key, birth_precision="known", **date_parts("born_known", date(2013, 5, 14)))

    response = steps.say_what(laptop, key, **date_parts("happened_on", date(2013, 5, 13)))

    assert response.status_code == 422
    assert "Ash Sample was born on 14 May 2013, after the day on which you say it happened" in shown(response)


def test_a_birth_that_is_added_later_is_held_against_the_day_it_happened(laptop, key):
    steps.say_what(laptop, key, **date_parts("happened_on", date(2013, 5, 13)))
    steps.add_new(laptop, key, "Bo", birth_precision="known", **date_parts("born_known", date(2014, 5, 14)))

    response = steps.log(laptop, key)

    assert response.status_code == 422
    assert "Bo Sample was born on 14 May 2014" in shown(response)
    assert Concern.objects.count() == 0


# --- Leaving and coming back ---


def test_who_leaves_in_the_middle_finds_everything_again(laptop, key, amara):
    steps.say_what(laptop, key, what_was_reported="Half a sente", place_kind="", later="1")

    (found,) = unfinished_concerns(begun_concerns(amara))
    assert (found["text"], found["people"]) == ("Concern with 1 person", "Ash")
    assert found["url"] in shown(laptop.get("/concerns/new/"))
    assert "Ash Sample" in shown(laptop.get(found["url"]))
    assert "Half a sente" in shown(laptop.get(f"/concerns/new/{key}/what/"))


def test_nobody_else_has_an_unfinished_concern(key, bea):
    assert unfinished_concerns(begun_concerns(bea)) == []


def test_what_was_refused_is_there_again_after_leaving_the_page(laptop, key):
    steps.add_new(laptop, key, "Bo", birth_precision="known")

    again = shown(laptop.get(f"/concerns/new/{key}/people/new/"))

    assert 'value="Bo"' in again
    assert "This is what you typed before" in again
    assert "There is a problem" not in again


def test_a_kept_page_can_be_thrown_away(laptop, key):
    steps.add_new(laptop, key, "Bo", birth_precision="known")
    laptop.post(f"/concerns/new/{key}/people/new/", {"throw_away_draft": "1"})

    assert 'value="Bo"' not in shown(laptop.get(f"/concerns/new/{key}/people/new/"))


def test_answers_can_be_changed_before_logging(laptop, key):
    steps.say_what(laptop, key)
    laptop.post(f"/concerns/new/{key}/people/1/", steps.newcomer("Ashley", "Sample", ("harmed",)))
    steps.say_what(laptop, key, what_was_reported="What was said in the end.")
    steps.log(laptop, key)

    assert Person.objects.get().given_name == "Ashley"
    assert Concern.objects.get().what_was_reported == "What was said in the end."


def test_an_unfinished_concern_is_thrown_away_with_everything_in_it(laptop, key, amara):
    steps.say_what(laptop, key, what_was_reported="")
    laptop.post(f"/concerns/new/{key}/throw-away/")

    assert Draft.objects.filter(user=amara).count() == 0
    assert Concern.objects.count() == 0


def test_after_logging_nothing_unfinished_is_left(laptop, key, amara):
    steps.say_what(laptop, key, what_was_reported="")
    steps.say_what(laptop, key)
    steps.log(laptop, key)

    assert Draft.objects.filter(user=amara).count() == 0


def test_the_pages_of_a_concern_that_was_logged_lead_to_it(laptop, key):
    steps.say_what(laptop, key)
    url = steps.log(laptop, key).url

    assert laptop.get(f"/concerns/new/{key}/what/").url == url


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        pytest.param("what/", steps.WHAT | {"what_was_reported": "Typed for half an hour."}, id="what was reported"),
        pytest.param("people/new/", steps.newcomer("Typed for half an hour."), id="somebody new"),
        pytest.param("people/", {"words": "Typed for half an hour.", "number": ""}, id="a search"),
    ],
)
def test_what_arrives_after_the_session_was_locked_is_there_after_signing_in_again(
    laptop, key, time_machine, page, typed
):
    path = f"/concerns/new/{key}/{page}"
    laptop.get(path)
    time_machine.move_to(NOW + timedelta(minutes=31), tick=False)

    locked = laptop.post(path, typed)
    time_machine.move_to(NOW + timedelta(minutes=31, seconds=5), tick=False)
    laptop.post("/account/reauthenticate/", {"password": cast.PASSWORD, "next": path})

    assert locked.url.startswith("/account/reauthenticate/")
    assert Concern.objects.count() == 0
    assert "Typed for half an hour." in shown(laptop.get(path))
