"""The first morning: nobody has logged anything, and every page says so instead of breaking."""

import pytest

from tests.house.header import counted_once
from tests.house.trouble import OURS, trouble_at

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("embedded", "each page is asked for on PostgreSQL by the tests of its own floor"),
]

NEXT = "\n"


@pytest.mark.parametrize("name", ["amara", "mo", "dot", "cho", "coo", "aud", "dee"])
def test_in_an_empty_house_every_page_opens_or_does_not(client_of, request, name):
    laptop = client_of(request.getfixturevalue(name))

    with counted_once():
        found = [
            f"{place.name} {trouble}" for place in OURS if (trouble := trouble_at(laptop, place.path())) is not None
        ]

    assert not found, NEXT.join(found)
