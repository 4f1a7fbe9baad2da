"""The page of tests/core/a_page.py, served beside the real ones."""

import pytest

from tests.core import a_page


@pytest.fixture
def note_page(settings):
    """The path of a page with a form; `a_page.SAVED` is what its service kept."""
    settings.ROOT_URLCONF = "tests.core.a_page_urls"
    settings.URL_RULES = "tests.core.a_page_urls.RULES"
    a_page.SAVED.clear()
    a_page.ROW.update(version=1, note="What stood there before.")
    return "/a-note/"
