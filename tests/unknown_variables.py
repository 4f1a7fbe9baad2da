"""A template that names a variable nobody gave it fails its test.

Django shows nothing for an unknown variable. Here it asks `string_if_invalid` for its truth on meeting one, which
is the moment to fail. Not asked, and so allowed: `{% if name %}`, `{% for x in name %}`, `{% firstof %}`. Allowed
too: `{{ name|default:"" }}`, by which a component says that a thing may be left out, and templates that are not
ours (django-allauth's and Django's own).
"""

import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.base import FilterExpression, Node

MAY_BE_LEFT_OUT = "default"


class Unknown(str):
    """What an unknown variable becomes: empty, unless the template that asks is ours and should know."""

    __slots__ = ()

    def __bool__(self):
        frame = sys._getframe(1)
        if frame.f_code is not FilterExpression.resolve.__code__:
            return False
        expression = frame.f_locals["self"]
        filters = [getattr(func, "_filter_name", "") for func, _ in expression.filters]
        template = _template(frame)
        if template is not None and MAY_BE_LEFT_OUT not in filters[:1]:
            pytest.fail(f"Unknown template variable in {template}: {{{{ {expression.token} }}}}", pytrace=False)
        return False


def _template(frame):
    """The path of the template being drawn, from the innermost node on the stack; None where it is not ours."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return _ours(node.origin.name)
        frame = frame.f_back
    return None


def _ours(name):
    path = Path(name)
    if not path.is_relative_to(settings.BASE_DIR) or "site-packages" in path.parts:
        return None
    return path.relative_to(settings.BASE_DIR)


@contextmanager
def forbidden():
    """Inside, an unknown variable in a template of ours fails the test."""
    engine = engines["django"].engine
    was = engine.string_if_invalid
    engine.string_if_invalid = Unknown()
    try:
        yield
    finally:
        engine.string_if_invalid = was
