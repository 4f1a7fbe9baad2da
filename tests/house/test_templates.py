"""Templates: each is used, none runs or styles anything inline, and no child is labelled."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist, engines
from django.template.loaders.app_directories import Loader as AppLoader

from tests.house.source import ours, short

TEMPLATES = ours("*.html", "templates") + ours("*.txt", "templates")
NAMES = [str(path.relative_to(settings.BASE_DIR / "templates")) for path in TEMPLATES]
# Django looks for these by their names.
KNOWN_TO_DJANGO = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html"}
# And django-allauth for these, by names it puts together.
KNOWN_TO_ALLAUTH = {"429.html", "account/password_reset_help_text.html"}
# crispy-forms finds a pack's templates by its name (settings.CRISPY_TEMPLATE_PACK).
PACK = "govuk/"


def _mentioned():
    files = ours("*.py") + TEMPLATES
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def _of_a_library(name):
    """Whether an installed app brings a template of that name, which ours replaces."""
    try:
        AppLoader(engines["django"].engine).get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def test_every_template_is_used():
    mentioned = _mentioned()
    idle = [
        name
        for name in NAMES
        if f'"{name}"' not in mentioned
        and f"'{name}'" not in mentioned
        and name not in KNOWN_TO_DJANGO | KNOWN_TO_ALLAUTH
        and not name.startswith(PACK)
        and not _of_a_library(name)
    ]

    assert idle == []


def test_every_template_that_is_named_is_there():
    named = set(re.findall(r"""{%\s*(?:include|extends)\s+["']([\w/.-]+)["']""", _mentioned()))

    assert sorted(name for name in named if name not in NAMES and not _of_a_library(name)) == []


def test_every_template_can_be_read():
    for name in NAMES:
        engines["django"].get_template(name)


INLINE = {
    "a script without the nonce": re.compile(r"<script(?![^>]*\bnonce=)", re.IGNORECASE),
    "a style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "a handler": re.compile(r"\son[a-z]{3,}\s*=\s*[\"']", re.IGNORECASE),
    "a script as a link": re.compile(r"javascript:", re.IGNORECASE),
    "something from elsewhere": re.compile(r"""\b(?:src|href)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE),
    "text that is not escaped": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_holds(what):
    found = [
        f"{name}:{number}"
        for name, path in zip(NAMES, TEMPLATES, strict=True)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if INLINE[what].search(line)
    ]

    assert found == []


# --- Words -----------------------------------------------------------------------------------------------------------

LABELS = re.compile(
    r"\b(?:perpetrators?|offenders?|abusers?|rapists?|molesters?|predators?|culprits?|paedophiles?|sex[- ]offend\w+"
    r"|young sexual? \w+|victimi[sz]ers?)\b",
    re.IGNORECASE,
)
# Where a label may stand: the workflow document's own words, kept verbatim as source, and the list of words that the
# wording check warns of.
MAY_NAME_THEM = {
    "referrals/pathway.py",
    "strategy_meetings/pathway.py",
    "hsb/core/wording.py",
    "referrals/wording.py",
}


def _words_people_read():
    """Templates, scripts, and everything written in Python between quotes, comments aside."""
    files = [*TEMPLATES, *ours("*.js", "static"), *ours("*.py"), *ours("*.json")]
    return [path for path in files if short(path) not in MAY_NAME_THEM]


@pytest.mark.parametrize("path", _words_people_read(), ids=short)
def test_no_child_is_labelled(path: Path):
    found = [
        f"{number}: {label.group()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for label in LABELS.finditer(line)
    ]

    assert found == []


def test_the_list_of_labels_finds_them():
    assert LABELS.search("The young Perpetrator said")
    assert LABELS.search("a list of sex offenders")
    assert not LABELS.search("child who displayed, child who was harmed, person of concern, abusive, victimising")
