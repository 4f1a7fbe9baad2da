"""What one person sees agrees wherever they look: list, page, search, numbers, my work, the team's work.

The borough is made by chance from a seed: grants live, ended and still to begin, restrictions, bars, cover, roles that
ended. Who may open what is worked out here a second time, row by row in Python, from docs/house.md.
"""

import random
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection

from hsb.core import access, clock
from hsb.core.models import AccessBar, AccessGrant, Record
from hsb.core.states import Because
from hsb.people.models import Cover
from hsb.people.states import Role, Service
from referrals.services.person_keys import index_person
from referrals.states import IN_SERVICE, OPEN, Category, ReferralState, Side
from tests import cast
from tests.clients import HouseClient
from tests.of_a_module import made_once
from tests.pages import page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("postgresql", "the same readers are asked of every URL on the embedded one"),
]

CHILDREN = 26
PLACES = ["Ash", "Birch", "Cedar", "Damson", "Elder", "Fir"]
SEARCHED = 8


# --- A borough made by chance ---


class Borough:
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.teams = [
            cast.team("Front door", Service.FRONT_DOOR),
            cast.team("Willow", Service.STATUTORY),
            cast.team("Rowan", Service.STATUTORY),
            cast.team("Hazel", Service.EARLY_HELP),
        ]
        self.linden = cast.team("Linden", Service.GOVERNANCE)
        self._people()
        self.children = [self._child(number) for number in range(CHILDREN)]

    def _people(self):
        yesterday = clock.today() - timedelta(days=1)
        self.people = {}
        for its_team in self.teams:
            for role, name in ((Role.PRACTITIONER, "worker"), (Role.PRACTITIONER, "other"), (Role.MANAGER, "manager")):
                who = f"{its_team.name} {name}"
                self.people[who] = cast.user(who, (its_team, role))
        self.people["both teams"] = cast.user(
            "Both teams", (self.teams[1], Role.PRACTITIONER), (self.teams[2], Role.MANAGER)
        )
        moved = self.people["moved on"] = cast.user("Moved on", (self.teams[2], Role.PRACTITIONER))
        cast.join(moved, self.teams[1], Role.MANAGER, ends_on=yesterday)
        cast.join(moved, self.teams[0], Role.MANAGER, starts_on=clock.today() + timedelta(days=1))
        self.people["auditor"] = cast.user("Auditor", (self.linden, Role.AUDITOR))
        self.people["chair"] = cast.user("Chair", (self.linden, Role.CHAIR))
        workers = self._practitioners()
        for by, covered, ends_on in ((0, 2, None), (1, 3, yesterday), (4, 0, None)):
            starts_on = yesterday - timedelta(days=3) if ends_on else None
            cast.cover(workers[by], workers[covered], starts_on=starts_on, ends_on=ends_on)

    def _practitioners(self):
        return [user for name, user in self.people.items() if name.endswith(("worker", "other"))]

    def _child(self, number):
        """A referral in some state with a name that nothing else has, and some chance in who may open it."""
        chance = self.chance
        state = chance.choice([*ReferralState.values])
        if state == ReferralState.ATTACHED:
            state = ReferralState.RECEIVED
        its_team = chance.choice(self.teams if state not in IN_SERVICE else self.teams[1:])
        worker = chance.choice(self._practitioners())
        side = chance.choice(Side.values)
        child = cast.person(
            f"{PLACES[number % 6]}{number:02}".translate(str.maketrans("0123456789", "abcdefghij")),
            "Agreeable",
            born_on=date(2009 + number % 9, 1 + number % 12, 1 + number % 28),
        )
        index_person(child)
        referral = cast.referral(
            chance.choice(list(self.people.values())[:12]),
            held_by=its_team,
            state=state,
            side=side,
            child=child,
            worker=worker if state in (*IN_SERVICE, ReferralState.CLOSED) and chance.random() < 0.8 else None,
            category=chance.choice(Category.values) if side not in (Side.HARMED, Side.NOT_YET_KNOWN) else "",
            tier=chance.choice([2, 3, 4]),
            next_due_on=clock.today() + timedelta(days=chance.randint(-9, 20)) if state in OPEN else None,
        )
        self._chance_of_rights(referral)
        return referral

    def _chance_of_rights(self, referral):
        chance, now = self.chance, clock.now()
        if chance.random() < 0.25:
            Record.objects.filter(pk__in=(referral.pk, referral.person_id)).update(restricted=True)
        for user in chance.sample(list(self.people.values()), 3):
            starts = now - timedelta(days=chance.randint(0, 5)) if chance.random() < 0.8 else now + timedelta(days=1)
            ends = chance.choice([None, None, now + timedelta(hours=1), now - timedelta(hours=1)])
            if ends is None or ends > starts:
                AccessGrant.objects.get_or_create(
                    record=referral.record,
                    user=user,
                    because=Because.NAMED,
                    defaults={"starts_at": starts, "ends_at": ends},
                )
        if chance.random() < 0.3:
            barred = chance.choice(list(self.people.values()))
            AccessBar.objects.create(
                user=barred,
                record_id=referral.person_id,
                reason="Chance",
                set_by=self.people["auditor"],
                set_at=now,
                lifted_at=now if chance.random() < 0.3 else None,
            )
        if chance.random() < 0.2:
            access.end_grants(referral.record, Because.HOLDING_TEAM, Because.ALLOCATED, Because.ALLOCATED_TEAM)


