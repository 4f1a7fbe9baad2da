"""What a search for somebody we may know found, for the pages on which one of them is chosen (B8)."""

from hsb.core import clock
from hsb.core.models import SearchTerms
from hsb.core.tasks import SEARCH_KEPT
from referrals.models import Person
from referrals.selectors import people
from referrals.selectors.concerns import search_in_words, terms_of_search

RESULTS_SHOWN = 10


def terms_kept(user, reference):
    """What `user` searched for, where it is kept under `reference`; None where it is not theirs, or too old."""
    kept = SearchTerms.objects.filter(user=user, reference=reference, at__gte=clock.now() - SEARCH_KEPT)
    return kept.values_list("terms", flat=True).first()


def found_persons(user, reference):
    """`results` of the search that `user` made and that is kept under `reference`; None where it is not theirs, or too
    old."""
    terms = terms_kept(user, reference)
    return None if terms is None else results(user, terms)


def results(user, terms):
    """What these terms find for `user`: {"said": what was looked for, "rows", "masked": a sentence or ""}."""
    rows = people.search(user, terms_of_search(terms), limit=RESULTS_SHOWN).rows
    return {
        "said": search_in_words(terms),
        "rows": [hit(row) for row in rows if not row["restricted"]],
        "masked": next((row["text"] for row in rows if row["restricted"]), ""),
    }


def hit(row):
    """An open row of a search in the words of the page that offers it."""
    born = f"Born {row['born_on']}" if row["born_on"][:1].isdigit() else row["born_on"]
    return {
        "name": row["name"],
        "known_as": row["also_known_as"],
        "said": ", ".join(part for part in (born, row["age"], "adult" if row["is_adult"] else "") if part),
        "held": "No open referral" if row["team"] == people.NO_OPEN_REFERRAL else f"Open referral with {row['team']}",
        "matches": ", ".join(row["matches"]),
        "is_adult": row["is_adult"],
        "pick": row["pick"],
    }


def picked(user, pick):
    """The Person that a pick of this user stands for, or None. Joined to another record since, it is that one."""
    reference = people.unsign_pick(user, pick)
    if not reference:
        return None
    found = Person.objects.select_related("record", "joined_to__record").filter(record__reference=reference).first()
    return found and (found.joined_to or found)
