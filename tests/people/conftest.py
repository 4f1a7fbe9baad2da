"""A second administrator, and what the administrator's forms send."""

from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.people.states import Role
from tests import cast


@pytest.fixture
def dan(linden):
    """The other administrator."""
    return cast.user("Dan", (linden, Role.ADMINISTRATOR))


@pytest.fixture
def typed_person(willow):
    """What the form "Add a person" sends; `typed_person(email=...)` changes an answer."""

    def typed(**changed):
        answers = {
            "once": str(uuid4()),
            "name": "Nia Newcomer",
            "email": "nia.newcomer@example.org",
            "job_title": "Social worker",
            "telephone": "020 7946 0000",
            "team": "willow",
            "role": "practitioner",
            **date_parts("starts_on", clock.today()),
        }
        return answers | changed

    return typed
