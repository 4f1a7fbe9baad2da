"""An unfinished concern: kept on the server for its author alone, until it is logged or thrown away (B19).

The draft holds, as JSON: `people`, in order, each with `number`, `kind`, `raw` (what was posted, {name: [values]}),
and for somebody known `person` (a reference) and `searched`; `last`, the last number given; `terms` (words, born_on,
number), what was searched for last; `what`, the second step as it was posted. Nothing is a record before it is logged.
"""

from uuid import UUID

from django.db import transaction

from hsb.core import clock, drafts
from hsb.core.models import Draft
from hsb.core.refusals import NotReady
from referrals.selectors import people
from referrals.selectors.concerns import FORM, KNOWN, NEW, terms_of_search
from referrals.services import intake

EMPTY = {"people": [], "last": 0, "terms": {}, "what": {}}
# What belongs to one showing of a form, and is no answer.
NO_ANSWERS = {*drafts.NEVER_KEPT, "later", "throw_away_draft"}


@transaction.atomic
def search(user, key, terms):
    """Keeps what is searched for, in a new draft where there is none of that key yet, and that it was searched."""
    draft = _locked(user, key) or drafts.keep(user, FORM, key, dict(EMPTY))
    _keep(draft, terms=terms)
    asked = terms_of_search(terms)
    people.record_search(user, asked, people.search(user, asked), page="log a concern")


@transaction.atomic
def add_known(user, key, reference, searched):
    """Puts somebody on the books into the concern; returns their number in it, the old one if they are in it."""
    draft = _open(user, key)
    for entry in draft.data["people"]:
        if entry["kind"] == KNOWN and entry["person"] == reference:
            return entry["number"]
    return _add(draft, kind=KNOWN, person=reference, searched=searched, raw={})


@transaction.atomic
def add_newcomer(user, key, post):
    """Puts somebody new into the concern as typed in `post` (a QueryDict); the same form twice is one person."""
    draft = _open(user, key)
    raw = answers_of(post)
    for entry in draft.data["people"]:
        if entry["kind"] == NEW and entry["raw"].get("once") == raw.get("once"):
            return entry["number"]
    return _add(draft, kind=NEW, raw=raw)


@transaction.atomic
def change_person(user, key, number, post):
    """Keeps what was typed anew of a person of the concern."""
    draft = _open(user, key)
    _keep(
        draft,
        people=[
            {**entry, "raw": answers_of(post)} if entry["number"] == number else entry for entry in draft.data["people"]
        ],
    )


@transaction.atomic
def remove_person(user, key, number):
    """Takes somebody out of the concern; what was typed of them is gone."""
    draft = _open(user, key)
    _keep(draft, people=[entry for entry in draft.data["people"] if entry["number"] != number])


@transaction.atomic
def keep_what(user, key, post):
    """Keeps the second step as it was posted, complete or not."""
    _keep(_open(user, key), what=answers_of(post))


@transaction.atomic
def throw_away(user, key):
    """The unfinished concern is gone, with everything typed on its pages."""
    Draft.objects.filter(user=user, form=FORM, key=key).delete()
    Draft.objects.filter(user=user, form=drafts.PAGE, key__contains=key).delete()


@transaction.atomic
def log(user, key, **everything):
    """Logs the concern (what `intake.log_concern` takes, but author and once) and lets the draft go. Returns Logged.

    The draft's key is the concern's `once`: however often it is sent, one concern is made.
    """
    _locked(user, key)
    logged = intake.log_concern(author=user, once=UUID(key), **everything)
    throw_away(user, key)
    return logged


def answers_of(post):
    """A posted form as JSON: {name: [values]}."""
    return drafts.as_json(post, but=NO_ANSWERS)


def _locked(user, key):
    return Draft.objects.select_for_update().filter(user=user, form=FORM, key=key).first()


def _open(user, key):
    draft = _locked(user, key)
    if draft is None:
        raise NotReady("This concern was logged or thrown away meanwhile, perhaps in another window.")
    return draft


def _add(draft, **entry):
    """Somebody was found or added: the search for them is over."""
    number = draft.data["last"] + 1
    _keep(draft, people=[*draft.data["people"], {"number": number, **entry}], last=number, terms={})
    return number


def _keep(draft, **changed):
    draft.data = {**draft.data, **changed}
    draft.saved_at = clock.now()
    draft.save(update_fields=["data", "saved_at"])
