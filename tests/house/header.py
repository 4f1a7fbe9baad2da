"""The number in the header of every page: a quarter of what it costs to draw one."""

from contextlib import contextmanager

from hsb.overview import frame


@contextmanager
def counted_once():
    """Inside, each reader's tasks are counted for the first page alone: for a walk that leaves what is due as it is."""
    count, counted = frame.tasks_due, {}

    def once(user):
        if user.pk not in counted:
            counted[user.pk] = count(user)
        return counted[user.pk]

    frame.tasks_due = once
    try:
        yield
    finally:
        frame.tasks_due = count
