"""Who is asked to a meeting, before anybody edits it: filled in when it is planned, and when its children change."""

from strategy_meetings.models import Seat
from strategy_meetings.selectors.seats import seats_of, workers_of
from strategy_meetings.states import EVERY_MEETING, SeatState


def set_seats(meeting):
    """A seat for every service of the network, and for whoever has one of the children: asked, not there yet."""
    Seat.objects.bulk_create(
        Seat(meeting=meeting, number=number, **seat) for number, seat in enumerate(seats_of(meeting), start=1)
    )


def refill_seats(meeting):
    """Other children are in it now: whoever has one is asked, who has none is not. Call in a transaction.

    A seat that somebody edited, or to which somebody came, stays as it is.
    """
    seats = list(meeting.seats.select_related("user"))
    asked = workers_of(meeting)
    wanted = {worker["user"].pk for worker in asked}
    gone = [seat for seat in seats if _follows(seat) and seat.user_id not in wanted]
    free = gone + [seat for seat in seats if _is_blank(seat)]
    number = max((seat.number for seat in seats), default=0)
    for worker in asked:
        if _sits_already(worker["user"], seats):
            continue
        seat = next((seat for seat in free if seat.role == worker["role"]), None)
        if seat is None:
            number += 1
            Seat.objects.create(meeting=meeting, number=number, **worker)
        else:
            free.remove(seat)
            _sit(seat, **worker)
    for seat in gone:
        if seat in free:
            _take_out(seat)


def _sits_already(user, seats):
    """By name too: the chair may have typed who comes."""
    return any(seat.user_id == user.pk if seat.user_id else seat.name == user.name for seat in seats)


def _follows(seat):
    return seat.filled_in and seat.state == SeatState.EXPECTED


def _is_blank(seat):
    """A seat of its service in which nobody is named as yet."""
    return not seat.who and not seat.agency and seat.state == SeatState.EXPECTED


def _take_out(seat):
    """Nobody may forget that a service of every meeting stayed empty: its last seat stays, without a name."""
    others = seat.meeting.seats.filter(role=seat.role).exclude(pk=seat.pk)
    if seat.role in EVERY_MEETING and not others.exists():
        _sit(seat, user=None, agency="", filled_in=False)
    else:
        seat.delete()


def _sit(seat, **values):
    """Somebody else sits there, or nobody: a form that was opened before is stale."""
    for name, value in values.items():
        setattr(seat, name, value)
    seat.version += 1
    seat.save()
