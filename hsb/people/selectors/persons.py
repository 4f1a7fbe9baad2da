"""The list of people, and one person's page, as an administrator sees them."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from hsb.core import clock, words
from hsb.core.fetched import fetch
from hsb.people import permissions
from hsb.people.models import Cover, Membership, Team, User
from hsb.people.selectors import changes, rows
from hsb.people.states import AccountEvent

SIZE = 50
CHANGES_SHOWN = 10
PASSWORD_EVENTS = (AccountEvent.PASSWORD_GIVEN, AccountEvent.PASSWORD_CHOSEN)


def one_time_password_given_at(user):
    """When an administrator gave `user` the password in force; None where the owner has chosen it."""
    return _given_at(user.history.filter(history_change_reason__in=PASSWORD_EVENTS).order_by("-history_id")[:1])


def _given_at(versions):
    """The same of versions of the account, the latest first."""
    last = next((each for each in versions if each.history_change_reason in PASSWORD_EVENTS), None)
    if last is None or last.history_change_reason == AccountEvent.PASSWORD_CHOSEN:
        return None
    return last.history_date


def second_factor_is_on(user):
    return _second_factors(user).exists()


def _second_factors(user):
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)


# --- The list ----------------------------------------------------------------------------------------------------


def user_list(*, closed=False, team="", after=""):
    """One page of people by name: open accounts or closed ones, of one team (slug) or of all, after a reference.

    A closed account belongs to the teams it ever was in.
    """
    today = clock.today()
    of_today = Membership.objects.current(today).select_related("team").order_by("team__name", "role")
    found = User.objects.filter(is_active=not closed).annotate(sorted_name=Lower("name"))
    chosen = Team.objects.filter(slug=team).first() if team else None
    if chosen is not None:
        seats = Membership.objects.filter(user=OuterRef("pk"), team=chosen)
        found = found.filter(Exists(seats if closed else seats.current(today)))
    if after:
        found = _after(found, after)
    found = found.order_by("sorted_name", "reference").prefetch_related(
        Prefetch("memberships", queryset=of_today, to_attr="of_today")
    )
    page = list(found[: SIZE + 1])
    shown = page[:SIZE]
    kept = {"state": "closed" if closed else "", "team": chosen.slug if chosen else ""}
    return {
        "caption": f"{'Closed' if closed else 'Open'} accounts{f' in {chosen.name}' if chosen else ''}, by name",
        "head": ["Name", "Job title", "Roles today"],
        "rows": [_list_row(user) for user in shown],
        "empty": "Nobody is left on this page. Go back to the first ones."
        if after
        else "No account matches. Choose another team, or look among the other accounts.",
        "next_url": _list_url(**kept, after=shown[-1].reference) if len(page) > SIZE else "",
        "first_url": _list_url(**kept) if after else "",
        "filters": [
            {"text": "Open accounts", "url": _list_url(team=kept["team"]), "current": not closed},
            {"text": "Closed accounts", "url": _list_url(team=kept["team"], state="closed"), "current": closed},
        ],
        "teams": [
            {"slug": t.slug, "name": t.name if t.closed_on is None else f"{t.name} (closed)", "chosen": t == chosen}
            for t in Team.objects.order_by("closed_on", "name")
        ],
        "state": kept["state"],
    }


def _after(found, reference):
    """The rows after the one that `reference` names; all of them where it names none."""
    name = User.objects.filter(reference=reference).values_list(Lower("name"), flat=True).first()
    if name is None:
        return found
    return found.filter(Q(sorted_name__gt=name) | Q(sorted_name=name, reference__gt=reference))


def _list_url(**filters):
    query = urlencode({name: value for name, value in filters.items() if value})
    return reverse("people:users") + (f"?{query}" if query else "")


def _list_row(user):
    return [
        {"text": user.name, "url": reverse("people:user", args=[user.reference]), "note": user.email},
        user.job_title or "Not recorded",
        words.listed(str(m) for m in user.of_today) or "No role today",
    ]


# --- One person --------------------------------------------------------------------------------------------------


def person_page(person, viewer):
    """Everything an administrator may know of `person`, and the deeds that work for `viewer` now."""
    covers = Cover.objects.filter(Q(covered=person) | Q(by=person)).select_related("covered", "by", "arranged_by")
    memberships, covers, trainings, factors, accounts, *versions = fetch(
        person.memberships.select_related("team").order_by("-starts_on", "team__name", "role"),
        covers.order_by("-ends_on"),
        person.trainings.all(),
        _second_factors(person).values_list("pk", flat=True),
        *changes.versions_about(person),
    )
    _take_seats(person, memberships, covers)
    latest, more = changes.changes_between(accounts, *versions, size=CHANGES_SHOWN)
    second_factor = bool(factors)
    return {
        "facts": _facts(person),
        "account": _account(person, _given_at(reversed(accounts)), second_factor),
        "deeds": _deeds(person, viewer, second_factor),
        "role_head": rows.ROLE_HEAD_TO_END,
        "training_head": rows.TRAINING_HEAD,
        "cover_head": rows.COVER_HEAD,
        "role_rows": rows.role_rows(memberships, end_for=person.reference),
        "training_rows": rows.training_rows(trainings),
        "cover_rows": rows.cover_rows(covers, may_end=lambda covered: permissions.can_end_cover(covered, viewer)),
        "changes": latest,
        "all_changes_url": _url("changes", person) if more else "",
    }


def _url(name, person):
    return reverse(f"people:{name}", args=[person.reference])


def _facts(person):
    return [
        {"label": "Name", "value": person.name},
        {"label": "E-mail address", "value": person.email},
        {"label": "Job title", "value": person.job_title},
        {"label": "Telephone", "value": person.telephone},
    ]


def _take_seats(person, memberships, covers):
    """What the permissions ask of the person is among what the page has read."""
    today, local = clock.today(), timezone.localdate()
    covered = (
        each.covered_id for each in covers if each.by_id == person.pk and each.starts_on <= today <= each.ends_on
    )
    person.take_seats([each for each in memberships if each.starts_on <= local], sorted(covered), today)


def _account(person, given_at, second_factor):
    return [
        {"label": "Account", "value": "Open" if person.is_active else "Closed"},
        {"label": "Added", "value": words.day(person.joined_at)},
        {"label": "Last signed in", "value": words.instant(person.last_login), "empty": "Never"},
        {
            "label": "Password",
            "value": f"One-time password, given on {words.day(given_at)}" if given_at else "Chosen by its owner",
        },
        {"label": "Second factor", "value": "On" if second_factor else "Off"},
    ]


def _deeds(person, viewer, second_factor):
    """Links {"text", "url"}: each opens a page that works for this viewer now."""
    may_reset = permissions.can_reset_password(person, viewer)
    offered = [
        (True, "Change name or address", "edit_user"),
        (permissions.can_give_role(person, viewer), "Give a role", "add_membership"),
        (person.is_active, "Record training", "record_training"),
        (permissions.can_arrange_cover(person, viewer), "Arrange cover", "arrange_cover"),
        (may_reset, "Reset the password", "reset_password"),
        (may_reset and second_factor, "Remove the second factor", "remove_second_factor"),
        (permissions.can_close(person, viewer), "Close the account", "close_account"),
        (permissions.can_reopen(person, viewer), "Reopen the account", "reopen_account"),
    ]
    return [{"text": text, "url": _url(name, person)} for shown, text, name in offered if shown]
