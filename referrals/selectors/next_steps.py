"""What happens next, after a concern was logged: for each person in it, what, by whom and by when (practice.md B6)."""

from django.urls import reverse

from hsb.core import door, words
from hsb.core.models import Entry, Task
from hsb.core.timescales import timescale
from referrals.models import Protection
from referrals.selectors import deeds
from referrals.selectors.following import task_in_words
from referrals.selectors.involved import people_in
from referrals.states import ReferralSource


def after_logging(concern, user):
    """What the page after logging shows: everybody in the concern, and what follows for each. Plain data.

    Constant in queries. `people` have title, said (sentences), steps (text, who, when), buttons (text, url) and link.
    """
    everybody = people_in(concern, user)
    referrals = [each["referral"] for each in everybody if each["opens"]]
    attached = _attached(concern, everybody)
    tasks = {}
    open_tasks = Task.objects.open().filter(record__in=[referral.pk for referral in referrals])
    for task in open_tasks.select_related("owner", "team").order_by("due_on", "opened_at", "pk"):
        tasks.setdefault(task.record_id, []).append(task)
    opened = next((referral for referral in referrals), None)
    protected = set(Protection.objects.filter(referral__in=referrals).values_list("referral", flat=True))
    by_police = concern.source == ReferralSource.POLICE
    rows = [_person(each, user, attached, tasks, opened, protected, by_police) for each in everybody]
    return {
        "reference": concern.reference,
        "do_not_disclose": concern.do_not_disclose,
        "url": reverse("referrals:concern", args=[concern.reference]),
        "result": _result(everybody, attached),
        "people": rows,
    }


def _attached(concern, everybody):
    """Keys of the referrals that were open before: this concern was attached to them."""
    keys = [each["referral"].pk for each in everybody if each["referral"] is not None]
    entries = Entry.objects.filter(record__in=keys, verb="concern_attached", facts__concern=concern.reference)
    return set(entries.values_list("record", flat=True))


def _result(everybody, attached):
    opened = {each["referral"].pk for each in everybody if each["referral"] is not None} - attached
    said = [
        f"{words.count(len(opened), 'new referral')}." if opened else "",
        f"{words.count(len(attached), 'child', 'children')} already had an open referral." if attached else "",
    ]
    return " ".join(part for part in said if part).capitalize() or "No referral was opened."


def _person(each, user, attached, tasks, opened, protected, by_police):
    referral = each["referral"]
    row = {
        "title": each["name"],
        "roles": each["roles"],
        "reference": referral.reference if each["opens"] else "",
        "url": deeds.url_of("case", referral) if each["opens"] else "",
        "steps": [],
        "buttons": [],
        "edit_url": "",
    }
    if each["hidden"]:
        row["title"] = "Somebody whose record you may not open"
        row["said"] = ["Their record shows you nothing. Whoever has it is told of this concern, if it needs them."]
        return row
    if referral is None:
        row["said"] = [each["why_none"]]
        if each["shown"] and opened is not None:
            row["edit_url"] = reverse("referrals:person_edit", args=[opened.reference, each["person"].reference])
        return row
    row["said"] = _held(referral, referral.pk in attached)
    if not each["opens"]:
        soon = timescale("new_concern").in_words
        row["said"].append(f"They look at what you logged {soon}. You cannot open this record.")
        return row
    row["steps"] = [task_in_words(task) for task in tasks.get(referral.pk, ())]
    row["buttons"] = _buttons(referral, user, referral.pk in protected, by_police)
    return row


def _held(referral, was_open):
    team = referral.record.holding_team
    holder = team.name if team else "No team yet"
    if was_open:
        worker = f" ({referral.worker.name})" if referral.worker else ""
        return [
            "This child already had an open referral, so the concern was attached to it. "
            f"{holder}{worker} has the child."
        ]
    return [f"A new referral was opened. {holder} holds it until a manager decides where it goes."]


def _buttons(referral, user, is_protected, by_police):
    """The deeds that do not wait, and the assessment where the reader may begin it."""
    found = []
    if door.may(referral, "begin_assessment", user):
        found.append({"text": "Begin the assessment", "url": deeds.url_of("begin_assessment", referral), "post": True})
    words_for = {
        "police_call": deeds.DEEDS["police_call"].words,
        "protection": "Record further protection" if is_protected else deeds.DEEDS["protection"].words,
        **({"record_notification": deeds.DEEDS["record_notification"].words} if by_police else {}),
    }
    found += [{"text": text, "url": deeds.url_of(code, referral), "post": False} for code, text in words_for.items()]
    return [button for button in found if button["url"]]
