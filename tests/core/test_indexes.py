"""What every verb and every look writes has no index that another one begins with."""

import pytest
from django.db import connection

from hsb.core.models import AccessRecord, Entry

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("indexes are made and dropped by each database"),
]


@pytest.mark.parametrize(("model", "keys"), [(Entry, {"record_id"}), (AccessRecord, {"record_id", "user_id"})])
def test_no_index_is_the_beginning_of_another(model, keys):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    indexes = {name: each["columns"] for name, each in found.items() if each["index"] or each["unique"]}
    for name, columns in indexes.items():
        others = [each for other, each in indexes.items() if other != name]
        assert not any(each[: len(columns)] == columns for each in others), name
    assert {columns[0] for columns in indexes.values() if len(columns) > 1} >= keys
