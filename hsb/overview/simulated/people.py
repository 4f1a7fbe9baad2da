"""Who is in a simulated borough: areas with their teams and accounts; children whose names and numbers are nobody's."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from hsb.core import clock
from hsb.core.identifiers import nhs_check_digit, upn_check_letter
from hsb.core.models import Place
from hsb.core.models.places import folded
from hsb.overview.demo import invented
from hsb.overview.demo.accounts import ACCOUNTS, TEAMS, address, make_account, make_accounts, train_in_brook
from hsb.people.models import Membership, Team
from hsb.people.states import Role

OPEN_OF_A_WORKER = 250
OPEN_OF_AN_AREA = 5_000
OPEN_OF_THE_FIRST = 1_000  # whatever the size: who works there has the same open work in every simulated borough
# Which accounts of the walk there are more of where there is more to do: of a hundred workers.
WORKERS = {"practitioner": 60, "earlyhelp": 40}
# Who is at least in each area, by account of the walk.
LEAST = {
    "duty": 2,
    "dutymanager": 2,
    "practitioner": 4,
    "earlyhelp": 2,
    "manager": 2,
    "ehmanager": 1,
    "chair": 2,
    "minutes": 2,
    "coordinator": 1,
    "stranger": 1,
}
WIDE = "wide"  # the account that manages the teams of ten areas
WIDE_AREAS = 10
WIDE_TEAMS = ("willow", "hazel")
YEARS = 12  # for so long everybody has been there


@dataclass
class Area:
    """`teams` {slug of the walk: Team}, `pools` {(slug, role): [User]}; `share`: how many open referrals are theirs."""

    number: int
    share: int
    teams: dict
    pools: dict


def areas(open_referrals):
    """Makes teams and accounts for so many open referrals; returns the areas, first the demo's own teams."""
    first = min(open_referrals, OPEN_OF_THE_FIRST)
    rest = open_referrals - first
    shares = [first, *([rest // count] * count if (count := -(-rest // OPEN_OF_AN_AREA)) else [])]
    make_accounts()
    began = clock.today() - timedelta(days=YEARS * 366)
    Membership.objects.update(starts_on=began)
    password = make_password(settings.DEMO_PASSWORD)
    found = [_area(number, share, began, password) for number, share in enumerate(shares, start=1)]
    _who_manages_much(found, began, password)
    return found


def _area(number, share, began, password):
    mine = f"-{number}" if number > 1 else ""
    teams = {
        slug: Team.objects.get_or_create(
            slug=slug + mine,
            defaults={"name": f"{name} {number}", "service": service, "mailbox": address(slug + mine)},
        )[0]
        for slug, (name, service) in TEAMS.items()
    }
    pools = {}
    for membership in Membership.objects.filter(team__in=teams.values()).select_related("user", "team"):
        slug = membership.team.slug.removesuffix(mine) if mine else membership.team.slug
        pools.setdefault((slug, membership.role), []).append(membership.user)
    for account, least in LEAST.items():
        _, slug, role, trained = ACCOUNTS[account]
        pool = pools.setdefault((slug, role), [])
        wanted = max(least, round(share / OPEN_OF_A_WORKER * WORKERS.get(account, 0) / 100))
        for count in range(len(pool) + 1, wanted + 1):
            made = _person(f"{account}.{count}.area{number}", password)
            Membership.objects.create(user=made, team=teams[slug], role=role, starts_on=began)
            if trained:
                train_in_brook(made, began)
            pool.append(made)
    return Area(number, share, teams, pools)


def _person(account, password):
    """An account called after its address, so that nobody takes it for somebody."""
    what, *numbered = account.split(".")
    name = " of ".join([f"{what.capitalize()} {' '.join(numbered[:1])}".strip(), *numbered[1:]])
    return make_account(account, name, password)


def _who_manages_much(found, began, password):
    """A manager of the teams of the last ten areas."""
    user = _person(WIDE, password)
    for area in found[-WIDE_AREAS:]:
        for slug in WIDE_TEAMS:
            Membership.objects.create(user=user, team=area.teams[slug], role=Role.MANAGER, starts_on=began)


def places(area, wanted):
    """{(kind, name): key} of the places of the stories, in this area."""
    found = {}
    for kind, name in wanted:
        here = f"{name} {area.number}" if area.number > 1 else name
        place, _ = Place.objects.get_or_create(kind=kind, folded=folded(here), postcode="", defaults={"name": here})
        found[kind, name] = place.pk
    return found


class Names:
    """Children's names: common ones often, rare ones seldom; each made of words that nobody is called by."""

    BEGINNINGS = (
        "Story", "Fable", "Pretend", "Sample", "Notreal", "Madeup", "Paper", "Lantern", "Cloud", "Pebble", "Marble",
        "Button", "Puddle", "Ribbon", "Kettle", "Velvet", "Copper", "Feather", "Thimble", "Wicker", "Bracken", "Tumble",
        "Saddle", "Meadow", "Harbour", "Quill", "Ember", "Frost", "Harvest", "Juniper",
    )  # fmt: skip
    ENDINGS = (
        "field", "worth", "ley", "by", "stead", "ham", "brook", "croft", "dale", "gate", "hurst", "land", "mere",
        "more", "ridge", "shaw", "stone", "thorpe", "wick", "wood", "bury", "den", "ford", "grove", "hill", "low",
        "side", "well", "cote", "fold",
    )  # fmt: skip
    GIVEN_ENDINGS = ("", "ette", "ell", "o", "an", "ina", "is", "by", "en", "ia", "or", "us")

    def __init__(self, dice):
        self.dice = dice
        self.given = [given + ending for ending in self.GIVEN_ENDINGS for given in invented.GIVEN]
        self.family = [begin + end for end in self.ENDINGS for begin in self.BEGINNINGS]

    def next(self):
        """(given, family): the first of each list about thirty times as often as the last."""
        given, family = self.given, self.family
        chance = self.dice.random
        return given[int(len(given) * chance() ** 2)], family[int(len(family) * chance() ** 2)]


class Numbers:
    """NHS numbers, UPNs and local numbers, valid and nobody's; four in five have an NHS number, while there are any."""

    def __init__(self, dice):
        self.dice = dice
        self.nhs = (nine + check for n in range(10**6) if (check := nhs_check_digit(nine := f"999{n:06}")))
        self.count = 0

    def next(self):
        """(NHS number or None, UPN, local number)."""
        self.count += 1
        twelve = f"{999_000_000_000 + self.count}"
        nhs = next(self.nhs, None) if self.dice.random() < 0.8 else None
        return nhs, upn_check_letter(twelve) + twelve, f"SIM{self.count:07}"


def postcode(dice):
    """One of half a million postcodes that no street has."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"AA{dice.randrange(1, 100)} {dice.randrange(1, 10)}{dice.choice(letters)}{dice.choice(letters)}"
