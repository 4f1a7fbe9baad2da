"""The session's clock: idle locks and keeps what was typed, the absolute end ends, nobody gets another's draft."""

from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from django.test import Client

from hsb.core.models import Draft
from hsb.core.tasks import clear_leftovers
from tests import cast
from tests.core import a_page

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TYPED = {"note": "A long note,\nin two lines: über 14 Straße.", "groups": ["a", "b"], "version": "1"}


@pytest.fixture(autouse=True)
def _the_clock_stands_at_nine(time_machine):
    time_machine.move_to(START, tick=False)


@pytest.fixture
def later(time_machine):
    """`later(minutes=31)` moves the clock on."""

    def move(**span):
        time_machine.shift(timedelta(**span))

    return move


@pytest.fixture
def laptop(client_of, amara, note_page, time_machine):
    """Amara has opened the page at nine."""
    laptop = client_of(amara)
    laptop.clock = time_machine
    assert laptop.get(note_page).status_code == 200
    return laptop


def is_asked_who_is_there(response, path):
    return response.status_code == 302 and unquote(response.url) == f"/account/reauthenticate/?next={path}"


def proves_herself(laptop, path):
    """Some seconds later, with her password."""
    laptop.clock.shift(timedelta(seconds=5))
    return laptop.post("/account/reauthenticate/", {"password": cast.PASSWORD, "next": path})


# --- Working ------------------------------------------------------------------------------------------------------


def test_what_is_posted_in_time_is_saved(laptop, note_page):
    response = laptop.post(note_page, TYPED)

    assert (response.status_code, response.url) == (302, "/a-note/saved/")
    assert [note.replace("\r", "") for note in a_page.SAVED] == [TYPED["note"]]
    assert not Draft.objects.exists()


def test_a_session_in_use_goes_on_past_the_idle_limit(laptop, note_page, later):
    for _ in range(4):
        later(minutes=20)
        assert laptop.get(note_page).status_code == 200


def test_just_under_the_limit_the_session_is_open(laptop, note_page, later):
    later(minutes=29)

    assert laptop.get(note_page).status_code == 200


# --- Idle: locked, and nothing lost ---------------------------------------------------------------------------------


def test_an_idle_session_asks_who_is_there(laptop, note_page, later):
    later(minutes=31)

    assert is_asked_who_is_there(laptop.get(note_page), note_page)
    assert is_asked_who_is_there(laptop.get(note_page), note_page)


def test_what_is_posted_to_an_idle_session_is_kept_and_comes_back(laptop, note_page, later, amara):
    later(minutes=31)

    response = laptop.post(note_page, TYPED)

    assert is_asked_who_is_there(response, note_page)
    assert a_page.SAVED == []
    draft = Draft.objects.get()
    assert (draft.user, draft.key) == (amara, note_page)
    assert draft.data == {"note": [TYPED["note"]], "groups": ["a", "b"], "version": ["1"]}

    back = proves_herself(laptop, note_page)
    assert (back.status_code, back.url) == (302, note_page)
    page = laptop.get(note_page)
    html = unescape(page.content.decode())
    assert page.status_code == 200
    assert "A long note,\nin two lines: über 14 Straße." in html
    assert html.count("checked") == 2
    assert "This is what you typed before" in html
    assert "There is a problem" not in html

    assert laptop.post(note_page, TYPED).url == "/a-note/saved/"
    assert len(a_page.SAVED) == 1
    assert not Draft.objects.exists()


def test_a_kept_draft_can_be_thrown_away(laptop, note_page, later):
    later(minutes=31)
    laptop.post(note_page, TYPED)
    proves_herself(laptop, note_page)

    laptop.post(note_page, {"throw_away_draft": "1"})

    assert not Draft.objects.exists()
    assert "A long note" not in laptop.get(note_page).content.decode()


def test_a_wrong_password_does_not_open_the_lock(laptop, note_page, later):
    later(minutes=31)
    laptop.get(note_page)

    assert laptop.post("/account/reauthenticate/", {"password": "wrong", "next": note_page}).status_code == 200

    assert is_asked_who_is_there(laptop.get(note_page), note_page)


def test_a_proof_from_before_the_lock_does_not_open_it(laptop, note_page, later):
    proves_herself(laptop, note_page)
    later(minutes=31)

    assert is_asked_who_is_there(laptop.get(note_page), note_page)


def test_autosave_goes_on_keeping_while_the_session_is_locked(laptop, note_page, later, amara):
    later(minutes=31)
    laptop.get(note_page)

    response = laptop.post("/keep-draft/", TYPED | {"page": note_page})

    assert response.status_code == 200
    assert Draft.objects.get(user=amara).key == note_page
    assert is_asked_who_is_there(laptop.get(note_page), note_page)


