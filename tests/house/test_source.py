"""The house's habits, as far as they can be read off its files."""

import ast
import io
import re

import pytest
from django.core.management import call_command

from tests.house.source import FLOORS, ours, short

PYTHON = [path for path in ours("*.py") if "migrations" not in path.parts]
# No name says less than these.
NO_ROOM = {"utils", "util", "helpers", "helper", "common", "misc", "stuff", "tools"}


@pytest.mark.django_db
def test_no_migration_is_missing(settings):
    settings.MIGRATION_MODULES = {}  # the tests make their tables without migrations; here they are what is asked about
    said = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, verbosity=1)
    except SystemExit:
        pytest.fail(said.getvalue(), pytrace=False)


def test_no_migration_is_named_auto():
    assert [short(path) for path in ours("*.py") if re.search(r"\d{4}_auto_", path.name)] == []


def test_no_room_is_called_nothing():
    assert [short(path) for path in ours("*") if path.stem in NO_ROOM or path.name in NO_ROOM] == []


def _imports_inside_functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FLOORS:
                    yield f"{short(path)}:{node.lineno}"


def test_no_file_keeps_both_sides_of_a_merge():
    """Python takes the marks for words where they stand in a docstring."""
    mark = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)

    files = ours("*", *FLOORS, "templates", "static", "tests", "docs")
    assert [short(path) for path in files if path.is_file() and mark.search(_text(path))] == []


def _text(path):
    return path.read_bytes().decode(errors="replace")


def test_no_import_hides_in_a_function():
    """Except where Django asks for it: an app's `ready` runs when its models are there."""
    found = [line for path in PYTHON if path.name != "apps.py" for line in _imports_inside_functions(path)]

    assert found == []


def test_every_public_module_says_what_it_is():
    silent = [
        short(path)
        for path in PYTHON
        if path.stat().st_size > 0
        and path.name not in {"__init__.py", "urls.py"}
        and ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]

    assert silent == []


def test_services_never_see_a_request():
    found = [
        f"{short(path)}:{node.lineno}"
        for path in PYTHON
        if "services" in path.parts or path.name == "services.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.arg) and node.arg == "request"
    ]

    assert found == []


def test_nobody_counts_or_offsets_over_everything():
    """Lists are keyset pages: Django's Paginator counts all rows and skips over them."""
    found = [short(path) for path in PYTHON if "Paginator" in path.read_text(encoding="utf-8")]

    assert found == []
