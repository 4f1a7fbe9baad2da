"""Emptying the test database between tests that commit.

The triggers that make the journal append-only stand during every test. Django empties the tables after a test
that commits (TransactionTestCase), which they would refuse: for that moment, and nowhere else, they are removed.
The words that the service begins with are written by a migration, which the tests leave out: they stand in every test.
"""

from contextlib import contextmanager

from django.db import connections
from django.utils import timezone

from hsb.core import append_only, wording
from hsb.core.models import PreferredWord


def words_of_the_beginning():
    """The list that the migration writes, where the table is empty."""
    if not PreferredWord.objects.exists():
        wording.begin(PreferredWord, timezone.now())


@contextmanager
def patched(test_case):
    """Inside, `test_case`'s flush takes the triggers away first and puts them back after."""
    flush = test_case._fixture_teardown

    def _fixture_teardown(self):
        mine = [connections[name] for name in self._databases_names(include_mirrors=False)]
        for connection in mine:
            append_only.remove(connection)
        try:
            flush(self)
        finally:
            for connection in mine:
                append_only.install(connection)
        words_of_the_beginning()

    test_case._fixture_teardown = _fixture_teardown
    try:
        yield
    finally:
        test_case._fixture_teardown = flush