@pytest.mark.parametrize("path", ["/account/logout/", "/healthz"])
def test_signing_out_stays_possible_while_locked(laptop, later, path):
    later(minutes=31)

    assert laptop.get(path).status_code == 200


def test_passwords_and_codes_are_never_kept(laptop, later):
    later(minutes=31)

    laptop.post(
        "/account/password/change/",
        {"oldpassword": "one-secret", "password1": "two-secret", "password2": "two-secret", "code": "123456"},
    )

    assert Draft.objects.get().data == {}


def test_no_page_is_kept_by_a_browser(laptop, note_page):
    assert laptop.get(note_page).headers["Cache-Control"] == "no-store, private"


# --- The absolute end -----------------------------------------------------------------------------------------------


def test_after_ten_hours_the_session_is_over_though_it_was_in_use(laptop, note_page, later):
    for _ in range(24):
        later(minutes=25)
        assert laptop.get(note_page).status_code == 200

    later(minutes=1)
    response = laptop.post(note_page, TYPED)

    assert (response.status_code, unquote(response.url)) == (302, f"/account/login/?next={note_page}")
    assert "_auth_user_id" not in laptop.session
    assert a_page.SAVED == []


def test_a_post_after_the_absolute_end_is_refused_but_the_earlier_draft_stays(
    laptop, note_page, later, amara, client_of
):
    laptop.post("/keep-draft/", TYPED | {"page": note_page})
    later(hours=11)

    laptop.post(note_page, TYPED | {"note": "Too late."})

    assert Draft.objects.get().data["note"] == [TYPED["note"]]
    assert "A long note" in client_of(amara).get(note_page).content.decode()


# --- Nobody else gets it --------------------------------------------------------------------------------------------


def test_another_user_gets_nothing_of_it(laptop, note_page, later, bea, client_of):
    later(minutes=31)
    laptop.post(note_page, TYPED)

    assert "A long note" not in client_of(bea).get(note_page).content.decode()


def test_another_user_who_signs_in_on_the_same_browser_gets_nothing_of_it(laptop, note_page, later, bea):
    later(minutes=31)
    laptop.post(note_page, TYPED)

    laptop.post("/account/logout/")
    laptop.post("/account/login/", {"login": bea.email, "password": cast.PASSWORD})
    page = laptop.get(note_page)

    assert page.status_code == 200
    assert page.context["user"] == bea
    assert "A long note" not in page.content.decode()
    assert Draft.objects.get().user.name == "Amara"


def test_two_users_keep_drafts_of_the_same_page_side_by_side(laptop, note_page, bea, client_of):
    laptop.post("/keep-draft/", TYPED | {"page": note_page})

    client_of(bea).post("/keep-draft/", {"note": "Bea's own.", "page": note_page})

    assert Draft.objects.count() == 2
    assert "A long note" in laptop.get(note_page).content.decode()


@pytest.mark.parametrize("minutes", [0, 31], ids=["in an open session", "in a locked session"])
def test_a_forged_post_is_neither_saved_nor_kept(amara, note_page, later, minutes):
    laptop = Client(enforce_csrf_checks=True)
    laptop.force_login(amara)
    laptop.get(note_page)
    later(minutes=minutes)

    assert laptop.post(note_page, TYPED).status_code == 403

    assert a_page.SAVED == []
    assert not Draft.objects.exists()


# --- Autosave -------------------------------------------------------------------------------------------------------


def test_autosave_says_when(laptop, note_page):
    assert laptop.post("/keep-draft/", TYPED | {"page": note_page}).json() == {"saved_at": "9:00am"}


@pytest.mark.parametrize(
    ("page", "status"),
    [("/nowhere/at/all/", 404), ("https://example.org/a-note/", 404), ("", 404)],
    ids=["a page we do not have", "another site", "none"],
)
def test_autosave_keeps_only_drafts_of_our_own_pages(laptop, page, status):
    assert laptop.post("/keep-draft/", TYPED | {"page": page}).status_code == status
    assert not Draft.objects.exists()


def test_autosave_has_a_limit(laptop, note_page):
    response = laptop.post("/keep-draft/", {"note": "x" * 400_001, "page": note_page})

    assert response.status_code == 413
    assert not Draft.objects.exists()


def test_autosave_needs_a_user(client, note_page):
    response = client.post("/keep-draft/", TYPED | {"page": note_page})

    assert unquote(response.url) == "/account/login/?next=/keep-draft/"
    assert not Draft.objects.exists()


def test_drafts_nobody_came_back_to_are_forgotten_after_90_days(laptop, note_page, later):
    laptop.post("/keep-draft/", TYPED | {"page": note_page})

    later(days=90)
    clear_leftovers()
    assert Draft.objects.count() == 1

    later(seconds=1)
    clear_leftovers()
    assert not Draft.objects.exists()