@pytest.fixture(scope="module")
def borough(django_db_setup, django_db_blocker):
    """Another one on each database."""
    with made_once(django_db_blocker, lambda: Borough(seed=1 if connection.vendor == "sqlite" else 2)) as made:
        yield made


# --- The rule, a second time ---


def may_open(user, referral, now):
    """Whether `user` may open `referral`, asked of every row in turn."""
    record = Record.objects.get(pk=referral.pk)
    if any(bar.lifted_at is None for bar in AccessBar.objects.filter(user=user, record=referral.person_id)):
        return False
    today = clock.today()
    seats = {(m.team_id, m.role) for m in user.memberships.all() if _holds(m, today)}
    covered = {cover.covered_id for cover in Cover.objects.filter(by=user) if _holds(cover, today)}
    for grant in AccessGrant.objects.filter(record=record):
        if grant.starts_at > now or (grant.ends_at is not None and grant.ends_at <= now):
            continue
        if grant.user_id == user.pk:
            return True
        if record.restricted:
            continue
        if (grant.team_id, grant.role) in seats or (grant.user_id in covered and grant.because == Because.ALLOCATED):
            return True
    return not record.restricted and any(role == Role.AUDITOR for _, role in seats)


def _holds(dated, today):
    return dated.starts_on <= today and (dated.ends_on is None or dated.ends_on >= today)


def theirs(borough, user):
    now = clock.now()
    return {referral.reference: referral for referral in borough.children if may_open(user, referral, now)}


# --- Every place to look ---


def references(html):
    """The referrals that links of the page lead to."""
    parts = [urlsplit(href).path.split("/") for href, _ in page(html).links]
    return {part[2] for part in parts if part[1:2] == ["referrals"] and len(part) > 3}


def listed(laptop, address):
    """Every referral of a list, over all its pages; each stands there once."""
    found = []
    while address:
        response = laptop.get(address)
        assert response.status_code == 200, address
        found += [row[0]["url"].split("/")[2] for row in response.context["found"]["rows"]]
        address = response.context["next_url"]
    assert len(found) == len(set(found))
    return set(found)


READERS = [
    "Front door worker",
    "Front door manager",
    "Willow worker",
    "Willow other",
    "Willow manager",
    "Rowan manager",
    "Hazel worker",
    "Hazel manager",
    "both teams",
    "moved on",
    "auditor",
    "chair",
]


@pytest.fixture(params=READERS)
def reader(request, borough):
    return borough.people[request.param]


@pytest.fixture
def laptop(reader):
    laptop = HouseClient()
    laptop.force_login(reader)
    return laptop


def test_everybody_finds_something_and_nobody_everything(borough):
    found = {name: len(theirs(borough, borough.people[name])) for name in READERS}

    assert all(0 < number < CHILDREN for number in found.values()), found


def test_list_and_page_show_the_same_referrals(borough, reader, laptop):
    mine = theirs(borough, reader)

    opened = {
        each.reference for each in borough.children if laptop.get(f"/referrals/{each.reference}/").status_code == 200
    }
    in_lists = listed(laptop, "/referrals/") | listed(laptop, "/referrals/?state=closed")

    assert opened == set(mine)
    assert in_lists == set(mine)


