"""Search before create, for the floors above: the same search as when a concern is logged, recorded like it (B8)."""

from django.db import transaction

from hsb.core import clock
from hsb.core.models import SearchTerms
from referrals.selectors import people
from referrals.selectors.concerns import terms_of_search


@transaction.atomic
def keep_search(*, actor, terms, page):
    """Who may be meant by `terms` (words, born_on, number), asked on `page`. Returns the UUID under which its author
    finds what it gave. Whether `actor` may be on that page is the caller's to ask."""
    kept = SearchTerms.objects.create(user=actor, terms=terms, at=clock.now())
    asked = terms_of_search(terms)
    people.record_search(actor, asked, people.search(actor, asked), page=page)
    return kept.reference
