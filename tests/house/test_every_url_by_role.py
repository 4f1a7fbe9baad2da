"""Every URL, asked by everybody, GET and POST: the answer is the one typed in the table, and a refusal writes nothing.

Here all but the referrals' own, which test_every_url_of_referrals_by_role asks.

The borough is built once for the module, in one transaction; each test looks at one URL inside a savepoint.
"""

import pytest

from hsb.url_rules import RULES
from tests.house.asked_of_everybody import OTHERS, a_borough, answers, expected, forged, label
from tests.house.url_table import ELSEWHERE, TABLE

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("embedded", "that readers see the same on PostgreSQL is seen by test_agreement"),
]


@pytest.fixture(scope="module")
def borough(django_db_setup, django_db_blocker):
    with a_borough([row.case for row in OTHERS], django_db_blocker) as built:
        yield built


# --- The table ---


def test_every_url_stands_in_the_table():
    assert sorted(set(RULES) - {row.name for row in TABLE} - ELSEWHERE) == []
    assert sorted({row.name for row in TABLE} - set(RULES)) == []


@pytest.mark.parametrize("row", OTHERS, ids=label)
def test_a_get_opens_for_whom_it_should_and_writes_nothing(borough, row):
    table = expected(row.get)
    found, wrote = answers(borough, row, "get", table)

    assert found == table
    assert wrote == {}


@pytest.mark.parametrize("row", OTHERS, ids=label)
def test_a_forged_post_is_refused_and_writes_nothing(borough, row):
    table = forged(row.post)
    found, wrote = answers(borough, row, "post", table)

    assert found == table
    assert wrote == {}
