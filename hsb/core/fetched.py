"""Several querysets asked for in one statement.

What one page reads of many tables, and nobody asks for so often that it is kept (composed.py), costs a way to the
database for each table. Here they go together; each queryset then has its rows, as if it had been asked by itself.
"""

from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesIterable, ValuesListIterable

from hsb.core.composed import Composed
from hsb.core.riding import riding


def fetch(*querysets):
    """Asks these querysets (of models, values() or values_list()), and returns them with their rows."""
    asked = [(queryset, Composed(queryset)) for queryset in querysets]
    with riding(*(composed.asking() for _, composed in asked)):
        for queryset, composed in asked:
            queryset._result_cache = _ROWS[queryset._iterable_class](composed)
    for queryset in querysets:
        if queryset._prefetch_related_lookups:
            queryset._prefetch_related_objects()
    return querysets


_ROWS = {
    ModelIterable: Composed.objects,
    ValuesIterable: Composed.rows,
    ValuesListIterable: Composed.tuples,
    FlatValuesListIterable: lambda composed: [row[0] for row in composed.tuples()],
}


def fetch_related(one, beside=(), **relations):
    """Reads these relations of one row ({name: queryset of it}), and the querysets `beside` them, in one statement:
    `one.name.all()` asks nothing then, as after prefetch_related(). Returns the querysets beside."""
    found = fetch(*relations.values(), *beside)
    one.__dict__.setdefault("_prefetched_objects_cache", {}).update(zip(relations, found, strict=False))
    return found[len(relations) :]


def spread(rows, ones, name):
    """Gives each of `ones` its own of the rows of the relation `name`, as prefetch_related() does."""
    for one in ones:
        column = type(one)._meta.get_field(name).field.attname
        keep(one, name, [row for row in rows if getattr(row, column) == one.pk])


def keep(one, name, rows):
    """Leaves these rows as those of the relation `name` of one, as prefetch_related() does, which would compose the
    statement anew."""
    related = getattr(one, name).all() if rows else getattr(one, name).none()
    related._result_cache, related._prefetch_done = rows, True
    one.__dict__.setdefault("_prefetched_objects_cache", {})[name] = related
