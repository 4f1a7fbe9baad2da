"""Every URL has a rule, every rule a URL; and nobody gets past the door unasked."""

import ast
from urllib.parse import parse_qs, urlsplit

import pytest

from hsb.url_rules import RULES
from tests.house.source import ours
from tests.house.walk import places

pytestmark = [pytest.mark.django_db, pytest.mark.one_database("embedded", "an address is the same on both")]

# Typed by hand: a page that opens for everybody in the world is added here by somebody who means it.
OPEN_TO_THE_WORLD = {
    "core:healthz",
    "core:readyz",
    "account_login",
    "account_logout",
    "account_inactive",
    "mfa_authenticate",
    "people:choose_password",
}
# What django-allauth brings and nobody needs: it exists in the URLconf, and answers 404 to everybody.
SHUT = sorted({place.name for place in places()} - set(RULES))


def test_every_url_of_ours_has_a_name():
    assert [place for place in places() if not place.name] == []


def test_every_url_of_ours_has_a_rule():
    forgotten = [name for name in SHUT if not name.startswith(("account_", "mfa_", "usersessions_"))]

    assert forgotten == []


def test_every_rule_names_a_url():
    assert sorted(set(RULES) - {place.name for place in places()}) == []


def test_what_is_open_to_the_world_is_known():
    assert {name for name, rule in RULES.items() if rule.open_to_all} == OPEN_TO_THE_WORLD


@pytest.mark.parametrize("name", SHUT)
@pytest.mark.parametrize("who", ["nobody", "dee", "amara"])
def test_a_url_without_a_rule_is_not_found(client, client_of, request, name, who):
    visitor = client if who == "nobody" else client_of(request.getfixturevalue(who))
    path = _path(name)

    assert visitor.get(path).status_code == 404
    assert visitor.post(path).status_code == 404


@pytest.mark.parametrize("name", sorted(set(RULES) - OPEN_TO_THE_WORLD))
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_who_has_not_signed_in_is_asked_to_or_finds_nothing(client, name, method):
    response = getattr(client, method)(_path(name))

    assert response.status_code in {302, 404}
    if response.status_code == 302:
        assert urlsplit(response.url).path == "/account/login/"


@pytest.mark.parametrize("name", sorted(OPEN_TO_THE_WORLD))
def test_what_is_open_to_the_world_answers(client, name):
    assert client.get(_path(name)).status_code in {200, 302, 503}


def _path(name):
    return next(place for place in places() if place.name == name).path()


# --- Nothing about anybody in an address ------------------------------------------------------------------------------


@pytest.mark.parametrize("place", places(), ids=lambda place: place.name)
def test_a_path_asks_for_references_and_codes_never_for_keys_or_names(place):
    assert not {"pk", "id", "user_id", "person_id", "name", "email"} & set(place.wants)


# The one query our own redirects may carry is where to come back to; lists link with codes, never with words typed.
MAY_BE_ASKED = {"next"}


def test_no_code_of_ours_builds_a_query_string_for_a_redirect_but_where_to_come_back_to():
    found = [
        f"{path}:{node.lineno}"
        for path in ours("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _redirects(node) and _asks_more(node)
    ]

    assert found == []


def _redirects(call):
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return called in {"redirect", "HttpResponseRedirect", "HttpResponseSeeOther"}


def _asks_more(call):
    """Whether a literal in the call holds a "?" that is followed by anything but `next`."""
    literals = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    keys = {key for text in literals if "?" in text for key in parse_qs(urlsplit(text).query, keep_blank_values=True)}
    built = [
        key.value
        for node in ast.walk(call)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    ]
    return bool((keys | set(built)) - MAY_BE_ASKED)
