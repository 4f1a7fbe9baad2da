"""Form 87A: needed, drafted, approved by somebody else, sent, answered; or a manager's exit (B3, B4, B21)."""

from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from uuid import uuid4, uuid5

from django.db import transaction
from django.utils import timezone

from hsb.core import clock, document_store, journal, words, work
from hsb.core.borough_words import police_form
from hsb.core.door import lock, noted, opened, record_reference
from hsb.core.models import Entry, Record
from hsb.core.once import made_alike
from hsb.core.refusals import Denied, NotReady
from hsb.core.states import RecordKind
from hsb.people.states import Role
from referrals import documents
from referrals.models import Involvement, PoliceForm, PoliceFormAddress, PoliceReferral, Referral, RefusalStep
from referrals.permissions import can_ask_for_police_referral, can_read_address, can_write_police_referral
from referrals.selectors.police_refusals import refused_form
from referrals.services import holders, police_refusals, weighing
from referrals.services.consent import refuse_without_consent
from referrals.services.disclosing import disclose
from referrals.states import POLICE_UNRESOLVED, POLICE_WENT_OUT, ConsentPurpose, PoliceReferralState, Recipient

# A child was added to the concern after the form went out: the police are told of it.
ADDED = "write_supplement"
PACK, WORD = "police_pack", "police_pack_word"
STEP_SAYS_SOMETHING_ELSE = (
    "This is recorded already, and says something else: it was sent before. What you typed last is not in it. Add it "
    "as another thing that was done."
)


@dataclass(kw_only=True)
class Draft:
    """What one version says. `basis` and `urgency` are codes of referrals.states."""

    recipient: str
    urgency: str
    known: str
    asked: str
    basis: str
    consent: str = ""
    risks_to_staff: str = ""
    interpreter: str = ""
    discussion_on: date | None = None


DRAFTED = tuple(field.name for field in fields(Draft))


# --- It is needed ---


def lock_with_siblings(reference, *more):
    """Locks the referral, and those of its concerns' other children: what is decided on one may concern them all.

    Asked step by step, by keys: joined in one, a planner that last counted the tables when they were empty multiplies
    them all with one another.
    """
    mine = Record.objects.filter(reference=record_reference(reference)).values_list("pk", flat=True).first()
    concerns = list(Involvement.objects.filter(referral=mine).values_list("concern", flat=True))
    siblings = Involvement.objects.filter(concern__in=concerns, referral__isnull=False)
    keys = set(siblings.order_by().values_list("referral", flat=True))
    lock(reference, *more, *Record.objects.filter(pk__in=keys).values_list("reference", flat=True))


def need_police_referral(concern, *, actor, grounds=""):
    """Form 87A is needed for the concern: opens it where none is open or went out.

    Every referral of the concern shows it until it is resolved. Returns the police referral. Call with the concern's
    referrals locked (`lock_with_siblings`), in a transaction.
    """
    lock(concern.reference)
    standing = (
        PoliceReferral.objects.filter(concern=concern, state__in=(*POLICE_UNRESOLVED, *POLICE_WENT_OUT))
        .select_related("record")
        .first()
    )
    if standing is not None:
        return standing
    now = clock.now()
    police_referral = PoliceReferral.objects.create(
        record=Record.objects.open(RecordKind.POLICE_REFERRAL, at=now),
        concern=concern,
        needed_since=now,
        grounds=grounds,
    )
    journal.write(
        police_referral.record,
        "need",
        actor=actor,
        to_state=police_referral.state,
        concern=concern.reference,
        reason=grounds,
    )
    _outstanding(police_referral, actor, "police_referral_needed")
    return police_referral


@transaction.atomic
def ask_for_police_referral(reference, *, actor, concern, grounds):
    """A crime is suspected, at any category (B4). `concern` is the reference of one of the referral's own.

    Returns the police referral: the one that stands already, where there is one.
    """
    lock_with_siblings(reference)
    with noted(
        Referral,
        reference,
        "ask_for_police_referral",
        actor=actor,
        may=can_ask_for_police_referral,
        reason=grounds,
        asks="Say which crime is suspected, and why.",
    ) as move:
        if not move.subject.is_open:
            raise NotReady(f"{police_form()} is asked for on a referral that is open.")
        part = move.subject.involvements.filter(concern__record__reference=concern).select_related("concern__record")
        found = part.first()
        if found is None:
            raise Denied(record=move.subject.record, verb="ask_for_police_referral")
    return need_police_referral(found.concern, actor=actor, grounds=grounds)


