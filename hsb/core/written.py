"""Rows that are written by statements composed once: Django composes each INSERT and UPDATE anew, and takes longer for
it than the database takes to write."""

from hsb.core import composed


def all_but_the_key(model):
    """The fields of a new row whose key the database gives."""
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


def said_by(row, fields=None):
    """{column: value} of `fields`, or of all but the key."""
    return {field.attname: getattr(row, field.attname) for field in fields or all_but_the_key(row)}


class ComposedOnce:
    """Mixin of a model: what `save` writes is composed once for each set of columns."""

    def _do_insert(self, manager, using, fields, returning_fields, raw):
        values = {field.attname: field.pre_save(self, add=True) for field in fields} if not raw else {}
        if raw or _reckoned_there(values.values()):
            return super()._do_insert(manager, using, fields, returning_fields, raw)
        return composed.adding(manager.model, tuple(fields), tuple(returning_fields), using).rows(**values)

    def _do_update(self, base_qs, using, pk_val, values, update_fields, forced_update):
        if not values or _reckoned_there(value for *_, value in values):
            return super()._do_update(base_qs, using, pk_val, values, update_fields, forced_update)
        given = {field.attname: value for field, _, value in values}
        saving = composed.saving(base_qs.model, tuple(given), using)
        if self._held_back is not None:
            self._held_back.append((saving, {"pk": pk_val, **given}))
            return True
        return saving.number(pk=pk_val, **given) > 0

    # While `to_save` is at work: what it holds back.
    _held_back = None

    def to_save(self):
        """(the Written that saves this row, what is given to it): all that `save` does to a row that stands, but for
        the statement, which is whoever calls it's to ask. (None, {}) where nothing is left of it to ask."""
        self._held_back = held = []
        try:
            self.save(force_update=True)
        finally:
            del self._held_back
        if len(held) > 1:
            raise RuntimeError(f"{type(self).__name__} was saved again by who heard that it is saved.")
        return held[0] if held else (None, {})


def _reckoned_there(values):
    """Whether the database itself reckons one of them: such a value is an expression."""
    return any(hasattr(value, "resolve_expression") for value in values)
