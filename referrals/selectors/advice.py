"""The police's advice for every child of a concern, as each reader may read it (B7, decision 18)."""

from django.db.models import Exists, OuterRef

from referrals.models import Involvement, Person
from referrals.spelling import hider

SOMEBODY = "somebody else of the concern"


def without_names(calls, hiding):
    """The calls (as PoliceCallQuerySet.read_by gives them), with no name in the advice that their reader may not know;
    `hiding` gives what `hiding_in` does, and is called where there is such a text.

    Whoever recorded the call may not have known every child of the concern, and was asked to write no name. The rows
    are for showing: what was recorded stays as it is.
    """
    calls = list(calls)
    others = [call for call in calls if call.holds and call.advice and not call.opens]
    if others:
        hide = hiding()
        for call in others:
            call.advice = hide(call.advice)
    return calls


def hiding_in(user, concerns):
    """A function of a text: SOMEBODY stands for whoever of these concerns `user` may not open."""
    opened = Person.objects.visible_to(user).filter(pk=OuterRef("pk"))
    people = Person.objects.filter(pk__in=Involvement.objects.filter(concern__in=concerns).values("person"))
    people = list(people.annotate(opened=Exists(opened)).order_by("pk"))
    hidden = [(person, SOMEBODY) for person in people if not person.opened]
    return hider(hidden, keep=[person for person in people if person.opened])