def _outstanding(police_referral, actor, verb, **facts):
    """The red tag and the task, on each child's open referral."""
    for referral in police_referral.referrals():
        _show(referral, police_referral, actor, verb, **facts)
        holders.refresh_due(referral)


def _show(referral, police_referral, actor, verb, **facts):
    """The red tag, the task and a line in the journal, on one child's referral."""
    referral.police_outstanding = True
    referral.save(update_fields=["police_outstanding"])
    work.ask(referral.record, "police_referral", **holders.holder(referral))
    journal.write(referral.record, verb, actor=actor, police_referral=police_referral.reference, **facts)


def show_unresolved(referral, *, actor):
    """The red tag and the task, where a concern that the referral has taken in has a form that is not resolved.

    Call after its involvements are written; the due date is worked out by whoever calls.
    """
    unresolved = PoliceReferral.objects.filter(
        concern__involvements__referral=referral, state__in=POLICE_UNRESOLVED
    ).select_related("record")
    form = None if referral.police_outstanding else unresolved.first()
    if form is not None:
        _show(referral, form, actor, "police_referral_needed")


def ask_to_write_anew(concern):
    """A child was added to the concern, of whom a form that is approved or went out does not speak. Whoever wrote the
    approved one is asked for a new version, and what cannot wait is sent all the same (B3); to what went out, whoever
    has one of its children adds a supplement."""
    found = PoliceReferral.objects.filter(concern=concern, state__in=(PoliceReferralState.APPROVED, *POLICE_WENT_OUT))
    for police_referral in found.select_related("record"):
        form, about = police_referral.latest_form(), police_referral.reference
        if police_referral.state == PoliceReferralState.APPROVED and form.referral.is_open:
            work.ask(form.referral.record, "draft_police_referral", owner=form.drafted_by, about=about)
            holders.refresh_due(form.referral)
        elif police_referral.state in POLICE_WENT_OUT:
            # Until one is sent that speaks of the child: each of the others would close as if the police knew.
            for child in police_referral.referrals():
                work.ask(child.record, ADDED, about=about, **holders.holder(child))
                holders.refresh_due(child)


def were_told_of_all(police_referral, form, *, actor):
    """The supplement `form` went out: where it speaks of every child, nobody has to tell the police of one any more."""
    told = {child.pk for child in _spoken_of(police_referral, form)}
    children = police_referral.referrals()
    if told.issuperset(child.pk for child in children):
        for child in children:
            work.finish(child.record, ADDED, by=actor, about=police_referral.reference)


# These follow the child to whom a referral is attached; each keeps its day.
CARRIED = ("police_referral", "draft_police_referral", ADDED, "send_supplement", "police_acknowledgement")

DECIDED_BY_MANAGERS = ("approve_police_referral", police_refusals.DECIDE)


def carry_over(referral, target):
    """The forms that were drafted on `referral`, and what is to be done about them, are `target`'s from now on.

    Call before the tasks of `referral` are cancelled, with both locked.
    """
    PoliceForm.objects.filter(referral=referral).update(referral=target)
    managers = {"team": target.record.holding_team, "role": Role.MANAGER}
    for task in referral.record.tasks.open().filter(kind__in=(*CARRIED, *DECIDED_BY_MANAGERS)):
        whose = holders.holder(target) if task.kind in CARRIED else managers
        days = {"started_on": task.started_on, "due_on": task.due_on}
        work.ask(target.record, task.kind, about=task.about, **days, **whose)
    referral.police_outstanding = False


# --- Written, and approved by somebody else ---


@transaction.atomic
def draft(reference, *, actor, on, content: Draft, addresses=(), version=None):
    """A new version of the form. `on` is the child's referral on whose pages it is drafted; `addresses` are pairs of
    a child's reference and the reason why its confidential address stands in the pack. Returns the PoliceForm."""
    same = {"actor": actor, "version": version}
    if lock_children(reference).state == PoliceReferralState.DRAFTED:
        # A draft that nobody has approved is written anew where it stands.
        door = noted(PoliceReferral, reference, "redraft", may=can_write_police_referral, edits=True, **same)
    else:
        door = opened(PoliceReferral, reference, "draft", **same)
    with door as move:
        police_referral = move.subject
        last = police_referral.latest_form()
        form = new_version(police_referral, on, content, actor, addresses=addresses)
        police_referral.forget_form()
        move.facts["form"] = form.number
    done_with(last, actor)
    ask_for_approval(form, reference)
    tell_children(police_referral, actor, "police_referral_drafted")
    return form


