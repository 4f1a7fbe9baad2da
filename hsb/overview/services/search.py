"""A search: what was typed is kept for half a day under an opaque id, and that somebody searched is kept for ever."""

from django.db import transaction

from hsb.core import clock
from hsb.core.models import SearchTerms
from referrals.selectors import people

PAGE = "search"


@transaction.atomic
def keep_search(*, user, terms):
    """Keeps the terms (a dict that JSON can hold) and records that `user` searched. Returns the search's UUID.

    The search is made here once, because its record names the restricted record it met (practice.md B8).
    """
    kept = SearchTerms.objects.create(user=user, terms=terms, at=clock.now())
    people.record_search(user, terms, people.search(user, terms), page=PAGE)
    return kept.reference
