"""The meeting's documents, made for one recipient at a time, and kept as they went out (B11)."""

from django.db import transaction
from django.utils import timezone

from hsb.core import clock, document_store, words
from hsb.core.door import lock, noted
from hsb.core.refusals import Denied, NotReady
from referrals.selectors.held_back import repeats_held_back, something_is_held_back
from referrals.services.disclosing import disclose
from referrals.states import Recipient
from strategy_meetings import documents, hiding
from strategy_meetings.models import PaperFate, StrategyMeeting
from strategy_meetings.permissions import can_take_minutes
from strategy_meetings.services import planning
from strategy_meetings.states import LETTERS_CAN_GO, MINUTES_CONFIRMED, NfaState, PaperKind, SentHow


@transaction.atomic
@document_store.undone_together()
def make_paper(reference, *, actor, once, kind, recipient, number=None, contact="", greeting="", own_words=""):
    """A document of the meeting: the full record, one agency's copy about a child, or a family's letter.

    `number` is the child's, of whom a copy or a letter is; `contact` whom the family can call. Returns the Document,
    the same form twice the same one.
    """
    with noted(StrategyMeeting, reference, "make_paper", actor=actor, may=can_take_minutes, kind=kind) as move:
        meeting = move.subject
        child = None if kind == PaperKind.FULL else _child(meeting, number)
        if kind == PaperKind.LETTER:
            _refuse_letter(meeting, child, contact, f"{greeting}\n{contact}\n{own_words}", in_our_words=bool(own_words))
        elif meeting.state not in MINUTES_CONFIRMED:
            raise NotReady("The chair confirms the minutes before anybody gets a copy.")
        data = {
            PaperKind.FULL: lambda: documents.full_record(meeting),
            PaperKind.COPY: lambda: documents.copy_about(child),
            PaperKind.LETTER: lambda: documents.family_letter(
                child,
                contact=contact,
                greeting=greeting or "Hello",
                own_words=own_words,
                signed_by=signature_of(actor),
            ),
        }[kind]()
        letter = kind == PaperKind.LETTER
        document = document_store.keep(
            meeting.record,
            kind=kind,
            template="family_letter.typ" if letter else "minutes.typ",
            title="After our meeting" if letter else f"Minutes: {meeting.get_kind_display().lower()}",
            recipient=recipient,
            data=data,
            actor=actor,
            once=once,
            about=str(child.number) if child else "",
        )
        move.facts["document"] = document.number
    return document


def _refuse_letter(meeting, child, contact, typed, *, in_our_words):
    """Raises NotReady with every sentence of why the family is not written to now."""
    refused = []
    if meeting.state not in LETTERS_CAN_GO:
        refused.append("A family is written to once the decisions are issued.")
    if something_is_held_back(child):  # it holds in every copy for families (B21)
        refused.append(
            "“Do not disclose yet” stands on a concern about this child: no family is written to. Ask the manager of "
            "the child's team, who agrees with the police when the family can be told."
        )
    if child.nfa_state == NfaState.WAITING:  # what the letter would say is not decided (B10)
        refused.append("A manager decides on no further action first.")
    if not contact.strip():
        refused.append("Say whom the family can call.")
    if named := hiding.names_of_others(child, typed):  # words that were meant for another family
        said = words.listed([f"“{each}”" for each in named])
        refused.append(f"A family's letter names no other child: read it again, and word it without {said}.")
    actions = child.actions().filter(cancelled_at__isnull=True).values_list("what", flat=True)
    says = "\n".join([typed, *([] if in_our_words else actions)])
    if repeated := repeats_held_back(says, meeting.children.values("person")):
        said = words.listed([f"“{each}”" for each in repeated])
        refused.append(
            f"“Do not disclose yet” stands on a note, a paper or what the police told us that says {said}: say without "
            "it what happens next."
        )
    if refused:
        raise NotReady(*refused)


@transaction.atomic
def record_fate(reference, number, *, actor, on, how="", consent="", reason=""):
    """What became of document `number`: it went out on a day (`how`, of SentHow), or it does not (`reason`).

    Either way it stands as a Disclosure on the record of each child who is in it (B21). Its basis is always the
    meeting's, safeguarding a child, never consent: what was said of consent is told beside it. Returns the PaperFate.
    """
    lock(reference, *planning.referrals_in(reference))
    with noted(
        StrategyMeeting,
        reference,
        "record_paper",
        actor=actor,
        may=can_take_minutes,
        reason=reason,
        happened_on=on,
        document=number,
        how=how,
    ) as move:
        meeting = move.subject
        document = meeting.record.documents.filter(number=number).first()
        if document is None:
            raise Denied(record=meeting.record, verb="record_paper")
        if on > clock.today() or on < timezone.localdate(document.made_at):
            raise NotReady("Enter a day from the day on which the document was made until today.")
        if document.kind == PaperKind.LETTER and how == SentHow.SECURE:
            raise NotReady("A family is not written to by e-mail: choose a letter, by hand, or a call.")
        if bool(how) == bool(reason.strip()):
            raise NotReady("Say how it went out, or why it does not.")
        if PaperFate.objects.filter(document=document).exists():
            raise NotReady("This was recorded already.")
        fate = PaperFate.objects.create(
            document=document, how=how, consent=consent, reason=reason, on=on, by=actor, recorded_at=clock.now()
        )
    children = list(_in_it(meeting, document))
    # What was said of consent, or why it does not go out, may name each of them: of several it stays with the document.
    alone = len(children) == 1
    why = "What the strategy meeting agreed" if fate.went_out else f"{actor.name} decided it for the strategy meeting"
    for child in children:
        record = child.referral.record if child.referral_id else meeting.record
        disclose(
            record,
            actor=actor,
            shared=fate.went_out,
            what=f"{PaperKind(document.kind).label} of {meeting.reference}, document {document.number}",
            to_whom=document.recipient,
            recipient=Recipient.FAMILY if document.kind == PaperKind.LETTER else "",
            why=reason if reason and alone else why,
            basis="Safeguarding a child: strategy meeting",
            consent=consent if alone else "",
            on=on,
        )
    return fate


def signature_of(user):
    """The name, and for which team somebody writes: "Min Castle, Minute taker, CSE and HSB specialists"."""
    membership = next(iter(user.current_memberships()), None)
    return ", ".join([user.name, *([membership.get_role_display(), membership.team.name] if membership else [])])


def _in_it(meeting, document):
    """The children who are in a document: one, or all of them."""
    children = meeting.children_in()
    return children.filter(number=int(document.about)) if document.about else children


def _child(meeting, number):
    child = meeting.children_in().filter(number=number).first()
    if child is None:
        raise Denied(record=meeting.record, verb="make_paper")
    return child