def new_version(police_referral, on, content, actor, supplement_to=None, addresses=()):
    """Writes a version, drafted on the pages of the child's referral `on`; NotReady where something is missing.

    A confidential address that an earlier version had is in this one only where its author adds it anew.
    """
    missing = [sentence for name, sentence in ASKED.items() if not getattr(content, name).strip()]
    if missing:
        raise NotReady(*missing)
    refuse_without_consent(police_referral.children(), content.basis, ConsentPurpose.POLICE)
    through = next((each for each in police_referral.children() if each.reference == on and each.is_open), None)
    if through is None:
        raise Denied(record=police_referral.record, verb="draft")
    added = _to_add(police_referral, actor, addresses)
    form = PoliceForm.objects.create(
        police_referral=police_referral,
        number=police_referral.next_number(),
        supplement_to=supplement_to,
        referral=through,
        drafted_by=actor,
        drafted_at=clock.now(),
        **asdict(content),
    )
    PoliceFormAddress.objects.bulk_create(
        PoliceFormAddress(form=form, child=child, reason=reason) for child, reason in added
    )
    return form


def _to_add(police_referral, actor, addresses):
    """[(child, reason)] of the confidential addresses that go to this recipient: only whoever may read one adds it."""
    children = {child.reference: child for child in police_referral.children()}
    found = []
    for reference, reason in addresses:
        child = children.get(reference)
        if child is None or not can_read_address(child.person, actor):
            raise Denied(record=police_referral.record, verb="draft")
        if not reason.strip():
            raise NotReady("Say why the recipient needs the confidential address.")
        if _says_address(child.person, reason):
            raise NotReady("Leave the address out of your reason: people read it who may not read the address.")
        if child.person.address_confidential:
            found.append((child, reason))
    return found


SHORTEST_PART = 5  # characters of a line of an address


def _says_address(person, text):
    """Whether the text has the person's postcode, or a line of their address."""
    plain = "".join(text.lower().split())
    parts = [person.postcode, *person.address.replace(",", "\n").splitlines()]
    said = ("".join(part.lower().split()) for part in parts)
    return any(part in plain for part in said if len(part) >= SHORTEST_PART)


def ask_for_approval(form, reference):
    record = form.referral.record
    work.ask(record, "approve_police_referral", team=record.holding_team, role=Role.MANAGER, about=reference)


ASKED = {
    "recipient": "Enter to whom it goes.",
    "known": "Say what is known.",
    "asked": "Say what is asked of the police.",
    "consent": "Say who was asked and what they said, or why nobody was asked.",
}


WRITING = ("draft_police_referral", "approve_police_referral")
ANSWER = "police_acknowledgement"


def done_with(form, actor, *kinds):
    """The tasks of a version that another follows, or that is answered; of some kinds, or of all."""
    if form is not None:
        about = form.police_referral.reference
        every = (*WRITING, ANSWER, police_refusals.DECIDE)
        work.finish(form.referral.record, *(kinds or every), by=actor, about=about)


@transaction.atomic
def return_to_drafter(reference, *, actor, reason, version=None):
    """A manager sends the draft back, with what needs to change. Returns the police referral."""
    lock_children(reference)
    with opened(PoliceReferral, reference, "return_to_drafter", actor=actor, reason=reason, version=version) as move:
        form = move.subject.latest_form()
        form.returned_by, form.returned_at, form.return_reason = actor, clock.now(), reason
        form.save(update_fields=["returned_by", "returned_at", "return_reason"])
    done_with(form, actor)
    work.ask(form.referral.record, "draft_police_referral", owner=form.drafted_by, about=reference)
    tell_children(move.subject, actor, "police_referral_returned")
    return move.subject


@transaction.atomic
def approve(reference, *, actor, version=None, once=None):
    """Approved as it is drafted: the pack is made, with the HSB risk assessments. Returns the PoliceForm."""
    with approving(reference, actor=actor, version=version, once=once) as move:
        pass
    return move.subject.latest_form()


