"""The case frame: whose record this is, who has it, the tabs, and what to do next (docs/house.md)."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from hsb.core import clock, words
from hsb.core.door import last_moved
from hsb.core.models import AccessBar, AccessGrant
from hsb.core.refusals import AlreadyMoved
from hsb.core.timescales import timescale
from hsb.people.states import Role
from referrals.models import Referral
from referrals.selectors import deeds
from referrals.selectors.reading import Reading
from referrals.states import BirthPrecision, Category, ReferralState

# Tab -> its words and its URL. A floor above adds its own by name; a tab whose page does not stand is left out.
TABS = {
    "overview": ("Overview", "referrals:case"),
    "assessment": ("Assessment", "referrals:assessment"),
    "plan": ("Plan", "referrals:plan"),
    "meetings": ("Meetings", "strategy_meetings:of_referral"),
    "people": ("People", "referrals:people_tab"),
    "documents": ("Documents", "referrals:documents"),
    "chronology": ("Chronology", "referrals:chronology"),
    "looks": ("Who looked", "referrals:who_looked"),
}
# Kind of task -> the deed or the page where it is done. A kind that is missing here is said, without a button.
DONE_AT = {
    "assess": "assessment",
    "assess_safety": "assessment",
    "new_concern": "assessment",
    "decide": "decide",
    "reassess": "decide_reassessment",
    "name_worker": "name_worker",
    "start_work": "start_work",
    "police_referral": "police_referral",
    "meeting_decision": "decide_meeting",
    "protection": "follow_up_protection",
    "answer_offer": "answer_offer",
    "close": "close",
    "tell_referrer": "tell_referrer",
    "family_assessment": "service_step",
    "early_help_review": "service_step",
}


def case_frame(referral, user, tab=""):
    """What the frame of every case page shows: plain data, in a constant number of queries.

    `referral` is one that `user` may open; `tab` the key of TABS that is lit. The template is referrals/case.html.
    """
    reading = Reading.of(referral, user)
    open_now = deeds.open_deeds(reading)
    following = _next(reading, open_now)
    return {
        "reference": referral.reference,
        "known_as": referral.person.known_as,
        "url": reverse("referrals:case", args=[referral.reference]),
        "facts": facts(referral),
        "tags": tags(referral),
        "tabs": _tabs(referral, tab),
        "next": following,
        **_actions(reading, open_now, done_next=(following or {}).get("url", "")),
    }


# --- The identity bar ----------------------------------------------------


def facts(referral):
    """Short texts that say who this is and who has it."""
    return [age_in_words(referral.person), who_has_it(referral), state_in_words(referral)]


def age_in_words(person, on=None):
    """The child's age today as it is said: "14 years old", "Not yet born", "Age not known"."""
    if person.birth_precision == BirthPrecision.EXPECTED and person.born_on and person.born_on > clock.today():
        return f"Not yet born, expected {words.day(person.born_on)}"
    years = person.age_on(on or clock.today())
    if years is None:
        return "Age not known"
    said = "Under 1 year old" if years == 0 else f"{words.count(years, 'year')} old"
    return f"{said}, estimated" if person.birth_precision == BirthPrecision.ESTIMATED else said


def who_has_it(referral):
    """The team and the worker who have the child now, or had it last."""
    team = referral.record.holding_team
    held = f"{'Was with' if referral.has_ended else 'With'} {team.name if team else 'no team'}"
    if referral.worker:
        return f"{held}: {referral.worker.name}"
    return held if referral.is_undecided or referral.has_ended else f"{held}: no worker named yet"


def state_in_words(referral):
    """The state and since when."""
    since = words.day(referral.closed_on or referral.state_since)
    said = referral.get_state_display()
    if referral.state == ReferralState.CLOSED:
        return f"{said} on {since}: {referral.get_closed_as_display().lower()}"
    return f"{said} since {since}"