def test_every_number_on_the_way_is_the_number_of_its_list(borough, reader, laptop):
    mine = {reference for reference, referral in theirs(borough, reader).items() if referral.is_open}
    places = ["/", "/team-work/"] if reader.has_role(Role.MANAGER) else ["/"]

    wrong = []
    for place in places:
        for address, number in numbers(laptop.get(place)):
            in_list = listed(laptop, address)
            if len(in_list) != number or not in_list <= mine:
                wrong.append((place, address, number, sorted(in_list)))

    assert wrong == []


def numbers(response):
    """(address, number) of every link to a list whose words begin with a number."""
    found = []
    for href, words in page(response).links:
        first = words.strip().split(" ")[0]
        if urlsplit(href).path == "/referrals/" and urlsplit(href).query and first.isdigit():
            found.append((href, int(first)))
    assert found, "No number leads to a list."
    return found


def test_search_links_to_what_the_reader_may_open_and_to_nothing_else(borough, reader, laptop):
    mine = theirs(borough, reader)
    barred = set(AccessBar.objects.filter(user=reader, lifted_at=None).values_list("record", flat=True))

    wrong = []
    for referral in borough.children[:SEARCHED]:
        child = referral.person
        typed = f"{child.given_name} {child.family_name} {child.born_on:%d %m %Y}"
        answer = laptop.post("/search/", {"terms": typed}, follow=True)
        found = references(answer)
        if (referral.reference in found) != (referral.reference in mine) or not found <= set(mine):
            wrong.append((referral.reference, found))
        shown = child.given_name in str([row[0]["text"] for row in answer.context["rows"]])
        if shown != named_in_search(reader, referral, mine, barred):
            wrong.append((referral.reference, "name", shown))

    assert wrong == []


def named_in_search(reader, referral, mine, barred):
    """B8: the name of an ordinary record is shown to whoever searches; of a restricted one to whoever may open it."""
    if referral.person_id in barred:
        return False
    restricted = Record.objects.get(pk=referral.pk).restricted
    return not restricted or referral.reference in mine


def test_my_work_names_only_what_may_be_opened(borough, reader, laptop):
    mine = theirs(borough, reader)
    response = laptop.get("/my-work/")
    if response.status_code == 404:
        assert not reader.has_role(Role.PRACTITIONER, Role.MANAGER)
        return

    with_me = {reference for reference, each in mine.items() if each.worker_id == reader.pk and each.is_open}

    assert references(response) <= set(mine)
    assert {row[0]["url"].split("/")[2] for row in response.context["mine"]["rows"]} == with_me


def test_no_page_names_a_child_whom_the_reader_may_not_open(borough, reader, laptop):
    mine = theirs(borough, reader)
    opens = {referral.person_id for referral in mine.values()}
    hidden = {each.person.given_name for each in borough.children if each.person_id not in opens}

    told = []
    for address in ("/", "/my-work/", "/team-work/", "/referrals/", "/referrals/?state=closed", "/people/my-account/"):
        text = page(laptop.get(address)).text
        told += [(address, name) for name in hidden if name in text]

    assert told == []


@pytest.mark.parametrize("narrow", ["mine=1", "late=1", "box=harmed", "waiting=decision", "side=both", "category=2"])
def test_a_narrower_list_shows_nothing_more(borough, reader, laptop, narrow):
    mine = {reference: each for reference, each in theirs(borough, reader).items() if each.is_open}

    found = listed(laptop, f"/referrals/?{narrow}")

    assert found == {reference for reference, each in mine.items() if WANTED[narrow](each, reader)}


WANTED = {
    "mine=1": lambda referral, reader: referral.worker_id == reader.pk,
    "late=1": lambda referral, reader: referral.next_due_on < clock.today(),
    "box=harmed": lambda referral, reader: referral.side in ("harmed", "both"),
    "waiting=decision": lambda referral, reader: referral.state == "awaiting_decision",
    "side=both": lambda referral, reader: referral.side == "both",
    "category=2": lambda referral, reader: referral.category == "2",
}