@contextmanager
def approving(reference, *, actor, version=None, once=None):
    """`approve` around what is decided in the same step: right and version are asked before, the pack is made after.

    Yields the Move. Call in a transaction.
    """
    with document_store.undone_together():
        lock_children(reference)
        with opened(PoliceReferral, reference, "approve", actor=actor, version=version) as move:
            yield move
            _make_pack(move, once or uuid4())
        done_with(move.subject.latest_form(), actor)
        tell_children(move.subject, actor, "police_referral_approved")


def _make_pack(move, once):
    move.subject.forget_form()  # the child's team may be another one by now
    form = make_pack(move.subject, move.subject.latest_form(), move.actor, once)
    move.facts.update(form=form.number, document=form.document.number, word=form.word_document.number)


def make_pack(police_referral, form, actor, once):
    """`actor` approves the form: what goes out is kept as it is now, made once, as a PDF and as a Word document."""
    # What was agreed when it was drafted may be withdrawn by now.
    refuse_without_consent(police_referral.children(), form.basis, ConsentPurpose.POLICE)
    _refuse_another_address(form)
    form.approved_by, form.approved_at = actor, clock.now()
    data = documents.police_pack(police_referral, form)
    same = {"title": documents.title_of(form), "recipient": form.recipient, "actor": actor}
    record = police_referral.record
    form.document = document_store.keep(record, kind=PACK, template=documents.PACK, data=data, once=once, **same)
    form.word_document = document_store.keep_word(
        record, kind=WORD, blocks=documents.as_blocks(data), once=uuid5(once, "word"), **same
    )
    form.save(update_fields=["approved_by", "approved_at", "document", "word_document"])
    return form


def _refuse_another_address(form):
    """The reason was given for the address that stood when the form was drafted, and for no other."""
    for row in form.addresses.select_related("child__person"):
        person = row.child.person
        versions = person.history.filter(history_date__lte=form.drafted_at)
        then = versions.order_by("-history_date", "-history_id").first()
        if then is not None and (then.address, then.postcode) != (person.address, person.postcode):
            raise NotReady(
                f"The address of {person.known_as} was changed since this was drafted. Return it: its author says "
                "whether the new one goes with it."
            )


# --- Sent, and answered ---


@transaction.atomic
def record_sent(reference, *, actor, sent_to, sent_how, sent_on, sent_at=None, version=None):
    """It went out: to whom, how, when. Writes a Disclosure on each child's record. Returns the police referral."""
    lock_children(reference)
    with opened(PoliceReferral, reference, "record_sent", actor=actor, version=version, happened_on=sent_on) as move:
        form = move.subject.latest_form()
        went_out(form, actor, sent_to, sent_how, sent_on, sent_at)
        move.facts.update(form=form.number, how=sent_how)
    disclose_to_police(move.subject, form, f"{police_form()} with the HSB risk assessment, version {form.number}")
    through = form.referral
    work.ask(through.record, ANSWER, about=reference, started_on=sent_on, **holders.holder(through))
    _resolved(move.subject, actor, "police_referral_sent")
    holders.refresh_due(through)
    return move.subject


def went_out(form, actor, sent_to, sent_how, sent_on, sent_at):
    """The line of the transmission log: to whom, how, when, by whom."""
    if not sent_to.strip() or not sent_how.strip():
        raise NotReady(f"Say to whom and how {police_form()} was sent.")
    refuse_sending_on(sent_on, sent_at, form)
    form.sent_to, form.sent_how, form.sent_on, form.sent_at = sent_to, sent_how, sent_on, sent_at
    form.sent_by = actor
    form.save(update_fields=["sent_to", "sent_how", "sent_on", "sent_at", "sent_by"])


def disclose_to_police(police_referral, form, what):
    """What went out stands as shared on the record of each child of whom it speaks (B21)."""
    children = _spoken_of(police_referral, form)
    addresses = {each.child.person_id: each.reason for each in form.addresses.select_related("child")}
    # What was said about one child's consent is not for the readers of another child's record.
    consent = form.consent if len(children) == 1 else ""
    for referral in children:
        disclose(
            referral.record,
            actor=form.sent_by,
            what=f"{what}, with the confidential address" if referral.person_id in addresses else what,
            to_whom=form.sent_to,
            recipient=Recipient.POLICE,
            why=_why(referral, addresses.get(referral.person_id)),
            basis="Safeguarding a child; prevention of crime",
            consent=consent or form.get_basis_display(),
            on=form.sent_on,
        )


