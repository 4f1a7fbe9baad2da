"""Accounts: adding, editing, closing and reopening them; passwords and the second factor."""

import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from hsb.core import clock
from hsb.core.refusals import Denied, NotReady
from hsb.people.models import READABLE, User, readable_reference
from hsb.people.permissions import can_close, can_reopen, can_reset_password
from hsb.people.services import leaving, roles, versions
from hsb.people.states import AccountEvent

ALREADY_THERE = "Somebody already has an account with this e-mail address. Find them in the list of people."
LETTERS_IN_A_REFERENCE = 8


def one_time_password():
    """Sixteen readable letters in groups of four (80 bits), to be read out over the telephone."""
    letters = [secrets.choice(READABLE) for _ in range(16)]
    return "-".join("".join(letters[k : k + 4]) for k in range(0, 16, 4))


def reference_of(once):
    """The reference of the account that a form with this key (a UUID) makes: the same for a double click."""
    return "".join(READABLE[(once.int >> 5 * k) % len(READABLE)] for k in range(LETTERS_IN_A_REFERENCE))


@transaction.atomic
def add_user(*, actor, once, name, email, team, role, starts_on, job_title="", telephone=""):
    """A new account with its first role in the team whose slug is `team`.

    Returns (user, password): the one-time password is known here and never again, and None where the same form was
    sent before. Raises NotReady where the e-mail address is taken, in whatever case.
    """
    administrator = versions.administrator(actor)
    reference = reference_of(once)
    if (made := _made_before(reference, email)) is not None:
        return made, None
    if User.objects.filter(reference=reference).exists():
        # Back on the page, the address changed and sent again: another person.
        reference = readable_reference()
    password = one_time_password()
    user = User(reference=reference, email=email, name=name, job_title=job_title, telephone=telephone)
    user.joined_at = clock.now()
    user.set_password(password)
    try:
        with transaction.atomic():
            versions.save(user, actor=administrator, because=AccountEvent.PASSWORD_GIVEN)
    except IntegrityError:
        # Sent twice at the same moment: the other one has committed by now.
        if (made := _made_before(reference, email)) is not None:
            return made, None
        raise
    roles.begin(user, actor=administrator, team=team, role=role, starts_on=starts_on)
    return user, password


def _made_before(reference, email):
    """The account that this very form made; None where there is none. Raises NotReady where the address is taken."""
    taken = User.objects.filter(email__iexact=email.strip()).first()
    if taken is not None and taken.reference != reference:
        raise NotReady(ALREADY_THERE)
    return taken


@transaction.atomic
def edit_user(reference, *, actor, version, name, email, job_title="", telephone=""):
    """Corrects who somebody is. Raises Changed on an old version, NotReady where the e-mail address is taken."""
    person, administrator = versions.person_and_administrator(reference, actor)
    versions.refuse_stale(
        person,
        version,
        name=person.name,
        email=person.email,
        job_title=person.job_title,
        telephone=person.telephone,
    )
    if User.objects.filter(email__iexact=email.strip()).exclude(pk=person.pk).exists():
        raise NotReady(ALREADY_THERE)
    person.name, person.email, person.job_title, person.telephone = name, email, job_title, telephone
    try:
        with transaction.atomic():
            return versions.save(person, actor=administrator)
    except IntegrityError:
        raise NotReady(ALREADY_THERE) from None


@transaction.atomic
def close_account(reference, *, actor, reason=""):
    """Nobody signs in with it any more, and every open role ends at once; closing a closed one changes nothing.

    Sessions that are open end at their next request, because the sign-in backend refuses a closed account.
    """
    person, administrator = versions.person_and_administrator(reference, actor)
    if not person.is_active:
        return person
    if not can_close(person, administrator):
        raise NotReady("You cannot close your own account. Ask another administrator to do it.")
    # At once, so that an account which is opened again today has none of them back.
    yesterday = clock.today() - timedelta(days=1)
    for membership in person.memberships.select_related("team").not_ended(clock.today()):
        roles.end(membership, last_day=yesterday, actor=administrator)
    person.is_active = False
    leaving.tell_the_managers(person)
    return versions.save(person, actor=administrator, because=f"Reason: {reason}" if reason else "")


@transaction.atomic
def reopen_account(reference, *, actor):
    """The same person signs in again; roles that ended stay ended. Reopening an open one changes nothing."""
    person, administrator = versions.person_and_administrator(reference, actor)
    if not can_reopen(person, administrator):
        return person
    person.is_active = True
    return versions.save(person, actor=administrator)


@transaction.atomic
def reset_password(reference, *, actor):
    """A new one-time password, which is returned and known only now; the old one, and open sessions, end."""
    person, administrator = versions.person_and_administrator(reference, actor)
    if not person.is_active:
        raise NotReady("This account is closed. Reopen it first.")
    if not can_reset_password(person, administrator):
        raise NotReady("Change your own password on the page My account.")
    password = one_time_password()
    person.set_password(password)
    versions.save(person, actor=administrator, because=AccountEvent.PASSWORD_GIVEN)
    return password


@transaction.atomic
def choose_password(user, *, password):
    """The owner's own password: the one-time password, if there was one, is over."""
    if not user.is_active:
        raise Denied
    user.set_password(password)
    return versions.save(user, actor=user, because=AccountEvent.PASSWORD_CHOSEN)


@transaction.atomic
def remove_second_factor(reference, *, actor):
    """For somebody who lost the telephone with the codes: the password alone signs in, until set up again."""
    person, administrator = versions.person_and_administrator(reference, actor)
    if not can_reset_password(person, administrator):
        raise NotReady("Ask another administrator to remove your second factor.")
    removed, _ = Authenticator.objects.filter(user=person).delete()
    if removed:
        versions.save(person, actor=administrator, because=AccountEvent.SECOND_FACTOR_REMOVED)
    return person
