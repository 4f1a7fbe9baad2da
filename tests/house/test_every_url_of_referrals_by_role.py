"""Every URL of the referrals, asked by everybody, as test_every_url_by_role asks the others.

The borough is built once for the module, in one transaction; each test looks at one URL inside a savepoint.
"""

import pytest

from tests.house.asked_of_everybody import (
    OF_REFERRALS,
    a_borough,
    label,
    opens_as_the_table_says,
    refuses_a_forged_post,
)
from tests.house.url_table import PAGES_OF_AN_ASSESSMENT, WRITES, Row

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("embedded", "that readers see the same on PostgreSQL is seen by test_agreement"),
]


@pytest.fixture(scope="module")
def borough(django_db_setup, django_db_blocker):
    with a_borough(
        [row.case for row in OF_REFERRALS] + [case for case, _ in PAGES_OF_AN_ASSESSMENT], django_db_blocker
    ) as built:
        yield built


@pytest.mark.parametrize("row", OF_REFERRALS, ids=label)
def test_a_get_opens_for_whom_it_should_and_writes_nothing(borough, row):
    opens_as_the_table_says(borough, row)


@pytest.mark.parametrize("row", OF_REFERRALS, ids=label)
def test_a_forged_post_is_refused_and_writes_nothing(borough, row):
    refuses_a_forged_post(borough, row)


@pytest.mark.parametrize(("case", "key"), PAGES_OF_AN_ASSESSMENT, ids=lambda value: value)
def test_a_page_of_an_assessment_opens_for_who_may_write_it(borough, case, key):
    opens_as_the_table_says(borough, Row("referrals:assessment_page", case, WRITES, ""), page=key)