def _why(referral, address_reason):
    # On the record of a child who was harmed nothing speaks of a category (B1).
    why = "Category 2 or 3, or a crime suspected" if referral.has_category else "Needed for the concern"
    return f"{why}. The address, because: {address_reason}" if address_reason else why


def _spoken_of(police_referral, form):
    """The children of whom the version speaks: not those who were added to the concern after it was approved."""
    children = police_referral.children()
    entries = Entry.objects.filter(
        record__in=[child.pk for child in children],
        verb__in=("log_concern", "concern_attached"),
        facts__concern=police_referral.concern.reference,
    )
    came = dict(entries.order_by("-number").values_list("record", "recorded_at"))  # the first one of each
    return [child for child in children if child.pk not in came or came[child.pk] <= form.approved_at]


@transaction.atomic
def acknowledge(reference, *, actor, acknowledged_on, police_reference, officer="", version=None):
    """The police have it, under their reference. Returns the police referral."""
    lock_children(reference)
    with opened(
        PoliceReferral, reference, "acknowledge", actor=actor, version=version, happened_on=acknowledged_on
    ) as move:
        form = _form_that_went_out(move.subject)
        was_acknowledged(form, acknowledged_on, police_reference, officer)
    done_with(form, actor, ANSWER)  # what is written of a supplement meanwhile goes on
    tell_children(move.subject, actor, "police_referral_acknowledged")
    return move.subject


def was_acknowledged(form, acknowledged_on, police_reference, officer):
    if not police_reference.strip():
        raise NotReady("Enter the police reference.")
    refuse_answer_on(acknowledged_on, form)
    form.acknowledged_on, form.police_reference, form.officer = acknowledged_on, police_reference, officer
    form.save(update_fields=["acknowledged_on", "police_reference", "officer"])


@transaction.atomic
def refuse(reference, *, actor, refused_on, refused_by, reason, done, version=None):
    """The police do not take it: outstanding again on every child. Returns the police referral.

    `done` (services.police_refusals.Done) says what is done now; it is to be drafted anew unless that says otherwise.
    """
    lock_children(reference)
    with opened(
        PoliceReferral, reference, "refuse", actor=actor, reason=reason, version=version, happened_on=refused_on
    ) as move:
        form = _form_that_went_out(move.subject)
        if not move.subject.referrals():
            raise NotReady("Every referral of this concern has ended: open a new episode of the child first.")
        was_refused(form, refused_on, refused_by, reason)
        form.police_referral = move.subject
        step, facts = police_refusals.write(form, done, actor=actor, once=uuid4())
        move.facts |= facts
    done_with(form, actor)
    for supplement in form.supplements.select_related("referral__record", "police_referral__record"):
        done_with(supplement, actor, *WRITING, "send_supplement")  # what added to it goes with it, answered or not
        work.finish(supplement.referral.record, ANSWER, by=actor, about=about_supplement(supplement))
    # Whoever wrote it is told at once, by name: it is to be written again today.
    police_refusals.follow(step)
    _outstanding(move.subject, actor, "police_referral_refused", after=step.kind)
    return move.subject


@transaction.atomic
def record_after_refusal(reference, *, actor, number, done, once):
    """What was done since the version of that number was refused. Returns the RefusalStep.

    Several can follow, and none is changed. The same page sent twice makes one; sent again with other words it is
    refused, for what is recorded stays.
    """
    police_referral = lock_children(reference)
    form = refused_form(police_referral, number)
    if form is None:
        raise NotReady("The police have not refused this version: open the page again.")
    own = RefusalStep.objects.filter(form=form, by=actor)
    before = made_alike(own, once, police_refusals.new_step(form, done, actor, once), STEP_SAYS_SOMETHING_ELSE)
    if before is not None:
        return before
    with noted(PoliceReferral, reference, "after_refusal", actor=actor, may=can_write_police_referral) as move:
        form.police_referral = move.subject
        step, facts = police_refusals.write(form, done, actor=actor, once=once)
        move.facts |= facts
    police_refusals.follow(step)
    tell_children(move.subject, actor, "police_after_refusal", after=step.kind)
    holders.refresh_due(form.referral)
    return step


