"""Colours that trained colleagues found with the Brook tool: of what, by whom, why; never the tool's text (A25, B18).

Nothing is overwritten: one that was recorded wrongly, or whose report came later, is recorded anew.
"""

from django.db import transaction

from hsb.core import clock
from hsb.core.door import held
from hsb.core.once import tidy
from hsb.people.states import Tool
from referrals.models import BrookFinding, Referral
from referrals.permissions import can_record_brook
from referrals.selectors.brook import ENDED, NOT_DISPLAYED
from referrals.services import instruments
from referrals.states import Brook

SAYS_SOMETHING_ELSE = (
    "This colour is recorded already, and says something else: it was sent before. What you typed last is not in it. "
    "Record it anew from the assessment's page."
)
REPLACED_ALREADY = "Somebody has recorded this colour anew already: open the assessment's page again."
# What stands in a row beside its own keys.
FIELDS = ("behaviour", "colour", "found_on", "found_by", "age_group", "tool_version", "summary", "report")


@transaction.atomic
def record_brook(reference, *, actor, once, **told):
    """A colour that somebody trained found, on the referral; `told` are FIELDS. Returns the BrookFinding.

    Without a `behaviour` it is of all of them taken together. The same page sent twice makes one; sent again with other
    words it is refused, for what is recorded stays.
    """
    return _write(reference, actor, once, told)


@transaction.atomic
def replace_brook(reference, *, actor, once, number, reason, **told):
    """Records the colour of that number anew, with the reason why; the one before it stays. Returns the new one."""
    old = BrookFinding.objects.filter(referral__record__reference=reference, number=number).get()
    return _write(reference, actor, once, told, replaces=old, replaces_reason=reason.strip())


def _write(reference, actor, once, told, **replacing):
    referral = held(Referral, reference)
    new = BrookFinding(
        record=referral.record,
        referral=referral,
        recorded_by=actor,
        once=once,
        **tidy({name: told[name] for name in FIELDS if name in told}),
        **replacing,
    )
    return instruments.write(
        new,
        actor=actor,
        may=can_record_brook,
        refuse=lambda new, referral: _unmet(new, referral, actor),
        letters="BRK",
        otherwise=SAYS_SOMETHING_ELSE,
        happened_on=new.found_on,
        colour=new.colour,
    )


def _unmet(new, referral, actor):
    """Every sentence about what cannot be recorded so."""
    if not referral.is_open:
        yield ENDED
    if not referral.has_category:
        yield NOT_DISPLAYED
    if new.colour not in Brook.values or new.colour == Brook.NOT_USED:
        yield "Choose the colour."
    yield from instruments.about_training(
        actor, new.found_by, Tool.BROOK, "the Brook tool", new.found_on, "the day the tool was used"
    )
    if new.found_on > clock.today():
        yield "A colour is recorded once it is found: check the day."
    if new.behaviour_id is not None and not referral.behaviours().filter(pk=new.behaviour_id).exists():
        yield "Choose one of this child's behaviours, or all of them together."
    days = [row.happened_on for row in referral.behaviours() if new.behaviour_id in (None, row.pk)]
    if days and None not in days and new.found_on < min(days):
        yield "The tool was used on a day before the behaviour: check the days."
    for text, sentence in (
        (new.age_group, "Enter the age group, as the tool names it."),
        (new.tool_version, "Enter the version of the tool."),
        (new.summary, "Enter the summary."),
    ):
        if not text:
            yield sentence
    yield from instruments.about_the_report(new, referral)
    yield from instruments.about_replacing(new, "colour", REPLACED_ALREADY)
