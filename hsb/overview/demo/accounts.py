"""The demo borough's teams and accounts. One password for all (DEMO_PASSWORD); never in production."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from hsb.core import clock
from hsb.people.models import Agency, Membership, Team, Training, User
from hsb.people.states import AgencyKind, Role, Service, Tool

TEAMS = {
    "front-door": ("Front door", Service.FRONT_DOOR),
    "willow": ("Willow social work team", Service.STATUTORY),
    "rowan": ("Rowan social work team", Service.STATUTORY),
    "hazel": ("Hazel Early Help team", Service.EARLY_HELP),
    "specialist": ("CSE and HSB specialists", Service.SPECIALIST),
    "panel": ("Panel office", Service.PANEL),
    "governance": ("Quality and governance", Service.GOVERNANCE),
}

# Address (before @example.org): name, team, role, trained in Brook.
ACCOUNTS = {
    "practitioner": ("Amara Okafor", "willow", Role.PRACTITIONER, True),
    "practitioner2": ("Bea Lindqvist", "willow", Role.PRACTITIONER, True),
    "duty": ("Dot Marlow", "front-door", Role.PRACTITIONER, True),
    "dutymanager": ("Dev Anand", "front-door", Role.MANAGER, False),
    "earlyhelp": ("Eli Novak", "hazel", Role.PRACTITIONER, False),
    "ehmanager": ("Esi Boateng", "hazel", Role.MANAGER, False),
    "manager": ("Mo Farrant", "willow", Role.MANAGER, True),
    "manager2": ("Max Hollis", "willow", Role.MANAGER, False),
    "chair": ("Cho Whitfield", "specialist", Role.CHAIR, True),
    "minutes": ("Min Castle", "specialist", Role.MINUTE_TAKER, False),
    "coordinator": ("Cora Vance", "panel", Role.COORDINATOR, False),
    "auditor": ("Aud Penrose", "governance", Role.AUDITOR, False),
    "admin": ("Dee Sandhu", "governance", Role.ADMINISTRATOR, False),
    "stranger": ("Carl Rees", "rowan", Role.PRACTITIONER, False),
}
# Theirs ends in three weeks: the manager is told.
TRAINED_IN_AIM = ("practitioner2",)
AGENCIES = (
    ("Borough police, child abuse investigation", AgencyKind.POLICE),
    ("Community health trust", AgencyKind.HEALTH),
    ("Schools and early years", AgencyKind.EDUCATION),
    ("Youth justice service", AgencyKind.YOUTH_JUSTICE),
)


def address(account):
    return f"{account}@example.org"


def make_accounts():
    """Teams, agencies and accounts; returns {account: User}."""
    began = clock.today() - timedelta(days=730)
    teams = {
        slug: Team.objects.create(
            slug=slug, name=name, service=service, telephone=f"01632 960{number}", mailbox=address(slug)
        )
        for number, (slug, (name, service)) in enumerate(TEAMS.items(), start=101)
    }
    for name, kind in AGENCIES:
        Agency.objects.create(name=name, kind=kind)
    # Hashed once: it is one for all, and meant to be slow.
    password = make_password(settings.DEMO_PASSWORD)
    for account, (name, team, role, trained) in ACCOUNTS.items():
        user = make_account(account, name, password)
        Membership.objects.create(user=user, team=teams[team], role=role, starts_on=began)
        if trained:
            train_in_brook(user, began)
        for tool in (Tool.AIM3, Tool.AIM_UNDER_12) if account in TRAINED_IN_AIM else ():
            Training.objects.create(
                user=user,
                tool=tool,
                trained_on=began,
                until=clock.today() + timedelta(days=21),
                evidence="Letter of the invented trainer",
            )
    return {account: User.objects.get(email=address(account)) for account in ACCOUNTS}


def make_account(account, name, password):
    """A user who can sign in; `password` is hashed already."""
    user = User(email=address(account), name=name, password=password)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def train_in_brook(user, began):
    """Trained on the day `began`, for one more year."""
    Training.objects.create(
        user=user,
        tool=Tool.BROOK,
        trained_on=began,
        until=clock.today() + timedelta(days=365),
        evidence="Certificate of the invented training office",
    )
