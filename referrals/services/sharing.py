"""What somebody shared with a school, a health service, a family or whom else, or decided not to: recorded by hand.

What a verb shares by itself writes its own row (services.disclosing). Nothing here sends anything: it says what was
said or given, and keeps to what holds for every paper: nothing “with consent” that does not stand, nothing to a family
that is held back from it (practice.md A30, B21).
"""

import re

from django.db import transaction

from hsb.core import clock, words
from hsb.core.door import held, noted
from hsb.core.once import made_before, tidy
from hsb.core.refusals import NotReady
from referrals.models import Disclosure, Referral
from referrals.permissions import can_record_sharing
from referrals.selectors import sharing as reading
from referrals.selectors.held_back import repeats_held_back, something_is_held_back
from referrals.services.consent import refuse_without_answer, refuse_without_consent
from referrals.states import (
    OF_THE_FAMILY,
    PURPOSE_OF_RECIPIENT,
    RECORDED_RECIPIENTS,
    Basis,
    ConsentAsked,
    NotSharedBecause,
    Recipient,
    SharingBasis,
)

FAMILY_WORDS = re.compile(
    r"\b(mother|father|mum|dad|parents?|carers?|grand\w+|stepm\w+|stepf\w+|aunt|uncle|sister|brother|famil\w+)\b", re.I
)
SAYS_SOMETHING_ELSE = (
    "This is recorded already, and says something else: it was sent before. What you typed last is not in it. Record "
    "it anew from the page “What was shared”."
)
NOT_YET_TOLD = (
    "“Do not disclose yet” stands on a concern: nothing is shared with the family. Ask the manager of the child's "
    "team, who agrees with the police when the family can be told. If they were told already, write a note and tell "
    "the manager today."
)
NOBODY_AGREED = f"{SharingBasis.CONSENT.label} it is shared only where somebody was asked, and agreed."
HELD_BACK = (
    "“Do not disclose yet” stands on a paper, a note or what the police told us that says {words}: that is not shared "
    "with the family yet."
)


@transaction.atomic
def record_sharing(
    reference,
    *,
    actor,
    once,
    shared,
    recipient,
    to_whom,
    what,
    why,
    basis,
    happened_on,
    asked="",
    consent="",
    agreed_answer=None,
):
    """What was shared on a day, or (`shared` False) decided not to be. Returns the Disclosure.

    `recipient` is of RECORDED_RECIPIENTS. `basis` is of SharingBasis where it was shared, of NotSharedBecause where it
    was not; `asked` of ConsentAsked, with `consent` in words where nobody agreed. What was agreed rests on the purpose
    of a school or a health service, else on the answer of the number `agreed_answer`. Sent twice it makes one.
    """
    referral = held(Referral, reference)
    new = Disclosure(
        record=referral.record,
        by=actor,
        once=once,
        shared=shared,
        happened_on=happened_on,
        basis=_label(shared, basis),
        **tidy({"recipient": recipient, "to_whom": to_whom, "what": what, "why": why}),
        **tidy({"asked": asked, "consent": consent}),
    )
    if (before := _made_before(new)) is not None:
        return before
    with noted(
        Referral, reference, "record_sharing", actor=actor, may=can_record_sharing, happened_on=happened_on
    ) as move:
        unmet = [*reading.unmet(referral), *_unready(new, referral), *_held_back(new, referral)]
        if unmet:
            raise NotReady(*unmet)
        if rests_on := _rests_on(new, move.subject, basis, agreed_answer):
            new.basis = f"{new.basis}: {', '.join(rests_on)}"[:200]
        number = Disclosure.objects.filter(record=referral.record, reference__isnull=False).count() + 1
        new.reference = f"{referral.reference}-SH{number}"
        new.recorded_at = clock.now()
        new.save(force_insert=True)
        _, digest = new.vouched_for()
        move.facts |= {"noun": new.reference, "recipient": new.recipient, "shared": new.shared, "text": digest}
    return new


def _label(shared, code):
    """The words of the code that says on what basis it was shared, or why not; "" for one that there is not."""
    codes = SharingBasis if shared else NotSharedBecause
    return codes(code).label if code in codes.values else ""


def _made_before(new):
    """The row that this very page made, or None. Raises NotReady where the page says something else now.

    On which answers it rested is left aside: what was agreed then may have been taken back since.
    """
    before = made_before(Disclosure.objects.filter(record=new.record, by=new.by), new.once)
    if before is None:
        return None
    if not before.basis.startswith(new.basis) or before.told() != new.told():
        raise NotReady(SAYS_SOMETHING_ELSE)
    return before


def _unready(new, referral):
    if new.recipient not in RECORDED_RECIPIENTS:
        yield "Choose with whom it was shared, or not."
    if not (new.to_whom and new.what and new.why):
        yield "Say what it is, to whom, and why."
    if new.happened_on > clock.today():
        yield "It is recorded once it was shared, or decided: check the day."
    born_on = referral.person.born_on
    if born_on and new.happened_on < born_on:
        yield "That day lies before the child was born: check it."
    if not new.basis:
        yield "Choose the lawful basis." if new.shared else "Choose why it is not shared."
    if not new.shared:
        if new.asked or new.consent:
            yield "What is not shared rests on no consent: say why it is not shared."
        return
    if new.asked not in ConsentAsked.values:
        yield "Say whether somebody was asked for consent."
    elif new.asked != ConsentAsked.GIVEN and not new.consent:
        yield "Say why nobody was asked, or what they said."
    if new.basis == SharingBasis.CONSENT.label and new.asked != ConsentAsked.GIVEN:
        yield NOBODY_AGREED


def _held_back(new, referral):
    """Why a family is not told of it now: as it holds for every paper of theirs (B21)."""
    if new.recipient == Recipient.OTHER and FAMILY_WORDS.search(new.to_whom):
        yield "That is somebody of the family: choose “A parent or carer” or “The child”."
        return
    if not new.shared or new.recipient not in OF_THE_FAMILY:
        return
    if something_is_held_back(referral):
        yield NOT_YET_TOLD
    if repeated := repeats_held_back(new.what, [referral.person_id]):
        yield HELD_BACK.format(words=words.listed([f"“{each}”" for each in repeated]))


def _rests_on(new, referral, basis, agreed_answer):
    """References of the answers on which it rests. Raises NotReady where somebody is said to have agreed, and that does
    not stand: also where the basis is another one, for it says so."""
    if new.asked != ConsentAsked.GIVEN:
        return []
    purpose = PURPOSE_OF_RECIPIENT.get(new.recipient)
    if purpose is not None:
        return refuse_without_consent([referral], Basis.CONSENT, purpose)
    return refuse_without_answer(referral, Basis.CONSENT, agreed_answer)
