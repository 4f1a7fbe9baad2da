"""Every URL, asked by everybody, GET and POST: the answer is the one typed in the table, and a refusal writes nothing.

Here all but the referrals' own, which test_every_url_of_referrals_by_role asks.

The borough is built once for the module, in one transaction; each test looks at one URL inside a savepoint.
"""

import pytest

from hsb.url_rules import RULES
from tests.house.asked_of_everybody import OTHERS, a_borough, label, opens_as_the_table_says, refuses_a_forged_post
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
    opens_as_the_table_says(borough, row)


@pytest.mark.parametrize("row", OTHERS, ids=label)
def test_a_forged_post_is_refused_and_writes_nothing(borough, row):
    refuses_a_forged_post(borough, row)
