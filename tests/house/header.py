"""The number in the header of every page: a quarter of what it costs to draw one."""

from contextlib import contextmanager

from django.db import connection

from hsb.overview import frame


@contextmanager
def counted_once():
    """Inside, each reader's tasks are counted for the first page alone: for a walk that leaves what is due as it is.

    Who counts a page's statements does not see it: in the product it rides with one of them.
    """
    count, beside, counted = frame.tasks_due, frame.counted_in_the_header, {}

    def once(user):
        if user.pk not in counted:
            with _unwatched():
                counted[user.pk] = count(user)
        return counted[user.pk]

    frame.tasks_due, frame.counted_in_the_header = once, lambda user: []
    try:
        yield
    finally:
        frame.tasks_due, frame.counted_in_the_header = count, beside


@contextmanager
def _unwatched():
    watching, connection.execute_wrappers = connection.execute_wrappers, []
    try:
        yield
    finally:
        connection.execute_wrappers = watching
