"""The results of a search, as its author's page shows them."""

from django.urls import reverse

from hsb.core import clock, words
from hsb.core.models import SearchTerms
from hsb.core.tasks import SEARCH_KEPT
from referrals.selectors import emergencies, people

SHOWN = 20
COLUMNS = ("Name", "Date of birth", "Open referral", "What agrees")


def own_terms(user, reference):
    """The terms of a search that `user` made, or None: nobody else's, and none that is forgotten by now."""
    kept = SearchTerms.objects.filter(user=user, reference=reference, at__gte=clock.now() - SEARCH_KEPT)
    return kept.values_list("terms", flat=True).first()


def results(user, terms, reference):
    """What the page of the search `reference` shows.

    {"title", "rows" for the table component, "masked": whom to ask or "", "masked_url": where it is opened in an
    emergency or "", "masked_ask_url": where access to it is asked for or "", "more": whether there were more,
    "some_closed": whether a row is of a record that the reader may not open}
    """
    found = people.search(user, terms, limit=SHOWN + 1)
    persons = [person for person in found.rows if not person["restricted"]]
    masked = next((person["text"] for person in found.rows if person["restricted"]), "")
    more = len(persons) > SHOWN
    persons = persons[:SHOWN]
    return {
        "title": _title(len(persons), bool(masked), more),
        "rows": [_row(user, person, reference) for person in persons],
        "masked": masked,
        "masked_url": _url("break_glass", reference, emergencies.hit_of_masked(user, found)),
        "masked_ask_url": _url(
            "ask_access", reference, emergencies.hit_of_masked(user, found, emergencies.may_be_asked_for)
        ),
        "more": more,
        "some_closed": any(not person["url"] for person in persons),
    }


def _title(number, masked, more):
    if more:
        return f"More than {SHOWN} people found: the {SHOWN} closest"
    if masked and not number:
        return "1 restricted record found"
    if masked:
        return f"{words.count(number, 'person', 'people')} and 1 restricted record found"
    return f"{words.count(number, 'person', 'people')} found" if number else "Nobody found"


def _url(page, reference, hit):
    return reverse(f"overview:{page}", args=[reference, hit]) if hit else ""


def _row(user, person, reference):
    name = {"text": person["name"], "note": _note(person)}
    if person["url"]:
        name |= {"url": person["url"], "hidden": person["link"].lower()}
    if person["marked_restricted"]:
        name["tags"] = [{"text": "Restricted", "meaning": "restricted"}]
    return [
        name,
        {"text": person["born_on"][:1].upper() + person["born_on"][1:], "note": person["age"]},
        _held(user, person, reference),
        {"text": ", ".join(person["matches"])[:1].upper() + ", ".join(person["matches"])[1:]},
    ]


def _held(user, person, reference):
    team = person["team"]
    said = {"text": team[:1].upper() + team[1:], "note": f"{person['link']} {person['reference']}".strip()}
    asked = _url("ask_access", reference, emergencies.hit_of_row(user, person, emergencies.may_be_asked_for))
    opened = _url("break_glass", reference, emergencies.hit_of_row(user, person))
    links = [("ask for access", asked), ("open in an emergency", opened)]
    if said_links := [{"text": text, "url": url} for text, url in links if url]:
        said["text"] += ": "
        said["links"] = said_links
    return said


def _note(person):
    known = f"Known as {person['also_known_as']}" if person["also_known_as"] else ""
    return "; ".join(part for part in (known, "Adult" if person["is_adult"] else "") if part)
