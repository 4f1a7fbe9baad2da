"""What the serving process knows of a reader, and the product's own numbers: raw SQL must count the same."""

from django.test import Client

from hsb.core import access, clock
from hsb.overview.selectors import tasks, work
from hsb.overview.selectors.open_referrals import OpenReferrals
from hsb.people.models import User
from hsb.people.states import Role
from referrals.models import Referral
from referrals.models.readers import principals_of
from referrals.selectors.boxes import BOXES, chart_counts
from referrals.states import OPEN


def of(email):
    """What raw SQL is told of a reader: {"user", "today", "now", "auditor", "ended", "covered", "seats", "manages",
    "principals"}.

    `seats` are [team, role] of today's memberships, `ended` the kinds of leave by name that ended with a role,
    `principals` what the reader is called in the table of readers.
    """
    user = User.objects.get(email=email)
    roles = {membership.role for membership in user.current_memberships()}
    return {
        "user": user.pk,
        "today": clock.today(),
        "now": clock.now(),
        "auditor": Role.AUDITOR in roles,
        "ended": [because for because, needed in access.FOR_A_ROLE.items() if not roles & set(needed)],
        "covered": user.stands_in_for(clock.today()),
        "seats": [[membership.team_id, membership.role] for membership in user.current_memberships()],
        "manages": sorted(user.teams_as(Role.MANAGER)),
        "principals": [key for key, since in principals_of(user) if since is None],
    }


def exists(email):
    return User.objects.filter(email=email).exists()


def open_and_late(email):
    """[how many open referrals the reader may open, how many of them are late], by the rule of access."""
    found = Referral.objects.visible_to(User.objects.get(email=email)).filter(state__in=OPEN)
    return [found.count(), found.filter(next_due_on__lt=clock.today()).count()]


def chart(email):
    """[number, late, number, late, ...] of every box of the flowchart, in the order of the boxes."""
    counts = chart_counts(User.objects.get(email=email))
    return [counts[code][which] for code in BOXES for which in ("number", "late")]


def team_work(email):
    """{"decision": [total, late], "worker": [total, late], "late", "outstanding", "tasks": [number, late]}."""
    user = User.objects.get(email=email)
    referrals = OpenReferrals(user)
    tables = {code: work.waiting_table(referrals, code) for code in ("decision", "worker")}
    of_the_team = tasks.team_task_rows(user, 1)
    return {
        **{code: [table["total"], table["late"]] for code, table in tables.items()},
        "late": referrals.late,
        "outstanding": referrals.police_outstanding,
        "tasks": [of_the_team["number"], of_the_team["late"]],
    }


def cookies(email):
    """{name: value} of the cookies of that reader's browser."""
    browser = Client()
    browser.force_login(User.objects.get(email=email))
    # Whoever has signed in has seen a page with a form: the token of forms comes with the first one.
    browser.get("/")
    return {name: cookie.value for name, cookie in browser.cookies.items()}


def cookie(email):
    """The same, as the header of a request says it."""
    return "; ".join(f"{name}={value}" for name, value in cookies(email).items())
