"""manage.py setting: which dated settings are in force; sets one from a day on."""

import json
from datetime import date

from django.core.management import BaseCommand, CommandError

from hsb.core import clock, settings_in_force, timescales  # noqa: F401 - the local timescales are settings too
from hsb.people.models import User

BY_COMMAND = "Set by whoever runs the service"


class Command(BaseCommand):
    help = "Lists the dated settings in force; with KEY and VALUE sets one from a day on, today by default."

    def add_arguments(self, parser):
        parser.add_argument("key", nargs="?", help="which setting; without it all are listed")
        parser.add_argument("value", nargs="?", help="the new value: a text as it is, anything else as JSON")
        parser.add_argument("--from-on", type=date.fromisoformat, default=None, help="its first day, as 2026-11-24")
        parser.add_argument("--by", default="", help="the e-mail address of the administrator who decided it")

        parser.add_argument("--because", default="", help="why; it stands on the page of the settings")

    def handle(self, *args, key, value, from_on, by, because, **options):
        if key is None:
            return self._list()
        if key not in settings_in_force.DEFAULTS:
            raise CommandError(f"There is no setting {key}. Without arguments this command lists them all.")
        if value is None:
            return self.stdout.write(_said(key))
        actor = User.objects.filter(email=by.lower(), is_active=True).first()
        if actor is None:
            raise CommandError("Say with --by whose decision it is: the e-mail address of somebody with an account.")
        new = _read(key, value)
        if problem := settings_in_force.problem_with(key, new):
            raise CommandError(f"{problem}.")
        first = from_on or clock.today()
        settings_in_force.set_value(key, new, from_on=first, actor=actor, reason=because or BY_COMMAND)
        settings_in_force.forget()
        return self.stdout.write(f"{_said(key)}. The service says so within half a minute.")

    def _list(self):
        for key in settings_in_force.DEFAULTS:
            self.stdout.write(_said(key))


def _said(key):
    return f"{key} = {json.dumps(settings_in_force.value(key))}"


def _read(key, value):
    """The value in the kind that the default is of. Raises CommandError where it is of another."""
    default = settings_in_force.DEFAULTS[key]
    if isinstance(default, str):
        return value
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if type(found) is not type(default):
        raise CommandError(f"{key} is written like this: {json.dumps(default)}")
    return found
