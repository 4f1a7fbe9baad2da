"""The road of a mapping meeting, walked through the services: a meeting in the state that a test begins with."""

from datetime import date, timedelta
from uuid import uuid4

from hsb.core import clock
from panels.models import MappingMeeting
from panels.services import mapping
from tests import cast
from tests.remembered import remembered


def called(by, **fields):
    """A meeting on a group in a park, called and chaired by `by`."""
    focus = {} if "referral" in fields else {"group": "The bandstand group"}
    return mapping.call(
        actor=by,
        once=fields.pop("once", uuid4()),
        purpose="To see who meets in the park.",
        question="Who needs what?",
        planned_on=fields.pop("planned_on", clock.today()),
        chair=fields.pop("chair", by),
        **{**focus, **fields},
    )


def put(meeting, by, person, **fields):
    return mapping.put_person(meeting.reference, actor=by, once=fields.pop("once", uuid4()), person=person, **fields)


def placed(meeting, by, name="Lantern Park", kind="park", **fields):
    once = fields.pop("once", uuid4())
    return mapping.put_place(meeting.reference, actor=by, once=once, kind=kind, name=name, **fields)


def linked(meeting, by, one, other, kind="knows", **fields):
    """`one` and `other` are nodes."""
    said = {
        "said_by": "A youth worker",
        "said_on": clock.today(),
        "reliability": "likely",
        "basis": "reported",
    }
    return mapping.link(
        meeting.reference,
        actor=by,
        once=fields.pop("once", uuid4()),
        one=one.number,
        other=other.number,
        kind=kind,
        **{**said, **fields},
    )


def held(meeting, by):
    return mapping.hold(meeting.reference, actor=by, held_on=clock.today(), attended="Youth work and the school.")


def acted(meeting, by, node, **fields):
    return mapping.agree_action(
        meeting.reference,
        node.number,
        actor=by,
        once=fields.pop("once", uuid4()),
        what=fields.pop("what", "A trusted adult walks home with the child."),
        agency="Youth work",
        due_on=clock.today() + timedelta(days=7),
        **({"owner_name": "The lead"} | fields),
    )


def no_action(meeting, by, node):
    return mapping.need_no_action(meeting.reference, node.number, actor=by, reason="Is safe, and has an adult.")


def closed(meeting, by):
    return mapping.close(meeting.reference, actor=by)


def again(meeting):
    return MappingMeeting.at(meeting.reference).get()


@remembered
def child(author, team, given, family="Sample", worker=None, **fields):
    """A referral of an invented child, with `team`."""
    return cast.referral(
        author,
        held_by=team,
        state=fields.pop("state", "statutory"),
        child=cast.person(given, family, born_on=date(2012, 5, 14), restricted=fields.get("restricted", False)),
        worker=worker,
        **fields,
    )
