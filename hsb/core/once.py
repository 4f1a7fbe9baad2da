"""The key that a page is given once: sent twice, it finds the row it made, and never somebody else's."""

from hsb.core.refusals import NotReady

OF_ANOTHER_PAGE = "This page was sent before, for something else. Open it again, and send what you typed from there."


def made_before(own, once):
    """The row that this very form made, or None. `own` is the queryset of the rows of the record that it belongs to.

    Raises NotReady where the key made a row of another record.
    """
    found = own.filter(once=once).first()
    if found is None and own.model._default_manager.filter(once=once).exists():
        raise NotReady(OF_ANOTHER_PAGE)
    return found


def made_alike(own, once, new, otherwise):
    """The same, where that row says what `new`, which is not saved yet, says too.

    Raises NotReady(otherwise) where it was sent again with other words: what is recorded stays.
    """
    made = made_before(own, once)
    if made is not None and made.says() != new.says():
        raise NotReady(otherwise)
    return made


def tidy(told):
    """What was told, {name: value}, without the spaces around its texts: so that the same words are the same."""
    return {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}
