"""What a list of referrals can be narrowed to: codes in its address, what they mean, what it is then called."""

import re
from dataclasses import dataclass, field, fields
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.db.models.signals import post_save

from hsb.core import clock
from hsb.core.addresses import address
from hsb.core.composed import Moment
from hsb.core.remembered import Remembered
from hsb.people.models import Team, User
from hsb.people.states import Service
from referrals.selectors.boxes import BOXES
from referrals.selectors.listed import Listed
from referrals.states import ENDED, Category, ReferralState, Side

# How long a referral has been in its state, in whole days: least, most, words.
WAITS = {"0": (0, 1, "today or yesterday"), "2": (2, 5, "2 to 5 days"), "6": (6, None, "6 days or more")}
NO_CATEGORY = "none"
WAITING = {
    "decision": (Q(state=ReferralState.AWAITING_DECISION), "waiting for a decision"),
    "worker": (
        Q(state__in=(ReferralState.EARLY_HELP, ReferralState.STATUTORY), worker__isnull=True),
        "waiting for a worker",
    ),
}
HOLDS_REFERRALS = (Service.FRONT_DOOR, Service.EARLY_HELP, Service.STATUTORY)
_CODES = {
    "box": BOXES,
    "state": ReferralState.values,
    "category": (*Category.values, NO_CATEGORY),
    "side": Side.values,
    "waiting": WAITING,
    "waited": WAITS,
    "late": ("1",),
    "mine": ("1",),
}
_SLUG, _REFERENCE = re.compile(r"[-a-z0-9_]{1,60}"), re.compile(r"[A-Z0-9]{1,12}")


@dataclass
class Filters:
    """What a list was asked for. Every field is a code from the address, or empty."""

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
    # What the team and the worker are called, where the address names them.
    called: dict = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, asked):
        """The filters that a query string asks for; what it does not know is left out."""
        taken = {name: asked.get(name, "") for name in CODES}
        kept = {name: code for name, code in taken.items() if code and code in _CODES.get(name, ())}
        called = {}
        if _SLUG.fullmatch(taken["team"]):
            called["team"] = Team.objects.filter(slug=taken["team"]).values_list("name", flat=True).first()
        if _REFERENCE.fullmatch(taken["worker"]):
            called["worker"] = User.objects.filter(reference=taken["worker"]).values_list("name", flat=True).first()
        called = {name: words for name, words in called.items() if words}
        return cls(**kept, **{name: taken[name] for name in called}, called=called)

    @property
    def codes(self):
        """{name: code} of what is asked."""
        return {name: getattr(self, name) for name in CODES if getattr(self, name)}

    @property
    def ended(self):
        return self.state in ENDED

    def address(self, **changed):
        """The list's address with some filters changed (empty: dropped)."""
        asked = {name: {**self.codes, **changed}.get(name, "") for name in CODES}
        query = urlencode({name: code for name, code in asked.items() if code})
        return address("referrals:list") + (f"?{query}" if query else "")

    @staticmethod
    def waited_q(code):
        """The Q of a key of WAITS: how long a referral has been in its state."""
        least, most, _ = WAITS[code]
        which = Q(state_since__lte=Moment(timedelta(days=least))) if least else Q()
        return which & Q(state_since__gt=Moment(timedelta(days=most + 1))) if most is not None else which

    def title(self, count, late):
        """What the list is called: how many it holds, and how many of them are late. None: history is not counted."""
        what, more = self._subject(), "; ".join(self._narrowed())
        if count is None:
            return what[0].upper() + what[1:] + (f" ({more})" if more else "")
        if count == 1:
            for many, one in (("children", "child"), ("referrals", "referral"), (" were ", " was ")):
                what = what.replace(many, one, 1)
        what = f"{what} ({more})" if more else what
        number = f"{count:,}" if count else "No"
        if self.late:
            return f"{number} late: {what}"
        return f"{number} {what}, {late:,} late" if late else f"{number} {what}"

    def _subject(self):
        if self.box:
            return BOXES[self.box].title
        if self.waiting:
            return f"referrals {WAITING[self.waiting][1]}"
        return f"referrals: {_state(self.state)}" if self.state else "open referrals"

    def _narrowed(self):
        if self.state and (self.box or self.waiting):
            yield _state(self.state)
        if self.category:
            yield "no category" if self.category == NO_CATEGORY else Category(self.category).label
        if self.side:
            yield Side(self.side).label
        if self.waited:
            yield f"waiting {WAITS[self.waited][2]}"
        if self.team:
            yield self.called.get("team", "one team")
        if self.worker:
            yield f"with {self.called.get('worker', 'one worker')}"
        if self.mine:
            yield "mine"


CODES = tuple(each.name for each in fields(Filters) if each.name != "called")


def _state(state):
    label = ReferralState(state).label
    return label[0].lower() + label[1:]


def filtered(user, filters):
    """What `user` may open of what `filters` ask for (Listed); open ones unless a state is asked for."""
    found = Listed(user, ended=filters.ended)
    if filters.state:
        found = found.filter(state=filters.state)
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
        found = found.in_team(filters.team)
    if filters.worker:
        found = found.filter(worker__reference=filters.worker)
    if filters.mine:
        # By the key: what the list is asked by is kept, and a user would keep the request that they came with.
        found = found.filter(worker=user.pk)
    if filters.late:
        found = found.filter(next_due_on__lt=clock.today())
    return found


holding_teams = Remembered(
    lambda: Team.objects.filter(service__in=HOLDS_REFERRALS, closed_on__isnull=True).values_list("slug", "name")
)
post_save.connect(holding_teams.forget_when_committed, sender=Team)


def choices(filters):
    """The drop-downs of the list's form: [{"name", "label", "items"}], items as (value, text, whether it is chosen);
    over codes and teams, never over people."""
    asked = (
        ("state", "State", "All open", ReferralState.choices),
        ("category", "Category", "Any", [*Category.choices, (NO_CATEGORY, "No category")]),
        ("side", "Part in it", "Any", Side.choices),
        ("team", "Team", "Any", holding_teams()),
    )
    return [
        {
            "name": name,
            "label": label,
            "items": [(value, text, value == getattr(filters, name)) for value, text in [("", nothing), *offered]],
        }
        for name, label, nothing, offered in asked
    ]
