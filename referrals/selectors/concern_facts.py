"""What is known of a concern beside what was reported: the facts, which of them a reader may change, what stood before.

What was reported is never changed: a correction of it is a note, or a significant event, under the concern.
"""

from itertools import pairwise

from django.db.models import BigIntegerField

from hsb.core import composed, words
from hsb.core.composed import Given
from hsb.core.states import PlaceKind
from referrals.codes import Borough
from referrals.models import Concern, Involvement
from referrals.selectors.concerns import ADDRESSES, place_is_shown, reads_text
from referrals.selectors.involved import asking_people, people_in
from referrals.states import ReferralSource

PLACE = ("place_kind", "place_name", "place_postcode")
FACTS = (
    "source",
    "reported_by",
    "happened_on",
    "happened_in_words",
    *PLACE,
    "borough",
    "other_borough",
)
# Nobody knew yet: to say it is to complete, not to correct.
EMPTY = {"place_kind": PlaceKind.UNKNOWN, "borough": Borough.UNKNOWN, "source": ReferralSource.UNKNOWN}
HEAD = ("When", "Who", "What", "Before", "After", "Why")
NOTHING, NOT_SHOWN = "Nothing recorded", "Not shown to you"
VERSIONS_SHOWN = 50
CONCERN = Given("concern", BigIntegerField())


def facts_of(concern):
    """The facts (FACTS) of a concern, or of an old version of it, as a form takes them."""
    place = concern.place
    return {
        **{name: getattr(concern, name) for name in FACTS if name not in ("place_name", "place_postcode")},
        "place_name": place.name if place else "",
        "place_postcode": place.postcode if place else "",
    }


def changed_facts(concern, facts):
    """Names of the facts that are said to be otherwise than they stand, in the order of FACTS."""
    stands = facts_of(concern)
    return [name for name in FACTS if name in facts and (facts[name] or "") != (stands[name] or "")]


def corrected_facts(concern, facts):
    """Those of them for which something was recorded: why it changes is asked."""
    stands = facts_of(concern)
    return [name for name in changed_facts(concern, facts) if stands[name] and stands[name] != EMPTY.get(name)]


def changes_place(concern, user):
    """Whether `user` may read where it happened, and so change it."""
    return concern.place is None or place_is_shown(concern.place_kind, concern, user, people_in(concern, user))


# --- What stood before ------------------------------------------------------------------------------------------------


def asking_history(concern, user):
    """The Questions of `history` (riding.py)."""
    kept = (_versions(), _versions_of_parts())
    return [asking_people([concern], user), *(each.asking(concern=concern.pk) for each in kept)]


def _versions():
    """The Composed of a concern's latest versions, the newest first."""

    def rows():
        versions = Concern.history.filter(record_id=CONCERN).select_related("history_user", "place")
        return versions.order_by("-history_date", "-history_id")[: VERSIONS_SHOWN + 1]

    return composed.kept("versions of a concern", rows)


def _versions_of_parts():
    """The same of every part in it, each part's together."""

    def rows():
        versions = Involvement.history.filter(concern_id=CONCERN).select_related("history_user")
        return versions.order_by("id", "-history_date", "-history_id")

    return composed.kept("versions of the parts in a concern", rows)


def history(concern, user):
    """Who changed what when and why, the newest first: a table's head and rows, each value by the reader's right."""
    everybody = people_in(concern, user)
    versions = _versions().objects(concern=concern.pk)
    # What was once said to be an address stays one, whatever it was called before and since.
    kinds = {version.place_kind for version in versions} & set(ADDRESSES)
    shown = all(place_is_shown(kind, concern, user, everybody) for kind in kinds)
    reads = reads_text(concern, everybody, user)
    rows = []
    for newer, older in pairwise(versions):
        for label, said in _SAID.items():
            before, after = said(older), said(newer)
            if before != after:
                hidden = not shown and label == _PLACE
                pair = (NOT_SHOWN, NOT_SHOWN) if hidden else (before or NOTHING, after or NOTHING)
                rows.append((newer, [*_by(newer), label, *pair, _why(newer, reads, user)]))
    rows += _of_relationships(concern, everybody, reads, user)
    rows.sort(key=lambda row: (row[0].history_date, row[0].history_id), reverse=True)
    return {"head": HEAD, "rows": [cells for _, cells in rows]}


def _of_relationships(concern, everybody, reads, user):
    names = {each["person"].pk: each["name"] for each in everybody if not each["hidden"]}
    versions = [each for each in _versions_of_parts().objects(concern=concern.pk) if each.person_id in names]
    for newer, older in pairwise(versions):
        if newer.id == older.id and newer.relationship != older.relationship:
            label = f"Relationship of {names[newer.person_id]} to the others"
            pair = (older.relationship or NOTHING, newer.relationship or NOTHING)
            yield newer, [*_by(newer), label, *pair, _why(newer, reads, user)]


def _by(version):
    return [words.instant(version.history_date), version.history_user.name if version.history_user else ""]


def _why(version, reads, user):
    """The reason, which may speak of everybody in the concern; "" where nothing had been recorded."""
    reason = version.history_change_reason or ""
    return reason if reads or not reason or version.history_user_id == user.pk else NOT_SHOWN


def _place(version):
    return ", ".join(part for part in (version.place.name, version.place.postcode) if part) if version.place else ""


_PLACE = "Name of the place"
_SAID = {
    "Who reported it": lambda version: version.get_source_display(),
    "Name and contact of the person who reported it": lambda version: version.reported_by,
    "When it happened": lambda version: words.day(version.happened_on),
    "When it happened, in words": lambda version: version.happened_in_words,
    "Where it happened": lambda version: version.get_place_kind_display(),
    _PLACE: _place,
    "Council's area where it happened": lambda version: version.other_borough or version.get_borough_display(),
}