def was_refused(form, refused_on, refused_by, reason):
    refuse_answer_on(refused_on, form)
    form.refused_on, form.refused_by, form.refusal = refused_on, refused_by, reason
    form.save(update_fields=["refused_on", "refused_by", "refusal"])


def about_supplement(form):
    """What the task of a supplement's acknowledgement is about: the form's own acknowledgement is another task."""
    return f"{form.police_referral.reference}-V{form.number}"


def refuse_sending_on(day, at, form):
    """It is sent after its approval, to the minute where the hour is known, and not in the future."""
    approved = timezone.localtime(form.approved_at)
    too_early, too_late = day < approved.date(), day > clock.today()
    if at is not None:
        sent = timezone.make_aware(datetime.combine(day, at))
        too_early, too_late = sent < approved.replace(second=0, microsecond=0), sent > clock.now()
    if too_early or too_late:
        raise NotReady(
            f"Enter when {police_form()} was sent: after its approval on {words.instant(form.approved_at)}, and not in "
            "the future."
        )


def refuse_answer_on(day, form):
    """The police answer after it was sent, refuse after they acknowledged it, and neither in the future."""
    what = "acknowledged" if form.acknowledged_on else "sent"
    first = form.acknowledged_on or form.sent_on
    if not first <= day <= clock.today():
        raise NotReady(f"Enter a day from {words.day(first)}, on which {police_form()} was {what}, until today.")


def _form_that_went_out(police_referral):
    form = police_referral.latest_form()
    if form is None or form.sent_on is None:
        raise NotReady("Nothing that went out is kept here: record what the police answered as a call.")
    return form


@transaction.atomic
def excuse(reference, *, actor, exit_, reason, weighed=None, version=None):
    """A manager's exit: `exit_` is "not_sent_because" or "no_longer_needed_because". Returns the police referral.

    A decision not to share is a disclosure record too (B21). Where the form covers several children the reason may
    speak of each: it stays with the form, and each child's record says who decided; so does what was `weighed`
    (weighing.Weighed).
    """
    if exit_ not in ("not_sent_because", "no_longer_needed_because"):
        raise NotReady(f"Choose why {police_form()} is not sent.")
    lock_children(reference)
    with opened(PoliceReferral, reference, exit_, actor=actor, reason=reason, version=version) as move:
        police_referral = move.subject
        police_referral.reason, police_referral.resolved_by = reason, actor
        police_referral.resolved_at = clock.now()
        weighing.record(move, weighed, reason=reason, below_default=weighing.not_sending_is_below(police_referral))
    alone = len(police_referral.children()) == 1
    elsewhere = f"{actor.name}, a manager, decided it. The reason stands with {police_form()}."
    for referral in police_referral.referrals():
        disclose(
            referral.record,
            actor=actor,
            shared=False,
            what=f"{police_form()} with the HSB risk assessment",
            to_whom="Police",
            recipient=Recipient.POLICE,
            why=reason if alone else elsewhere,
            basis="Manager's decision not to send",
            on=clock.today(),
        )
    done_with(police_referral.latest_form(), actor)
    _resolved(police_referral, actor, "police_referral_excused")
    return police_referral


# --- What all of them share ---


def lock_children(reference):
    """Locks the children's records, which every verb of the form does first; returns the police referral, read then."""
    police_referral = PoliceReferral.at(reference).first()
    if police_referral is None:
        raise PoliceReferral.DoesNotExist(reference)
    lock(*(referral.reference for referral in police_referral.children()))
    return PoliceReferral.at(reference).get()


def tell_children(police_referral, actor, verb, **facts):
    """A line in the journal of each child's open referral, and its due date."""
    for referral in police_referral.referrals():
        journal.write(referral.record, verb, actor=actor, police_referral=police_referral.reference, **facts)
        holders.refresh_due(referral)


def _resolved(police_referral, actor, verb):
    """The red tag goes from every referral for which no other Form 87A is unresolved."""
    for referral in police_referral.referrals():
        still = PoliceReferral.objects.filter(
            concern__involvements__referral=referral, state__in=POLICE_UNRESOLVED
        ).exists()
        journal.write(referral.record, verb, actor=actor, police_referral=police_referral.reference)
        if not still:
            work.finish(referral.record, "police_referral", by=actor)
            referral.police_outstanding = False
            referral.save(update_fields=["police_outstanding"])
        holders.refresh_due(referral)
