"""What of the design system's scripts is brought: what pages need, no more, and little of it over the line."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse

from hsb.core.management.commands.assets import STYLES, is_left_out
from hsb.core.stylesheets import components_of
from tests.house.source import ours, short
from tests.scripted import BROUGHT, assert_design_is_brought, without_script, without_style

TEMPLATES = ours("*.html", "templates") + ours("*.jinja", "templates")
SCRIPTS = ("js/hsb.js", "govuk/components.min.js")
MOST = 12_000  # bytes
HEADERS = 1_000  # of both answers together, amply

fetched = pytest.mark.skipif(
    (settings.VENDOR_DIR / "MISSING").exists(), reason="the design system's files could not be fetched"
)


def test_every_component_of_a_template_has_its_script():
    idle = {short(path): found for path in TEMPLATES if (found := without_script(path.read_text(encoding="utf-8")))}

    assert idle == {}


def test_a_page_with_a_component_without_its_script_is_refused():
    with pytest.raises(AssertionError, match="govuk-accordion"):
        assert_design_is_brought(HttpResponse('<div data-module="govuk-accordion"></div>'))


def test_a_page_with_a_component_without_its_rules_is_refused():
    for name in ("govuk-tabs", "govuk-pagination__item", "moj-banner--warning", "other moj-badge"):
        with pytest.raises(AssertionError, match="left out"):
            assert_design_is_brought(HttpResponse(f'<div class="{name}"></div>'))


def test_no_source_names_a_component_whose_rules_are_left_out():
    named = {short(path): found for path in TEMPLATES if (found := without_style(path.read_text(encoding="utf-8")))}

    assert named == {}


def test_no_script_is_brought_that_no_page_needs():
    """A template names the component, or a macro is asked for by its short name."""
    files = [*TEMPLATES, *ours("*.py")]
    said = "\n".join(path.read_text(encoding="utf-8") for path in files)
    idle = [name for name in BROUGHT if f'"{name}"' not in said and f'"{name.removeprefix("govuk-")}"' not in said]

    assert idle == []


@fetched
def test_what_was_built_knows_every_component():
    built = Path(finders.find("govuk/components.min.js")).read_text(encoding="utf-8")

    assert [name for name in sorted(BROUGHT) if f'"{name}"' not in built] == []


@fetched
def test_the_scripts_of_a_first_visit_are_light():
    sent = [len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in SCRIPTS]

    assert sum(sent) + HEADERS <= MOST


@fetched
def test_what_a_page_needs_is_left_in_the_style_sheets():
    files = [path for path in [*TEMPLATES, *ours("*.py", "hsb")] if path.name != "assets.py"]
    said = "\n".join(path.read_text(encoding="utf-8") for path in files)
    styles = "\n".join(Path(finders.find(name)).read_text(encoding="utf-8") for name in STYLES)
    styled = components_of(styles)

    assert without_style(said) == []
    assert {name for name in styled if is_left_out(name)} == set()
    assert {"govuk-button", "govuk-service-navigation", "moj-identity-bar", "moj-timeline"} <= styled
