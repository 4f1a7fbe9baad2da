"""Who is told that a recorded training ends: the person and the managers of their teams, some weeks before (B18).

The constraint of the message keeps each once, whatever day the sweep comes by: `on` is the training's last valid day.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from hsb.core import clock, settings_in_force
from hsb.core.models import Message
from hsb.core.models.messages import What
from hsb.people.models import Training
from hsb.people.states import Role


def not_renewed():
    """The trainings of each person and tool after which no later one is recorded."""
    later = Training.objects.filter(user=OuterRef("user"), tool=OuterRef("tool"), until__gt=OuterRef("until"))
    return Training.objects.exclude(Exists(later))


def soon(today):
    """The last day of which is said today that it comes soon."""
    return today + timedelta(days=settings_in_force.value("training_reminder_days"))


@transaction.atomic
def tell(people, today):
    """Writes the messages of today; returns how many are new. `people`: who is in which team (hsb.core.reminders)."""
    ending = not_renewed().filter(until__gte=today, until__lte=soon(today), user__is_active=True)
    wanted = {
        (reader, training.until, training_called(training))
        for training in ending.select_related("user")
        if training.user_id in people.active
        for reader in {training.user_id} | _managers(training.user_id, people)
    }
    if not wanted:
        return 0
    told = Message.objects.filter(what=What.TRAINING, on__in={on for _, on, _ in wanted})
    new = sorted(wanted - set(told.values_list("user", "on", "about")))
    now = clock.now()
    Message.objects.bulk_create(
        [Message(what=What.TRAINING, user_id=user, on=on, about=about, made_at=now) for user, on, about in new],
        ignore_conflicts=True,
    )
    return len(new)


def training_called(training):
    """`about` of a message that tells of a training: whose it is, and in which tool."""
    return f"{training.user.reference} {training.tool}"


def _managers(user, people):
    return {manager for team in people.teams_of[user] for manager in people.of_role[team, Role.MANAGER]}
