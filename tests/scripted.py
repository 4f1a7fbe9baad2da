"""Components that a script makes work: those of hsb/core/components.mjs, and those that a page asks for."""

import re

from django.conf import settings

ASKED_FOR = re.compile(r'\bdata-module="([^"]*)"')


def _brought():
    """Their names on a page: CharacterCount is "govuk-character-count" there."""
    source = (settings.BASE_DIR / "hsb/core/components.mjs").read_text(encoding="utf-8")
    listed = re.search(r"COMPONENTS = \[([^\]]*)\]", source)[1]
    return {"govuk" + re.sub("([A-Z])", r"-\1", name).lower() for name in re.findall(r"\w+", listed)}


BROUGHT = _brought()


def without_script(html):
    """The components in `html` that would stand idle, because their scripts are not brought."""
    return sorted(set(ASKED_FOR.findall(html)) - BROUGHT)


def assert_scripts_are_brought(response):
    if response.streaming or "Content-Encoding" in response:
        return  # compressed as a browser asked for it: the same page is drawn elsewhere
    if response.get("Content-Type", "").startswith("text/html"):
        idle = without_script(response.content.decode(response.charset))
        assert not idle, f"These components need their scripts in hsb/core/components.mjs: {idle}"