def tags(referral):
    """The markers beside the name. A child who was harmed never has a category (practice.md B1)."""
    found = []
    if referral.police_outstanding:
        found.append({"text": "87A not sent", "meaning": "first"})
    if referral.has_category and referral.category:
        meaning = "quiet" if referral.category == Category.NOT_HSB else f"category-{referral.category}"
        found.append({"text": Category(referral.category).label, "meaning": meaning})
    if referral.record.restricted:
        found.append({"text": "Restricted", "meaning": "restricted"})
    return found


def _tabs(referral, lit):
    found = []
    for key, (text, name) in TABS.items():
        try:
            url = reverse(name, args=[referral.reference])
        except NoReverseMatch:
            continue
        found.append({"text": text, "url": url, "current": key == lit})
    return found


# --- Next, and the other doors ----------------------------------------------------


def _next(reading, open_now):
    """The one thing to do: the reader's own first, where a page of theirs does it; else whoever's is due first."""
    if not reading.tasks:
        return None
    doable = {each.deed.code for each in open_now if each.opens}
    # A team's task is anybody's who may do it now; a named person's is theirs alone.
    mine = [t for t in reading.tasks if reading.holds(t) or (t.owner_id is None and _page_of(reading, t, doable))]
    task = next((t for t in mine if _page_of(reading, t, doable)), (mine or reading.tasks)[0])
    said = task_in_words(task)
    page = _page_of(reading, task, doable) if task in mine else ""
    return {
        "text": said["text"],
        "who": "Yours to do" if page and task.owner_id else said["who"],
        "when": said["when"],
        "late": said["late"],
        **({"url": page, "button": said["text"]} if page else {}),
    }


def _page_of(reading, task, doable):
    """The URL where the task is done, if the reader can do it now; else ""."""
    code = DONE_AT.get(task.kind, "")
    if not code or (code in deeds.DEEDS and code not in doable):
        return ""
    return deeds.url_of(code, reading.referral)


def task_in_words(task):
    """An open task, said: what, whose, by when, whether it is late."""
    if task.owner:
        who = task.owner.name
    else:
        plural = "Managers" if task.role == Role.MANAGER else "Workers"
        who = f"{plural} of {task.team.name}"
    return {
        "text": timescale(task.kind).title,
        "who": who,
        "when": words.due(task.due_on),
        "late": task.due_on < clock.today(),
        "due_on": words.day(task.due_on),
    }


def _actions(reading, open_now, *, done_next):
    """The other doors, by group; the one that "Next" is a button for stands there alone."""
    shown = []
    for each in open_now:
        url = deeds.url_of(each.deed.code, reading.referral)
        if url and url != done_next:
            link = {"text": each.deed.words, "url": url, "before": each.deed.before, "unmet": each.unmet}
            shown.append((each.deed.group, link))
    return {
        "urgent": [link for group, link in shown if group == deeds.URGENT],
        "actions": [link for group, link in shown if group == deeds.STEP],
        "readers": [link for group, link in shown if group == deeds.READERS],
    }


# --- Moved while the reader had its page open ----------------------------------------------------


def moved_away(reference, user):
    """AlreadyMoved for a record that `user` could open when a page of this session was drawn; else None.

    Of two managers who decide at once the second may not open the record any more: they are told who was first and
    when, not that there is no such page. A bar, or a restriction without a grant to the user, tells nothing.
    """
    referral = Referral.at(reference).first()
    if referral is None:
        return None
    now = clock.now()
    mine = Q(user=user)
    if not referral.record.restricted:
        for membership in user.current_memberships():
            mine |= Q(team=membership.team_id, role=membership.role)
    ended = Q(ends_at__lte=now, ends_at__gt=now - timedelta(hours=settings.SESSION_ABSOLUTE_HOURS))
    could = AccessGrant.objects.filter(mine, ended, record=referral.record).exists()
    barred = AccessBar.objects.filter(user=user, record=referral.person_id, lifted_at__isnull=True).exists()
    if not could or barred:
        return None
    return AlreadyMoved(reference=reference, state=referral.state_in_words, **last_moved(referral.record))
