"""The road of an intel form, walked through the services: a form in the state that a test begins with."""

from uuid import uuid4

from strategy_meetings.models import IntelForm
from strategy_meetings.services import intel
from strategy_meetings.states import EntryKind

WHY = {"criteria": ["location", "group"], "why": "The same place again.", "tried": "", "asked": "A look at the place."}


def begun(meeting_reference, writer, numbers=(1,)):
    return intel.begin_from_meeting(meeting_reference, actor=writer, once=uuid4(), numbers=numbers)


def entry(kind=EntryKind.PERSON, **fields):
    usual = {"text": "What was seen.", "said_by": "A teacher", "reliability": "likely"}
    return intel.Entry(kind=kind, **{**usual, **fields})


def added(form, writer, kind=EntryKind.PERSON, **fields):
    return intel.add_entry(form.reference, actor=writer, once=uuid4(), entry=entry(kind, **fields))


def located(form, writer, name="Alder Park", **fields):
    usual = {"text": "Seen there.", "said_by": "A teacher", "reliability": "likely"}
    return intel.add_location(
        form.reference, actor=writer, once=uuid4(), place_kind="park", name=name, **{**usual, **fields}
    )


def complete(form, writer):
    """With a reason, and a location beside what was put in."""
    intel.write(form.reference, actor=writer, answers=WHY)
    located(form, writer)
    return again(form)


def submitted(meeting_reference, writer, numbers=(1,)):
    form = complete(begun(meeting_reference, writer, numbers), writer)
    intel.submit(form.reference, actor=writer)
    return again(form)


def again(form):
    return IntelForm.at(form.reference).get()
