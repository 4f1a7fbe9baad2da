"""What stands in somebody's name, as numbers: an administrator reads no case content (practice.md B7)."""

from hsb.core import access, words
from hsb.core.models import AccessGrant, Task
from hsb.core.states import Because


def _allocated(person):
    return AccessGrant.objects.filter(access.live(), user=person, because=Because.ALLOCATED)


def _tasks(person):
    return Task.objects.open().filter(owner=person)


def teams_of_caseload(person):
    """Keys of the teams that hold what is allocated to, or asked of, `person`."""
    held = {*_allocated(person).values_list("record__holding_team", flat=True)}
    held |= {*_tasks(person).values_list("record__holding_team", flat=True)}
    return held - {None}


def caseload_in_words(person):
    """How much stands in their name, and who hands it on."""
    referrals, tasks = _allocated(person).count(), _tasks(person).count()
    if not referrals and not tasks:
        return "Nothing is allocated to them, and nothing is asked of them."
    have = f"{words.count(referrals, 'open referral')} and {words.count(tasks, 'open task')} stand in their name"
    return f"{have[0].upper()}{have[1:]}: the managers of the teams that have them are told, and hand them on."
