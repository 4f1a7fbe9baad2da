"""Logs hold no personal data: no query strings, no form content, no exception's own words."""

import io
import json
import logging

import pytest

from hsb.core.logs import JsonFormatter

NAME = "Robin Sample"


@pytest.fixture
def lines():
    """`lines()`: what the service has logged so far, each line read as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_line_says_when_how_bad_who_and_what(lines):
    logging.getLogger("hsb.test").warning("The queue is %s.", "long")

    line = lines()[-1]
    assert line.keys() == {"at", "level", "logger", "message"}
    assert (line["level"], line["logger"], line["message"]) == ("WARNING", "hsb.test", "The queue is long.")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Not Found: /referrals/?name=Robin+Sample", "Not Found: /referrals/"),
        ('"GET /search?q=Robin%20Sample HTTP/1.1" 200', '"GET /search HTTP/1.1" 200'),
        ("GET /a?x=1 then /b?y=2 done", "GET /a then /b done"),
    ],
    ids=["at the end", "in a request line", "twice"],
)
def test_a_query_string_is_never_printed(lines, said, kept):
    logging.getLogger("django.request").warning(said)

    assert lines()[-1]["message"] == kept


def test_of_an_exception_its_kind_and_place_are_printed_and_never_its_words(lines):
    try:
        try:
            raise ValueError(f"the child {NAME}")
        except ValueError as inner:
            raise KeyError(f"DETAIL: Key (name)=({NAME})") from inner
    except KeyError:
        logging.getLogger("hsb.test").exception("It broke.")

    line = lines()[-1]
    assert (line["message"], line["error"]) == ("It broke.", "KeyError")
    assert line["trace"][-1].startswith(__file__)
    assert NAME not in json.dumps(lines())


def test_a_stack_and_extras_are_not_printed(lines):
    logging.getLogger("hsb.test").info("Done.", extra={"request": NAME, "sql": NAME}, stack_info=True)

    assert lines()[-1].keys() == {"at", "level", "logger", "message"}


def test_a_line_is_one_line_whatever_is_said(lines):
    logging.getLogger("hsb.test").info("First\nsecond: über 14")

    assert lines()[-1]["message"] == "First\nsecond: über 14"
    assert len(lines()) == 1


@pytest.mark.django_db
def test_a_page_that_breaks_logs_no_word_of_what_it_held(lines, client_of, amara, note_page):
    laptop = client_of(amara)
    laptop.raise_request_exception = False

    laptop.get("/broken/?name=Robin+Sample")
    laptop.post("/broken/?name=Robin+Sample", {"note": NAME})
    laptop.get("/nowhere/?name=Robin+Sample")

    told = json.dumps(lines())
    assert "RuntimeError" in told
    assert "Robin" not in told
    assert "Invented" not in told
    assert "name=" not in told
