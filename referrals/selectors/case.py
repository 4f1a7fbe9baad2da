"""The case frame: whose record this is, who has it, the tabs, and what to do next (docs/house.md)."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Max, Q
from django.urls import NoReverseMatch, reverse

from hsb.core import clock, words
from hsb.core.borough_words import police_form_short
from hsb.core.door import last_moved
from hsb.core.models import AccessBar, AccessGrant
from hsb.core.refusals import AlreadyMoved
from referrals.models import Referral
from referrals.selectors import coming_of_age, deeds, markers
from referrals.selectors.following import what_is_next
from referrals.selectors.reading import Reading
from referrals.states import BirthPrecision, Category, ReferralState

# Tab -> its words and its URL. A floor above adds its own by name; a tab whose page does not stand is left out.
TABS = {
    "overview": ("Overview", "referrals:case"),
    "assessment": ("Assessment", "referrals:assessment"),
    "plan": ("Plan", "referrals:plan"),
    "meetings": ("Meetings", "strategy_meetings:of_referral"),
    "people": ("People", "referrals:people_tab"),
    "notes": ("Notes", "referrals:notes"),
    "documents": ("Documents", "referrals:documents"),
    "chronology": ("Chronology", "referrals:chronology"),
    "looks": ("Who looked", "referrals:who_looked"),
}


def case_frame(referral, user, tab="", here=""):
    """What the frame of every case page shows: plain data, in a constant number of queries.

    `referral` is one that `user` may open; `tab` the key of TABS that is lit; `here` the path of the page, to which
    no button and no link of the frame leads. The template is referrals/case.html.
    """
    reading = Reading.of(referral, user)
    step = what_is_next(reading, here)
    return {
        "reference": referral.reference,
        "known_as": referral.person.known_as,
        "url": reverse("referrals:case", args=[referral.reference]),
        "facts": facts(referral),
        "tags": [*tags(referral), *markers.tags(reading.markers)],
        "tabs": _tabs(referral, tab),
        "next": step,
        **_actions(reading, without={here, (step or {}).get("url")}),
    }


# --- The identity bar ----------------------------------------------------


def facts(referral):
    """Short texts that say who this is and who has it."""
    turning = coming_of_age.turning_in_words(referral)
    age = [age_in_words(referral.person), *([turning] if turning else [])]
    return [*age, who_has_it(referral), state_in_words(referral)]


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
        found.append({"text": f"{police_form_short()} not sent", "meaning": "first"})
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


# --- The other doors ----------------------------------------------------


def _actions(reading, *, without):
    """The other doors, by group; those to a URL of `without` are left out, and what cannot be done yet stands apart."""
    found = {deeds.URGENT: [], deeds.STEP: [], deeds.READERS: []}
    not_yet = []
    for each in deeds.open_deeds(reading):
        url = deeds.url_of(each.deed.code, reading.referral)
        if each.unmet:
            not_yet.append({"text": each.deed.words, "unmet": each.unmet})
        elif url and url not in without:
            found[each.deed.group].append({"text": each.deed.words, "url": url})
    return {
        "urgent": found[deeds.URGENT],
        "actions": found[deeds.STEP],
        "readers": found[deeds.READERS],
        "not_yet": not_yet,
    }


# --- Moved while the reader had its page open ----------------------------------------------------


# What a verb ends after its entry is written, it ends within this time.
ONE_VERB = timedelta(seconds=30)


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
    until = AccessGrant.objects.filter(mine, ended, record=referral.record).aggregate(last=Max("ends_at"))["last"]
    barred = AccessBar.objects.filter(user=user, record=referral.person_id, lifted_at__isnull=True).exists()
    if until is None or barred:
        return None
    last = last_moved(referral.record)
    if last["when"] is None or last["when"] < until - ONE_VERB:
        # Nothing moved then: it was leave for a time, and the time is over.
        last = {"when": until}
    return AlreadyMoved(reference=reference, state=referral.state_in_words, **last)
