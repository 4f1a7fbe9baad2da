"""Users, teams, agencies; who belongs where, in which role, from when until when; cover and training."""

import secrets
from datetime import date, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from simple_history.models import HistoricalRecords

from hsb.people.states import AgencyKind, Role, Service, Tool

# Letters and digits that nobody mistakes for one another when read over the telephone.
READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def readable_reference():
    """Eight random readable characters: what a URL calls a user (never a key, a name or an address)."""
    return "".join(secrets.choice(READABLE) for _ in range(8))


def not_ended_on(on, to=""):
    """The Q of rows with `ends_on` that have not ended before a day; `to` leads to them ("memberships__")."""
    return Q(**{f"{to}ends_on__isnull": True}) | Q(**{f"{to}ends_on__gte": on})


def current_on(on, to=""):
    """The same of rows that have begun, too."""
    return Q(**{f"{to}starts_on__lte": on}) & not_ended_on(on, to)


class DatedQuerySet(models.QuerySet):
    """Rows with `starts_on` and `ends_on`; both days are included, an empty `ends_on` has no end."""

    def current(self, on=None):
        return self.filter(current_on(on or timezone.localdate()))

    def not_ended(self, on=None):
        """Those of the day, and those still to begin."""
        return self.filter(not_ended_on(on or timezone.localdate()))


class UserManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, password=None, **fields):
        """Returns a saved user; an empty password makes an account that cannot sign in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    reference = models.CharField(max_length=12, unique=True, default=readable_reference, editable=False)
    email = models.EmailField(max_length=200)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_case"),
            models.CheckConstraint(condition=~Q(email=""), name="user_has_email"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.email = self.email.strip().lower()
        fields = set(kwargs.get("update_fields") or ())
        if fields and fields <= {"password", "last_login"}:
            # Django saves these by itself when somebody signs in: no old version of the account is worth keeping.
            self.skip_history_when_saving = True
        try:
            super().save(*args, **kwargs)
        finally:
            self.__dict__.pop("skip_history_when_saving", None)

    def current_memberships(self):
        """The user's memberships of today, read once for the life of this object (one request)."""
        if not hasattr(self, "_memberships"):
            today = timezone.localdate()
            begun = self.memberships.filter(starts_on__lte=today).select_related("team") if self.is_active else []
            self._take_begun(begun, today)
        return self._memberships

    def _take_begun(self, begun, today):
        # In one order, whatever the database's: what is asked for the same rights is kept by them.
        self._begun = sorted(begun, key=lambda each: each.pk)
        self._memberships = [each for each in self._begun if each.holds_on(today)]
        self._seats_as_read = {}

    def take_seats(self, begun, covered, on):
        """What was read of this user: the memberships that have begun, and the keys of whom they cover on the day."""
        self._stands_in_for = {on: covered}
        self._take_begun(begun if self.is_active else [], timezone.localdate())

    def seats_ever(self):
        """The user's memberships that have begun, those that ended too; read with `current_memberships`."""
        self.current_memberships()
        return self._begun

    def changed_teams_on(self, *roles):
        """The day before which nothing is left of what the user did in one of `roles`: since then they have been in a
        team, without a break, in which they still hold one. None where they held none of them earlier elsewhere, or
        hold none today."""
        rows = [each for each in self.seats_ever() if each.role in roles]
        since = _unbroken_since(rows, timezone.localdate())
        return since if since and any(each.starts_on < since for each in rows) else None

    def stands_in_for(self, on):
        """Keys of those whom the user covers on the day, read once for the life of this object (one request)."""
        read = self.__dict__.setdefault("_stands_in_for", {})
        if on not in read:
            read[on] = sorted(self.covers_by_me.current(on).values_list("covered", flat=True))
        return read[on]

    def seats_as_read(self, on):
        """One hashable value of the seats that have begun, of today's as they were read (somebody who signed in before
        midnight has yesterday's), and of whom the user covers on the day. Made once, for a page asks for it often."""
        begun = self.seats_ever()
        if on not in self._seats_as_read:
            self._seats_as_read[on] = (
                tuple((each.team_id, each.role, each.starts_on, each.ends_on) for each in begun),
                tuple((each.team_id, each.role) for each in self._memberships),
                tuple(self.stands_in_for(on)),
            )
        return self._seats_as_read[on]

    def has_role(self, *roles):
        return any(m.role in roles for m in self.current_memberships())

    def teams_as(self, *roles):
        """Ids of the teams in which the user holds one of `roles` today."""
        return {m.team_id for m in self.current_memberships() if m.role in roles}

    def manages(self, team_id):
        return team_id in self.teams_as(Role.MANAGER)


def _unbroken_since(memberships, today):
    """The first day of the longest time, up to and with `today`, that one team has without a break; None for none."""
    by_team = {}
    for each in memberships:
        by_team.setdefault(each.team_id, []).append(each)
    found = []
    for rows in by_team.values():
        since = today + timedelta(days=1)
        for each in sorted(rows, key=lambda row: row.ends_on or date.max, reverse=True):
            if (each.ends_on or date.max) < since - timedelta(days=1):
                break
            since = min(since, each.starts_on)
        if since <= today:
            found.append(since)
    return min(found, default=None)


class Team(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120, unique=True)
    service = models.CharField(max_length=20, choices=Service.choices)
    # How others reach the team: what it sends out says both.
    telephone = models.CharField(max_length=40, blank=True)
    mailbox = models.EmailField(max_length=200, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Agency(models.Model):
    name = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=20, choices=AgencyKind.choices)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"

    def __str__(self):
        return self.name


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()
    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "team", "role"], condition=Q(ends_on__isnull=True), name="membership_open_once"
            ),
        ]
        indexes = [models.Index(fields=["team", "role"], name="membership_team_role")]

    def __str__(self):
        return f"{self.get_role_display()}, {self.team}"

    def holds_on(self, day):
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


class Cover(models.Model):
    """`by` stands in for `covered`: sees what is allocated to them between the two days, both included."""

    covered = models.ForeignKey(User, on_delete=models.PROTECT, related_name="covers_of_mine")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="covers_by_me")
    starts_on = models.DateField()
    ends_on = models.DateField()
    arranged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    history = HistoricalRecords()
    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cover_ends_after_start"),
            models.CheckConstraint(condition=~Q(covered=F("by")), name="cover_by_somebody_else"),
        ]

    def __str__(self):
        return f"{self.by} covers {self.covered}"


class Session(AbstractBaseSession):
    """A browser's session, and the account that is signed in there."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")

    @classmethod
    def get_session_store_class(cls):
        return import_module(settings.SESSION_ENGINE).SessionStore


class Training(models.Model):
    """A tool's training, recorded with its last valid day: only then may the user enter its result (B18)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="trainings")
    tool = models.CharField(max_length=20, choices=Tool.choices)
    trained_on = models.DateField()
    until = models.DateField()
    # What shows it: a certificate, a letter of the trainer. Empty for what was recorded before it was asked for.
    evidence = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-until"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("trained_on")), name="training_valid_after_training")
        ]

    def __str__(self):
        return f"{self.get_tool_display()} until {self.until}"


def is_trained(user, tool, on=None):
    """Whether `user`'s training in `tool` is recorded and current on the day (today by default)."""
    on = on or timezone.localdate()
    return user.trainings.filter(tool=tool, trained_on__lte=on, until__gte=on).exists()
