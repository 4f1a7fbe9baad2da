"""The frame around every page: who is here, where they can go, what waits for them. Asked only when it is drawn."""

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import cached_property

from hsb.core.addresses import address
from hsb.core.middleware import LOCKED, SEEN, STARTED
from hsb.core.riding import riding
from hsb.overview.selectors.tasks import COUNTED, first_tasks_due, tasks_due
from hsb.people.states import CASE_ROLES, Role

CASE_READERS = (*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER, Role.AUDITOR)
# Who calls, keeps or reads maps.
MAP_READERS = (*CASE_ROLES, Role.CHAIR, Role.AUDITOR)
# Who is ever asked to do something.
TASK_HOLDERS = (*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER, Role.COORDINATOR)
# The address of a page of one referral.
OF_A_RECORD = re.compile(r"/referrals/(HSB-[0-9]{4}-[0-9]{5,})/")
# Navigation by deed: what it says, where it goes, which roles use it (none: everybody); in this order.
PLACES = (
    ("Home", "overview:home", ()),
    ("My work", "overview:my_work", TASK_HOLDERS),
    ("Team work", "overview:team_work", (Role.MANAGER,)),
    ("Referrals", "referrals:list", CASE_READERS),
    ("Meetings", "strategy_meetings:list", CASE_READERS),
    ("Mapping", "panels:mapping_list", MAP_READERS),
    ("Panel", "panels:list", (Role.COORDINATOR, Role.AUDITOR)),
    ("Log a concern", "referrals:log_concern", CASE_ROLES),
    ("People", "people:users", (Role.ADMINISTRATOR,)),
    ("Teams", "people:teams", (Role.ADMINISTRATOR,)),
)


def has_tasks(user):
    return user.has_role(*TASK_HOLDERS)


def counted_in_the_header(user):
    """The Questions of the header."""
    return [first_tasks_due(user).asking_one()] if has_tasks(user) else []


class HeaderAskedBeside:
    """Middleware: what the header counts is asked with the page's first question that has one row at most."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method != "GET" or not request.user.is_authenticated:
            return self.get_response(request)
        with riding(*counted_in_the_header(request.user)):
            return self.get_response(request)


class Frame:
    """What base.html draws around a page for one request."""

    service_name = settings.SERVICE_NAME
    borough = settings.BOROUGH_NAME
    marking = settings.HANDLING_MARKING
    idle_minutes = settings.SESSION_IDLE_MINUTES

    def __init__(self, request):
        self.request = request
        user = getattr(request, "user", None)
        self.user = user if user is not None and user.is_authenticated else None

    @cached_property
    def person(self):
        return self.user.name if self.user else ""

    @cached_property
    def role_label(self):
        if not self.user:
            return ""
        return "; ".join(f"{m.get_role_display()}, {m.team.name}" for m in self.user.current_memberships()[:2])

    @cached_property
    def nav(self):
        if not self.user:
            return []
        places = [(text, address(name)) for text, name, roles in PLACES if not roles or self.user.has_role(*roles)]
        path = self.request.path
        here = max(
            (url for _, url in places if path == url or (url != "/" and path.startswith(url))), key=len, default=""
        )
        return [{"text": text, "url": url, "current": url == here} for text, url in places]

    @cached_property
    def tasks_due(self):
        """How many tasks are due today or late, "99+" where there are more; None for roles that have no tasks."""
        if not self.user or not has_tasks(self.user):
            return None
        number = tasks_due(self.user)
        return number if number < COUNTED else f"{COUNTED - 1}+"

    @cached_property
    def searches(self):
        return bool(self.user) and self.user.has_role(*CASE_ROLES, Role.CHAIR, Role.AUDITOR)

    @cached_property
    def ask_access_url(self):
        """Where access is asked for to the record that the address names, whether there is one or not; "" elsewhere."""
        found = OF_A_RECORD.match(self.request.path)
        if found is None or not self.user or not self.user.has_role(*CASE_READERS):
            return ""
        return address("overview:ask_access_by_reference", found[1])

    @property
    def search_url(self):
        return address("overview:search")

    @property
    def tasks_url(self):
        return address("overview:my_work")

    @property
    def account_url(self):
        return address("people:account")

    @property
    def sign_out_url(self):
        return address("account_logout")

    @property
    def still_here_url(self):
        return address("core:still_here")

    @cached_property
    def assets_missing(self):
        return (settings.VENDOR_DIR / "MISSING").exists()

    @cached_property
    def session_ends_at(self):
        """When the session will be locked if nothing is done, or ends whatever is done. None where it is locked:
        a warning would lie over the very page that asks for the password."""
        if not self.user or SEEN not in self.request.session or LOCKED in self.request.session:
            return None
        seen, started = (datetime.fromisoformat(self.request.session[key]) for key in (SEEN, STARTED))
        return min(
            seen + timedelta(minutes=self.idle_minutes), started + timedelta(hours=settings.SESSION_ABSOLUTE_HOURS)
        )


def frame(request):
    """Context processor."""
    return {"frame": Frame(request)}
