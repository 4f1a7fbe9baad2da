"""What the bench cannot do, in one sentence for whoever started it."""


class Refused(Exception):
    """The bench cannot go on; the text says why and what to do."""
