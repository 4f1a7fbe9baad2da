"""What is brought of the design system's scripts and styles, and what a page asks for."""

import re

from django.conf import settings

from hsb.core.management.commands.assets import is_left_out
from hsb.core.stylesheets import component_of

ASKED_FOR = re.compile(r'\bdata-module="([^"]*)"')
CLASS = re.compile(r"(?<=[\" ])(?:govuk|moj)-[a-z0-9-]+")


def _brought():
    """Their names on a page: CharacterCount is "govuk-character-count" there."""
    source = (settings.BASE_DIR / "hsb/core/components.mjs").read_text(encoding="utf-8")
    listed = re.search(r"COMPONENTS = \[([^\]]*)\]", source)[1]
    return {"govuk" + re.sub("([A-Z])", r"-\1", name).lower() for name in re.findall(r"\w+", listed)}


BROUGHT = _brought()


def without_script(html):
    """The components in `html` that would stand idle, because their scripts are not brought."""
    return sorted(set(ASKED_FOR.findall(html)) - BROUGHT)


def without_style(html):
    """The components in `html` that would be plain, because their rules are left out of the style sheets."""
    return sorted(filter(is_left_out, {component_of(name) for name in CLASS.findall(html)}))


def assert_design_is_brought(response):
    if response.streaming or "Content-Encoding" in response:
        return  # compressed as a browser asked for it: the same page is drawn elsewhere
    if response.get("Content-Type", "").startswith("text/html"):
        html = response.content.decode(response.charset)
        idle, plain = without_script(html), without_style(html)
        assert not idle, f"These components need their scripts in hsb/core/components.mjs: {idle}"
        assert not plain, f"The rules of these components are left out by `manage.py assets`: {plain}"
