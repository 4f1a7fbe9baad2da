"""The number in the header of every page: a quarter of what it costs to draw one."""

from contextlib import contextmanager

from hsb.overview import frame


@contextmanager
def counted_once():
    """Inside, each reader's tasks are counted for the first page alone: for a walk that leaves what is due as it is."""
    count, beside, counted = frame.tasks_due, frame.counted_in_the_header, {}

    def once(user):
        if user.pk not in counted:
            counted[user.pk] = count(user)
        return counted[user.pk]

    frame.tasks_due, frame.counted_in_the_header = once, lambda user: []
    try:
        yield
    finally:
        frame.tasks_due, frame.counted_in_the_header = count, beside
