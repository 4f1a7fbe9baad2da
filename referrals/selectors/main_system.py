"""The neutral summary for the borough's main system: where a referral stands, and nothing of what it is about.

More people read the main system than may open this record. So it names no child, and says no behaviour, no part in a
concern and no reason: a category as its number alone. What was copied and when stands in the journal.
"""

from hsb.core import clock, words
from hsb.core.models import Entry
from referrals.states import Category, ReferralState

VERB = "copy_to_main_system"
# What the copy says -> how it is called where it has changed since.
CHANGES = {"state": "state", "team": "team", "worker": "worker", "category": "category"}


def summary_text(referral):
    """The text to copy: one line for each thing, in plain words."""
    team = referral.record.holding_team
    lines = [
        ("Reference", referral.reference),
        ("Received", words.day(referral.received_at)),
        ("State", f"{referral.get_state_display()} since {words.day(referral.closed_on or referral.state_since)}"),
        ("Team", team.name if team else "None"),
        ("Worker", referral.worker.name if referral.worker else "Not named"),
    ]
    if referral.has_category:
        lines.append(("Category", _number(referral.category)))
    lines.append(("Next date", words.day(referral.next_due_on) if referral.next_due_on else "None"))
    lines.append(("As of", words.day(clock.today())))
    return "\n".join(f"{label}: {said}" for label, said in lines)


def _number(category):
    return {"": "Not decided yet", Category.NOT_HSB: "None"}.get(category, category)


def said_of(referral):
    """What a copy says, as codes: the entry keeps it, so that a later change is seen."""
    team = referral.record.holding_team
    said = {
        "state": referral.state,
        "team": team.slug if team else "",
        "worker": referral.worker.reference if referral.worker else "",
        "category": referral.category,
    }
    return {key: code for key, code in said.items() if code}


def changed_since(entry, referral):
    """What the copy of that entry says and is true no more, in words."""
    now = said_of(referral)
    return [word for key, word in CHANGES.items() if entry.facts.get(key) != now.get(key)]


def last_copy(referral):
    """The journal's entry of the last copy, or None."""
    copies = Entry.objects.filter(record=referral.record_id, verb=VERB).select_related("actor")
    return copies.order_by("-number").first()


def copied(referral):
    """How the main system stands to this record: {"text", "changed"}; `changed` "" where it says what is true."""
    entry = last_copy(referral)
    if entry is None:
        return {"text": "Not recorded in the main system yet.", "changed": ""}
    changed = changed_since(entry, referral)
    return {
        "text": f"Recorded in the main system on {words.day(entry.happened_on)} by {entry.actor.name}.",
        "changed": f"Changed since: {words.listed(changed)}." if changed else "",
    }


def copies_are_due(referral):
    """One that was attached to another of the same child is copied as that other."""
    return referral.state != ReferralState.ATTACHED
