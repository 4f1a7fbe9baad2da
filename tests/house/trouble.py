"""Asking a page and saying what is wrong with it, so that one walk through the house finds everything."""

import pytest

from hsb.url_rules import RULES
from tests.house.walk import places
from tests.pages import assert_well_formed, page

# The pages that are ours to draw. /readyz answers 503 where no worker runs, as it should.
OURS = [
    place
    for place in places()
    if place.name in RULES and place.name != "core:readyz" and not place.name.startswith(("account_", "mfa_"))
]
# 403 and 409 are pages too: she may open the case, but not do this, or not now.
OPENS_OR_DOES_NOT = {200, 302, 403, 404, 405, 409}


def trouble_at(laptop, path):
    """What is wrong with the page, in words; None when it opens well, or does not open. The walk goes on."""
    try:
        response = laptop.get(path)
        if response.status_code not in OPENS_OR_DOES_NOT:
            return f"answers {response.status_code}"
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            assert_well_formed(response)
            assert page(response).text
    except (Exception, pytest.fail.Exception) as problem:
        return f"{type(problem).__name__}: {problem}"
    return None
