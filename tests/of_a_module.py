"""What all tests of a module find: made once, in a transaction that is taken back after the last of them."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def made_once(django_db_blocker, make):
    """What the function `make` returns, and the rows that it writes."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            made = make()
            # Once for all: what is left for later PostgreSQL would look at again at the end of each test.
            connection.check_constraints()
            yield made
            transaction.set_rollback(True)
        connection.close()
