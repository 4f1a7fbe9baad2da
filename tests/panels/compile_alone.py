"""Compiles one agenda in a process of its own, on the tests' database; is killed on coming to a step, if one is named.

`python -m tests.panels.compile_alone DATABASE REFERENCE [STEP]`, with a database's name and a name in
panels/services/agenda.py.
"""

import os
import signal
import sys
from unittest import mock

import django
from django.db import connection


def dies(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    database, reference, *steps = sys.argv[1:]
    django.setup()
    connection.settings_dict["NAME"] = database
    from panels.services import agenda  # models are known only now

    for step in steps:
        mock.patch(f"panels.services.agenda.{step}", dies).start()
    agenda.compile_agenda(reference)
