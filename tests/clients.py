"""The browser of the tests: Django's client, in which a GET that writes fails the test."""

import re
from contextlib import contextmanager

from django.db import connection
from django.test import Client

# What reading may leave behind: that somebody looked, and that she is still here.
MAY_BE_WRITTEN = {"core_accessrecord", "django_session", "core_cache"}
WRITE = re.compile(r'^\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|TRUNCATE)\s+"?(\w+)"?', re.IGNORECASE)


def _refuse_writes(execute, sql, params, many, context):
    found = WRITE.match(sql)
    if found and found.group(1) not in MAY_BE_WRITTEN:
        raise AssertionError(f"A page that only reads wrote to {found.group(1)}.")
    return execute(sql, params, many, context)


@contextmanager
def reads_only_block():
    """Inside, writing anything but access and session rows fails the test."""
    with connection.execute_wrapper(_refuse_writes):
        yield


class HouseClient(Client):
    """A browser; redirects after a POST are GETs too."""

    def get(self, *args, **kwargs):
        with reads_only_block():
            return super().get(*args, **kwargs)
