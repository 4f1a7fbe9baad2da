"""The browser of the tests: Django's client, in which a GET that writes fails the test, and so does a page with a
component whose script is not brought."""

import re
from contextlib import contextmanager
from functools import cache

from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from django.test.signals import setting_changed

from tests.scripted import assert_design_is_brought

# What reading may leave behind: that somebody looked, and that she is still here.
MAY_BE_WRITTEN = {"core_accessrecord", "people_session", "core_cache"}
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


@cache
def _house(enforce_csrf_checks):
    """The middleware, built once for all browsers: each would look through all static files again."""
    return ClientHandler(enforce_csrf_checks)


def _built_anew(**_changed):
    _house.cache_clear()


# What a middleware reads of the settings when it is built may have changed.
setting_changed.connect(_built_anew)


class HouseClient(Client):
    """A browser; redirects after a POST are GETs too."""

    def __init__(self, **options):
        super().__init__(**options)
        self.handler = _house(self.handler.enforce_csrf_checks)

    def get(self, *args, **kwargs):
        with reads_only_block():
            return super().get(*args, **kwargs)

    def request(self, **request):
        response = super().request(**request)
        assert_design_is_brought(response)
        return response
