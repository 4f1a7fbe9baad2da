"""Lists of referrals: filters on codes, keyset pages, rows formatted before the template."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from hsb.core import clock, words
from referrals.models import Referral
from referrals.selectors.boxes import BOXES
from referrals.selectors.names import known_as
from referrals.states import ENDED, OPEN, Category, ReferralState, Side

PAGE_SIZE = 50
FAR = date(9999, 12, 31)  # a referral nobody has to do anything about stands last
COUNTED_UP_TO = 1000

# How long a referral has been in its state: working weeks mean little here, days do.
WAITS = {"0": (0, 1, "today or yesterday"), "2": (2, 5, "2 to 5 days"), "6": (6, None, "6 days or more")}
NO_CATEGORY = "none"
WAITING = {
    "decision": (Q(state=ReferralState.AWAITING_DECISION), "waiting for a decision"),
    "worker": (
        Q(state__in=(ReferralState.EARLY_HELP, ReferralState.STATUTORY), worker__isnull=True),
        "waiting for a worker",
    ),
}


@dataclass
class Filters:
    """What a list was asked for, from the address; what it does not know is left out."""

    box: str = ""
    state: str = ""
    category: str = ""
    side: str = ""
    waiting: str = ""
    waited: str = ""
    team: str = ""
    worker: str = ""
    late: str = ""
    mine: str = ""

    @classmethod
    def of(cls, asked):
        known = {
            "box": BOXES,
            "state": ReferralState.values,
            "category": (*Category.values, NO_CATEGORY),
            "side": Side.values,
            "waiting": WAITING,
            "waited": WAITS,
            "late": ("1",),
            "mine": ("1",),
        }
        taken = {name: asked.get(name, "") for name in cls.__dataclass_fields__}
        return cls(**{n: v for n, v in taken.items() if v and (n not in known or v in known[n])})

    @staticmethod
    def waited_q(code):
        """The Q of a key of WAITS: how long a referral has been in its state."""
        least, most, _ = WAITS[code]
        now = clock.now()
        which = Q(state_since__lte=now - timedelta(days=least)) if least else Q()
        return which & Q(state_since__gt=now - timedelta(days=most + 1)) if most is not None else which

    def address(self, **changed):
        """The list's address with some filters changed (empty: dropped)."""
        asked = {**vars(self), **changed}
        query = urlencode({name: value for name, value in asked.items() if value})
        return reverse("referrals:list") + (f"?{query}" if query else "")


def filtered(user, filters):
    """The queryset of the referrals `user` may open that the filters ask for; open ones unless a state says otherwise."""
    found = Referral.objects.visible_to(user)
    found = found.filter(state=filters.state) if filters.state else found.filter(state__in=OPEN)
    if filters.box:
        found = found.filter(BOXES[filters.box].which)
    if filters.category:
        found = found.filter(category="" if filters.category == NO_CATEGORY else filters.category)
    if filters.side:
        found = found.filter(side=filters.side)
    if filters.waiting:
        found = found.filter(WAITING[filters.waiting][0])
    if filters.waited:
        found = found.filter(Filters.waited_q(filters.waited))
    if filters.team:
        found = found.filter(record__holding_team__slug=filters.team)
    if filters.worker:
        found = found.filter(worker__reference=filters.worker)
    if filters.mine:
        found = found.filter(worker=user)
    if filters.late:
        found = found.filter(next_due_on__lt=clock.today())
    return found


def referral_list(user, filters, after=""):
    """One page of a list: {"title", "rows", "next", "count", "late"}; `after` is where the last page ended.

    Open referrals stand by due date, earliest first; ended ones latest first.
    """
    ended = filters.state in ENDED
    found = filtered(user, filters)
    page = _ended_page(found, after) if ended else _open_page(found, after)
    rows = list(
        page.values(
            "pk",
            "record__reference",
            "person__given_name",
            "person__family_name",
            "person__preferred_name",
            "person__born_on",
            "side",
            "category",
            "state",
            "police_outstanding",
            "record__restricted",
            "record__holding_team__name",
            "worker__name",
            "next_due_on",
            "state_since",
        )[: PAGE_SIZE + 1]
    )
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    today = clock.today()
    return {
        "rows": [_row(row, today) for row in rows],
        "next": _key(rows[-1], ended) if more else "",
        **_numbers(found, filters, ended, today),
    }


def _numbers(found, filters, ended, today):
    if ended:  # history is never counted whole: it only grows
        return {"count": None, "late": None, "title": _title(filters, None, None)}
    count = found.count()
    late = count if filters.late else found.filter(next_due_on__lt=today).count()
    return {"count": count, "late": late, "title": _title(filters, count, late)}


def _title(filters, count, late):
    if filters.box:
        what = BOXES[filters.box].title
    elif filters.waiting:
        what = f"referrals {WAITING[filters.waiting][1]}"
    elif filters.state:
        what = f"referrals: {ReferralState(filters.state).label.lower()}"
    else:
        what = "open referrals"
    if count is None:
        return what[0].upper() + what[1:]
    if count == 1:
        what = what.replace("children", "child", 1).replace("referrals", "referral", 1)
    if filters.late:
        return f"{count} late: {what}"
    return f"{count} {what}, {late} late" if late else f"{count} {what}"


def _open_page(found, after):
    found = found.alias(due=Coalesce(F("next_due_on"), FAR)).order_by("due", "pk")
    if day_and_key := _split(after):
        day, key = day_and_key
        found = found.filter(Q(due__gt=day) | Q(due=day, pk__gt=key))
    return found


def _ended_page(found, after):
    found = found.order_by("-pk")
    return found.filter(pk__lt=int(after)) if after.isdigit() else found


def _split(after):
    day, _, key = after.partition("_")
    try:
        return (date.fromisoformat(day), int(key)) if after else None
    except ValueError:
        return None


def _key(row, ended):
    return str(row["pk"]) if ended else f"{(row['next_due_on'] or FAR).isoformat()}_{row['pk']}"


COLUMNS = ("Child", "Part and category", "State", "Who has it", "Next due")


def _row(row, today):
    name = known_as(row["person__given_name"], row["person__family_name"], row["person__preferred_name"])
    age = words.age(row["person__born_on"], today)
    reference = row["record__reference"]
    note = reference if age is None else f"{age}, {reference}"
    who = {"text": row["worker__name"] or "No worker yet", "note": row["record__holding_team__name"] or ""}
    return [
        {"text": name, "url": reverse("referrals:case", args=[reference]), "note": note},
        {"text": Side(row["side"]).label, "tags": list(_tags(row))},
        {"text": ReferralState(row["state"]).label, "note": f"since {words.day(row['state_since'])}"},
        who,
        _due(row["next_due_on"], today),
    ]


def _tags(row):
    if row["category"]:
        yield {"text": Category(row["category"]).label, "meaning": "open"}
    if row["police_outstanding"]:
        yield {"text": "87A not sent", "meaning": "first"}
    if row["record__restricted"]:
        yield {"text": "Restricted", "meaning": "restricted"}


def _due(due_on, today):
    if due_on is None:
        return {"text": "Nothing due"}
    cell = {"text": words.due(due_on, today), "note": words.day(due_on)}
    if due_on < today:
        cell["tags"] = [{"text": "Late", "meaning": "late"}]
    return cell
