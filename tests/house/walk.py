"""Walking through the house's URLs: every name, and a path for it."""

from dataclasses import dataclass
from functools import cache
from itertools import product

from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLResolver

# For whatever a pattern asks for, one of these fits; none of them names anything that exists.
SAMPLES = ("HSB-1999-00001", "1", "00000000-0000-4000-8000-000000000000", "a1b2c3d4", "abc-0-abc")


@dataclass(frozen=True)
class Place:
    """One named URL pattern: its full name as the table of rules spells it, and what it wants to know."""

    name: str
    wants: tuple

    def path(self, **told):
        """A path of this pattern; what is not told is filled with samples."""
        untold = [key for key in self.wants if key not in told]
        for samples in product(SAMPLES, repeat=len(untold)):
            known = told | dict(zip(untold, samples, strict=True))
            try:
                return reverse(self.name, kwargs={key: known[key] for key in self.wants})
            except NoReverseMatch:
                continue
        raise AssertionError(f"No sample fits {self.name} ({', '.join(self.wants)}): add one to SAMPLES.")


@cache
def places(urlconf="hsb.urls"):
    """Every named URL pattern of the service, in the order of the URLconf."""
    return tuple(_inside(get_resolver(urlconf), namespace="", wants=()))


def _inside(resolver, namespace, wants):
    for pattern in resolver.url_patterns:
        own = wants + tuple(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _inside(pattern, inner, own)
        else:
            yield Place(f"{namespace}{pattern.name}" if pattern.name else "", own)


def named(name):
    """The place of that name."""
    return next(place for place in places() if place.name == name)
