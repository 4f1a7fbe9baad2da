"""What is taken away is gone with the next request of a session that was open before (ASVS 8.3.2).

Each is taken away as it is in life, through the service; the browser that had the page open asks once more.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.models import Draft, Record
from hsb.people.models import Cover
from hsb.people.services import accounts, cover, roles
from hsb.people.states import Role
from referrals.services import restricting, working
from referrals.services.deciding import Destination, allocate
from referrals.states import OfferKind
from tests import cast
from tests.referrals import case_road

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("embedded", "a session is the same on both"),
]

CHILD = "Robin Sample"
CALL = {
    "once": str(uuid4()),
    "emergency": "no",
    **date_parts("called", clock.today()),
    "spoke_to": "The duty sergeant",
    "what_was_said": "What had been reported.",
}


@pytest.fixture
def case(dot, dev, willow, amara):
    """With Amara of Willow, at work."""
    return case_road.at_work(case_road.with_statutory(dot, dev, willow, amara), amara)


def end_seat(user, dee):
    seat = user.memberships.get()
    roles.end_membership(
        user.reference, actor=cast.again(dee), team=seat.team.slug, role=seat.role, starts_on=seat.starts_on
    )


# --- Who had it open, and how it was taken away: (reader, what happened) ---


def role_ended(get):
    get("case")
    end_seat(get("mo"), get("dee"))
    return "mo"


def worker_changed(get):
    case = get("case")
    working.name_worker(case.reference, actor=get("mo"), worker=get("bea"), reason="Amara is away.")
    return "amara"


def restricted(get):
    case = get("case")
    restricting.restrict(case.reference, actor=get("mo"), reason="A councillor's family.")
    return "aud"


def barred(get):
    case = get("case")
    working.name_worker(case.reference, actor=get("mo"), worker=get("bea"), reason="Amara knows the family.")
    restricting.name_reader(case.reference, actor=get("mo"), reader=get("amara"), reason="To hand over.")
    restricting.bar(case.reference, actor=get("mo"), user=get("amara"), reason="Knows the family.")
    return "amara"


def restriction_lifted(get):
    """The named reader is nobody again."""
    case = get("case")
    restricting.lift_restriction(case.reference, actor=get("mo"), reason="No longer needed.")
    return "carl"


def cover_ended(get):
    get("case")
    standing = Cover.objects.get()
    cover.end_cover(get("amara").reference, actor=get("mo"), by=get("bea").reference, starts_on=standing.starts_on)
    return "bea"


def taken_by_another_team(get):
    case = get("case")
    offered = working.offer(
        case.reference,
        actor=get("mo"),
        kind=OfferKind.STEP_DOWN,
        to_team=get("hazel"),
        reason="Early help is enough.",
        family=case_road.deciding.FamilyAnswer(agreed=True, given_by="The mother", given_on=clock.today()),
        weighed=case_road.weighed(),
    )
    working.accept_offer(offered.reference, actor=get("esi"), answer="We take the child.", worker=get("eli"))
    return "amara"


TAKEN = {
    "her role ended": (role_ended, "mo", None),
    "another worker has the child": (worker_changed, "amara", None),
    "the record was restricted": (restricted, "aud", None),
    "she was barred": (barred, "amara", None),
    "the restriction was lifted": (restriction_lifted, "carl", "restricted to Carl"),
    "the cover ended": (cover_ended, "bea", "Bea covers"),
    "another team has the child": (taken_by_another_team, "amara", None),
}


@pytest.fixture
def before(case, amara, bea, mo, carl):
    """What has to be so before it can be taken away."""

    def arranged(what):
        if what == "Bea covers":
            cast.cover(bea, amara)
        elif what == "restricted to Carl":
            restricting.restrict(case.reference, actor=mo, reason="Kept close.", readers=[carl])

    return arranged


@pytest.mark.parametrize(("take_away", "who", "first"), TAKEN.values(), ids=TAKEN)
def test_the_next_request_finds_nothing(case, before, client_of, request, take_away, who, first):
    get = request.getfixturevalue
    for name in ("mo", "bea", "dee", "carl", "aud", "hazel", "esi", "eli"):
        get(name)
    before(first)
    laptop = client_of(get(who))
    assert laptop.get(f"/referrals/{case.reference}/").status_code == 200

    take_away(lambda name: cast.again(get(name)) if hasattr(get(name), "is_active") else get(name))

    entries = case_road.entries(case)
    for page in ("", "chronology/", "who-looked/", "assessment/", "police-call/", "protection/"):
        answer = laptop.get(f"/referrals/{case.reference}/{page}")
        assert answer.status_code == 404, page
        assert CHILD not in answer.content.decode()
    answer = laptop.post(f"/referrals/{case.reference}/police-call/", CALL)
    assert answer.status_code in {404, 409}
    assert CHILD not in answer.content.decode()
    assert case_road.entries(case) == entries
    for page in ("/referrals/", "/my-work/", "/team-work/", "/"):
        assert CHILD not in laptop.get(page).content.decode(), page


def test_a_closed_account_is_asked_to_sign_in_and_cannot(case, client_of, amara, bea, dee, mo):
    laptop = client_of(amara)
    assert laptop.get("/my-work/").status_code == 200

    accounts.close_account(amara.reference, actor=dee, reason="Left the council.")

    for path in ("/", "/my-work/", f"/referrals/{case.reference}/"):
        assert laptop.get(path).url.startswith("/account/login/")
    answer = laptop.post(f"/referrals/{case.reference}/police-call/", CALL)
    assert answer.url.startswith("/account/login/")
    laptop.post("/account/login/", {"login": amara.email, "password": cast.PASSWORD})
    assert laptop.get("/").url.startswith("/account/login/")


def test_a_new_password_ends_the_browsers_that_were_open(client_of, amara, dee):
    laptop = client_of(amara)
    assert laptop.get("/my-work/").status_code == 200

    accounts.reset_password(amara.reference, actor=dee)

    assert laptop.get("/my-work/").url.startswith("/account/login/")


def test_an_administrator_without_the_role_administers_nothing(client_of, dee, linden):
    dan = cast.user("Dan", (linden, Role.ADMINISTRATOR))
    laptop = client_of(dan)
    assert laptop.get("/people/").status_code == 200

    end_seat(dan, dee)

    assert laptop.get("/people/").status_code == 404
    assert laptop.post("/people/teams/add/", {"name": "Elm", "service": "statutory"}).status_code == 404


def test_a_named_reader_reads_until_the_last_minute_of_the_last_day(case, client_of, mo, carl, time_machine):
    until = clock.now() + timedelta(minutes=20)
    restricting.name_reader(case.reference, actor=mo, reader=carl, reason="To advise.", until=until)
    laptop = client_of(carl)
    assert laptop.get(f"/referrals/{case.reference}/").status_code == 200

    time_machine.move_to(until + timedelta(seconds=1))

    assert laptop.get(f"/referrals/{case.reference}/").status_code == 404


def test_a_role_that_ends_today_holds_today_and_not_tomorrow(case, client_of, mo, dee, time_machine):
    seat = mo.memberships.get()
    roles.end_membership(
        mo.reference, actor=dee, team="willow", role=Role.MANAGER, starts_on=seat.starts_on, last_day=clock.today()
    )
    laptop = client_of(mo)
    assert laptop.get(f"/referrals/{case.reference}/").status_code == 200

    time_machine.move_to(clock.now() + timedelta(days=1))
    laptop = client_of(cast.again(mo))

    assert laptop.get(f"/referrals/{case.reference}/").status_code == 404


def test_what_was_typed_before_is_nobody_elses(case, client_of, amara, mo, bea):
    """Amara's draft stays hers; whoever has the child after her is not shown what she typed."""
    laptop = client_of(amara)
    path = f"/referrals/{case.reference}/police-call/"
    laptop.post("/keep-draft/", {"page": path, "what_was_said": "Words of Amara's."})
    working.name_worker(case.reference, actor=mo, worker=bea, reason="Amara is away.")

    assert Draft.objects.get().user == amara
    assert "Words of Amara's" not in case_road.text(client_of(cast.again(bea)).get(path))
    assert "Words of Amara's" not in case_road.text(client_of(cast.again(mo)).get(path))


def test_an_author_loses_the_child_and_keeps_what_she_typed(dot, dev, willow, client_of, amara, time_machine):
    """Ten working days after the decision the author's own grant has ended; the concern stays open to her."""
    referral, _ = case_road.awaiting(amara, "1", harmed=False)
    allocate(referral.reference, actor=dev, destination=Destination(team=willow, reason="Social work is needed."))
    concern = referral.involvements.get().concern

    time_machine.move_to(clock.now() + timedelta(days=40))
    laptop = client_of(cast.again(amara))

    assert laptop.get(f"/referrals/{referral.reference}/").status_code == 404
    assert laptop.get(f"/concerns/{concern.reference}/").status_code == 200
    assert Record.objects.get(pk=referral.pk).restricted is False
