"""Who may be added to a concern that was logged: what a search found, as choices, each by the reader's right (B8)."""

from referrals.models import Person
from referrals.selectors.concerns import masked_person
from referrals.selectors.found import results
from referrals.selectors.people import unsign_pick
from referrals.selectors.person_details import known_persons

# In the place of a person's reference in an address: somebody new, and the one whom a search may only hint at.
NEW, MASKED = "new", "restricted"


def found_for(user, terms, address):
    """What these terms find: the results with the url of each; `address` makes one from a reference, NEW or MASKED."""
    found = results(user, terms)
    rows = [{**row, "url": address(unsign_pick(user, row["pick"]))} for row in found["rows"]]
    masked_url = address(MASKED) if found["masked"] and masked_person(user, terms) else ""
    return {**found, "rows": rows, "masked_url": masked_url, "new_url": address(NEW)}


def chosen(user, terms, who):
    """What `user` may know of the one `who` names among what the terms find (see `known_persons`); None otherwise."""
    if terms is None:
        return None
    if who == MASKED:
        reference = masked_person(user, terms)
    else:
        offered = {unsign_pick(user, row["pick"]) for row in results(user, terms)["rows"]}
        reference = who if who in offered else ""
    return known_persons(user, [reference]).get(reference) if reference else None


def sentence_of(added, user):
    """What is said to whoever added somebody: a name to whom it opens, else not even whether they were in it before."""
    seen = added.person is not None and Person.objects.visible_to(user).filter(pk=added.person.pk).exists()
    if not seen:
        return "It is recorded. Whoever has a record of this person is told."
    return f"{added.person.known_as} is in the concern now. Whoever has another child of it is told."
