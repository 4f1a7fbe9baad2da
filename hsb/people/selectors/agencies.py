"""Agencies: the organisations that take part beside the borough's own teams."""

from django.core import signing
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.http import urlencode

from hsb.people.models import Agency
from hsb.people.states import AgencyKind

SIZE = 50
# An agency has no reference: the place in the list is sealed, so that no key stands in the address.
SEAL = "people.agencies"


def agency_list(*, kind="", after=""):
    """One page of agencies by name, of one kind or of all, after the sealed place `after`."""
    found = Agency.objects.annotate(sorted_name=Lower("name")).order_by("sorted_name", "pk")
    kind = kind if kind in AgencyKind.values else ""
    if kind:
        found = found.filter(kind=kind)
    last = _place(after)
    if last is not None:
        name = last["sorted_name"]
        found = found.filter(Q(sorted_name__gt=name) | Q(sorted_name=name, pk__gt=last["pk"]))
    page = list(found[: SIZE + 1])
    shown = page[:SIZE]
    return {
        "caption": "Agencies, by name",
        "head": ["Agency", "Kind"],
        "empty": "No agency of this kind has been added yet.",
        "rows": [[a.name, a.get_kind_display()] for a in shown],
        "next_url": _url(kind=kind, after=_sealed(shown[-1])) if len(page) > SIZE else "",
        "first_url": _url(kind=kind) if last is not None else "",
        "filters": [
            {"text": text, "url": _url(kind=code), "current": code == kind}
            for code, text in [("", "All"), *AgencyKind.choices]
        ],
    }


def _url(**filters):
    query = urlencode({name: value for name, value in filters.items() if value})
    return reverse("people:agencies") + (f"?{query}" if query else "")


def _sealed(agency):
    return signing.dumps(agency.pk, salt=SEAL)


def _place(after):
    """The row after which the page begins; None where nothing, or nothing of ours, was given."""
    try:
        pk = signing.loads(after, salt=SEAL) if after else None
    except signing.BadSignature:
        return None
    return Agency.objects.filter(pk=pk).values("pk", sorted_name=Lower("name")).first() if pk else None
