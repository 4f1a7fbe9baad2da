"""The intel form: begun from what is known already, written, submitted to the panel, answered (A16, B12).

Police-only words never leave it for a child's record: what reaches one is worded anew, by floor 3.
"""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction

from hsb.core import access, clock, journal, work
from hsb.core.door import check_version, last_moved, lock, noted, opened
from hsb.core.models import Place, Record
from hsb.core.numbers import last_number
from hsb.core.once import made_before
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.core.states import Because, RecordKind
from hsb.people.models import Team
from hsb.people.states import Role, Service
from referrals.models import Concern, Referral
from referrals.services import holders
from referrals.services.searching import keep_search
from strategy_meetings.models import ChildConsidered, IntelChild, IntelEntry, IntelForm, StrategyMeeting, Theme
from strategy_meetings.permissions import (
    INTEL_WRITERS,
    can_begin_intel,
    can_begin_intel_for,
    can_read_intel_answer,
    can_write_intel,
)
from strategy_meetings.selectors.intel import (
    can_tell,
    given_for,
    in_writing,
    last_meeting_on,
    left_behind,
    shut_to_panel,
    standing_for,
    writers_of,
)
from strategy_meetings.selectors.reading import MeetingReading
from strategy_meetings.services import reading
from strategy_meetings.states import (
    BEFORE_DECISIONS,
    INTEL_WRITABLE,
    EntryKind,
    IntelAnswer,
    MeetingKind,
    Reliability,
)


@dataclass(kw_only=True)
class Entry:
    """One entry as it is typed. Its subject is one of `person`, `place`, `theme`, or `described` (kind O alone)."""

    kind: str
    text: str
    said_by: str
    reliability: str
    said_on: date | None = None
    person: object = None
    place: object = None
    theme: object = None
    described: str = ""
    police_only: bool = False
    not_for_minutes: bool = False
    not_for_family: bool = False


FIELDS = tuple(Entry.__dataclass_fields__)
# What is written about the whole, beside its entries.
WRITTEN = ("criteria", "why", "tried", "asked")


# --- Begun ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(source, *, actor, once, children, entries=(), writers=()):
    """A form from `source` (a Record), prefilled. Returns it; the same form twice is one.

    `children` are pairs of Person and Referral (None for a child without one of ours); `entries` are Entry; `writers`
    users who write it with `actor`. Whether `actor` may is the caller's to ask.
    """
    lock(source.reference)
    before = made_before(IntelForm.objects.filter(source=source, author=actor), once)
    if before is not None:
        return before
    now = clock.now()
    form = IntelForm.objects.create(
        record=Record.objects.open(RecordKind.INTEL_FORM, at=now, holding_team=_team_of(actor, source)),
        state_since=now,
        source=source,
        author=actor,
        once=once,
    )
    journal.write(form.record, "begin_intel", actor=actor, to_state=form.state, source=source.reference)
    for person, referral in children:
        IntelChild.objects.create(form=form, person=person, referral=referral)
    for number, entry in enumerate(entries, start=1):
        _new_entry(form, number, entry, once=None)
    for user in {actor, *writers}:
        access.grant(form.record, because=Because.WRITES_INTEL, user=user, given_by=actor)
    return form


def _team_of(user, source):
    """The team for which `user` writes: its managers see what is left undone where nobody writes the form any more."""
    teams = [each.team for each in user.current_memberships() if each.role in INTEL_WRITERS]
    return next((team for team in teams if team.pk == source.holding_team_id), teams[0] if teams else None)


@transaction.atomic
def begin_from_meeting(reference, *, actor, once, numbers=()):
    """The meeting's form, about the children of these `numbers`. Returns the IntelForm.

    There is one for a meeting (B12): where it is begun already the actor goes on with it, and the children are added
    while it can be written. Nobody writes about a child whom they may not open: for whoever may not open every child of
    the form that stands, it is a form of their own.
    """
    lock(reference)
    meeting = StrategyMeeting.objects.visible_to(actor).filter(record__reference=reference).first()
    if meeting is None or not can_begin_intel(meeting, actor):
        raise Denied(verb="begin_intel")
    if not can_tell(meeting):
        raise NotReady("A form comes from a meeting that was held, and not cancelled.")
    opens = MeetingReading(meeting, actor)
    children = {child.number: child for child in opens.taking_part if opens.opens(child)}
    if set(numbers) - children.keys():
        raise Denied(record=meeting.record, verb="begin_intel")
    chosen = [children[number] for number in sorted(set(numbers))]
    standing = standing_for(opens)
    if standing is not None and _goes_on(standing, chosen):
        return _go_on(standing, chosen, meeting, actor)
    if not chosen:
        raise NotReady("Choose at least one child.")
    pairs = [(child.person, child.referral) for child in chosen]
    entries = [*_of_children(chosen, meeting), *_of_place(meeting.concern, _said_by(meeting), meeting.held_on)]
    return begin(meeting.record, actor=actor, once=once, children=pairs, entries=entries, writers=meeting.readers)


def _said_by(meeting):
    return meeting.get_kind_display()


def _goes_on(form, chosen):
    """Whether the children belong to the form that stands: what was given to the panel is not added to."""
    return form.state in INTEL_WRITABLE or not _missing_in(form, chosen)


def _missing_in(form, chosen):
    known = set(form.children.values_list("person", flat=True))
    return [child for child in chosen if child.person_id not in known]


def _go_on(form, chosen, meeting, actor):
    _let_write(form, actor)
    if not (missing := _missing_in(form, chosen)):
        return form
    numbers = [child.number for child in missing]
    with noted(IntelForm, form.reference, "add_children", actor=actor, may=can_write_intel, children=numbers) as move:
        form = _writable(move.subject)
        for child in missing:
            IntelChild.objects.create(form=form, person=child.person, referral=child.referral)
        for entry in _of_children(missing, meeting):
            _new_entry(form, _next_number(form), entry, once=None)
    return form


@transaction.atomic
def begin_from_referral(reference, *, actor, once, criteria=()):
    """A form about the child of a referral, by whoever works with the child. Returns the IntelForm.

    Whoever has one in writing from this referral goes on with it; so does whoever comes after a writer who has left.
    """
    lock(reference)
    referral = Referral.objects.visible_to(actor).filter(record__reference=reference).select_related("record").first()
    if referral is None or not can_begin_intel_for(referral, actor):
        raise Denied(verb="begin_intel")
    if not referral.is_open:
        raise NotReady("This referral has ended: reopen it with the new information first.")
    standing = in_writing(referral.record, actor)
    if standing is not None:
        return standing
    if (left := left_behind(referral.record, actor)) is not None:
        return _take_over(left, actor)
    concern = Concern.objects.filter(involvements__referral=referral).order_by("-reported_on", "-pk").first()
    said_by, day = "The child's record", clock.today()
    entries = [*_of_child(referral.person, referral.side, said_by, day), *_of_place(concern, said_by, day)]
    children = [(referral.person, referral)]
    form = begin(referral.record, actor=actor, once=once, children=children, entries=entries)
    return write(form.reference, actor=actor, answers={"criteria": list(criteria)}) if criteria else form


def _take_over(form, actor):
    """Goes on with what somebody began who has left, all of it. Returns the form."""
    lock(form.reference)
    _let_write(form, actor)
    journal.write(form.record, "take_over_intel", actor=actor, author=form.author.reference)
    return form


def _let_write(form, actor):
    """`actor` goes on with the form; where nobody else writes it any more, with what was asked of who did."""
    left = not writers_of(form)
    access.grant(form.record, because=Because.WRITES_INTEL, user=actor, given_by=actor)
    if not left:
        return
    form.record.holding_team = _team_of(actor, form.source)
    form.record.save(update_fields=["holding_team"])
    for task in form.record.tasks.open().filter(owner__isnull=False):
        work.ask(form.record, task.kind, about=task.about, owner=actor)


def _of_children(children, meeting):
    of_each = (_of_child(child.person, child.side_now, _said_by(meeting), meeting.held_on) for child in children)
    return [entry for entries in of_each for entry in entries]


def _of_child(person, side, said_by, day):
    """Prefilled: the child by the part in it that the record says; nothing where that is not known."""
    kinds = {
        "displayed": (EntryKind.PERSON,),
        "harmed": (EntryKind.VICTIM,),
        "both": (EntryKind.VICTIM, EntryKind.PERSON),
    }.get(side, ())
    return [
        Entry(
            kind=kind,
            person=person,
            text="As on the child's record.",
            said_by=said_by,
            said_on=day,
            reliability=Reliability.LIKELY,
        )
        for kind in kinds
    ]


def _of_place(concern, said_by, day):
    if concern is None or concern.place is None:
        return []
    text = "Where the concern happened."
    return [
        Entry(
            kind=EntryKind.LOCATION,
            place=concern.place,
            text=text,
            said_by=said_by,
            said_on=day,
            reliability=Reliability.LIKELY,
        )
    ]


# --- Written ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def write(reference, *, actor, answers, version=None):
    """Why the panel should look at it, what was tried, what is asked: `answers` are of WRITTEN. Returns the form."""
    with noted(
        IntelForm,
        reference,
        "write_intel",
        actor=actor,
        may=can_write_intel,
        version=version,
        edits=True,
        fields=WRITTEN,
    ) as move:
        form = _writable(move.subject)
        unknown = set(answers) - set(WRITTEN)
        if unknown:
            raise ValueError(f"Not written on an intel form: {sorted(unknown)}")
        for name, answer in answers.items():
            setattr(form, name, answer)
    return form


def _writable(form):
    if form.state not in INTEL_WRITABLE:
        raise NotReady("It was submitted: it can no longer be changed. Withdraw it, or wait for the panel's answer.")
    return form


@transaction.atomic
def search(reference, *, actor, terms):
    """Who may be meant, of everybody we know: returns the UUID under which its author finds what it gave (B8)."""
    form = IntelForm.objects.visible_to(actor).filter(record__reference=reference).first()
    if form is None or not can_write_intel(form, actor):
        raise Denied(verb="search_intel")
    return keep_search(actor=actor, terms=terms, page="intel form")


@transaction.atomic
def add_entry(reference, *, actor, once, entry: Entry):
    """One more entry. Returns the IntelEntry; the same form twice is one."""
    with noted(IntelForm, reference, "add_entry", actor=actor, may=can_write_intel, kind=entry.kind) as move:
        form = _writable(move.subject)
        return made_before(form.entries.all(), once) or _new_entry(form, _next_number(form), entry, once)


@transaction.atomic
def add_location(reference, *, actor, once, place_kind, name, postcode="", **typed):
    """An entry about a place, which is the one we have by that kind, name and postcode. Returns the IntelEntry."""
    place = Place.called(place_kind, name, postcode)
    return add_entry(reference, actor=actor, once=once, entry=Entry(kind=EntryKind.LOCATION, place=place, **typed))


@transaction.atomic
def add_theme(reference, *, actor, once, theme_kind, name, **typed):
    """An entry about a theme or a group, which is the one we have by that name. Returns the IntelEntry."""
    theme = Theme.called(theme_kind, name)
    return add_entry(reference, actor=actor, once=once, entry=Entry(kind=EntryKind.THEME, theme=theme, **typed))


def _next_number(form):
    return last_number(form.entries) + 1


def _new_entry(form, number, entry, once):
    return IntelEntry.objects.create(
        form=form, number=number, once=once or uuid4(), **{name: getattr(entry, name) for name in FIELDS}
    )


@transaction.atomic
def change_entry(reference, number, *, actor, entry: Entry, version=None):
    """An entry is written anew; its kind and subject stay what they were. Returns the IntelEntry."""
    with noted(
        IntelForm, reference, "change_entry", actor=actor, may=can_write_intel, edits=True, entry=number
    ) as move:
        form = _writable(move.subject)
        found = _entry(form, number)
        check_version(found, version, ("text", "said_by", "said_on", "reliability", "handling"))
        subject = ("kind", "person", "place", "theme", "described")
        for name in FIELDS:
            if name not in subject:
                setattr(found, name, getattr(entry, name))
        found.version += 1
        found.save()
    return found


@transaction.atomic
def drop_entry(reference, number, *, actor, reason, version=None):
    """An entry that was typed and does not belong. Returns it."""
    with noted(
        IntelForm,
        reference,
        "drop_entry",
        actor=actor,
        may=can_write_intel,
        edits=True,
        reason=reason,
        asks="Say why it is taken out.",
        entry=number,
    ) as move:
        found = _entry(_writable(move.subject), number)
        check_version(found, version, ("text",))
        found.dropped_at = clock.now()
        found.save(update_fields=["dropped_at"])
    return found


def _entry(form, number):
    found = form.standing_entries().filter(number=number).first()
    if found is None:
        raise Denied(record=form.record, verb="change_entry")
    found.record = form.record
    return found


# --- Submitted, and answered ------------------------------------------------------------------------------------------


@transaction.atomic
def submit(reference, *, actor, shown=None):
    """It goes to the panel's coordinators: the form, not the files. Returns it.

    It keeps what stands on each child's record now, and answers what its meeting asked for. `shown` is
    `shown_for_submitting` of the form that was confirmed: Changed, where it says something else by now.
    """
    lock(reference, *_records_of(reference))
    with opened(IntelForm, reference, "submit", actor=actor) as move:
        form = move.subject
        stands = shown_for_submitting(form)
        if shown is not None and shown != stands:
            raise Changed(reference=reference, version=stands, **last_moved(form.record))
        form.submitted_by, form.submitted_at = actor, clock.now()
        form.answer, form.answered_at = "", None
        for child in form.children.select_related("referral", "person"):
            _note_facts(child)
        work.finish(form.record, "intel_again", "read_intel_answer", by=actor)
    _let_panel_read(form, actor)
    for team in panel_teams():
        work.ask(form.record, "sift_intel", about=team.slug, team=team, role=Role.COORDINATOR)
    _answer_meeting(form, actor)
    for child in form.children.filter(referral__isnull=False).select_related("referral__record"):
        journal.write(child.referral.record, "intel_submitted", actor=actor, intel=form.reference)
    return form


def shown_for_submitting(form):
    """A version of all that a form says: whatever is written, added, changed or taken out moves it."""
    children = form.children.order_by("pk").values_list("pk", flat=True)
    entries = form.standing_entries().values_list("number", "version")
    said = journal.digest_of_text(str(form.version), str(list(children)), str(list(entries)))
    return int(said[:7], 16)


def _records_of(reference):
    """What is written with a form: its children's referrals, and the meeting it comes from."""
    form = IntelForm.objects.filter(record__reference=reference).select_related("source").first()
    if form is None:
        return []
    referrals = form.children.filter(referral__isnull=False).values_list("referral__record__reference", flat=True)
    return [*referrals, form.source.reference]


def _note_facts(child):
    referral = child.referral
    child.category = referral.category if referral is not None else ""
    child.tier = referral.tier if referral is not None else None
    child.met_on = last_meeting_on(child.person)
    child.save()


def panel_teams():
    """The borough's open panel teams. Raises NotReady where there is none yet."""
    teams = list(Team.objects.filter(service=Service.PANEL, closed_on__isnull=True).order_by("pk"))
    if not teams:
        raise NotReady("There is no panel team yet: ask the administrator to add one.")
    return teams


def _let_panel_read(form, actor):
    for team in panel_teams():
        access.grant(form.record, because=Because.PANEL, team=team, role=Role.COORDINATOR, given_by=actor)
        for user in holders.holding_role(team, Role.COORDINATOR) if form.is_restricted else ():
            access.grant(form.record, because=Because.PANEL, user=user, given_by=actor)


@transaction.atomic
def let_panel_read(reference, *, actor, version=None):
    """A record in it was restricted after it was submitted: the coordinators of today are named on it, as when it is
    submitted. Returns the form."""
    with noted(IntelForm, reference, "let_panel_read", actor=actor, may=can_write_intel, version=version) as move:
        if not shut_to_panel(move.subject):
            raise NotReady("It is not with the panel, or the panel's coordinators read it already.")
        _let_panel_read(move.subject, actor)
        if shut_to_panel(move.subject):
            raise NotReady("None of the panel's coordinators can be named on it: ask your manager.")
    return move.subject


def _answer_meeting(form, actor):
    """The meeting's fourth agreement is answered for the children in it (A11)."""
    meeting = _meeting_of(form)
    if meeting is None:
        return
    persons = form.children.values("person")
    for child in meeting.children_in().filter(intel=IntelAnswer.NEEDED, intel_done_on__isnull=True, person__in=persons):
        ChildConsidered.objects.filter(pk=child.pk).update(intel_done_on=clock.today())
        work.finish(meeting.record, "intel_form", by=actor, about=_about(meeting, child))
    reading.settle_meeting(meeting, given_by=actor)


def _meeting_of(form):
    return StrategyMeeting.objects.filter(record=form.source).exclude(kind=MeetingKind.TELEPHONE).first()


def _about(meeting, child):
    return f"{meeting.reference}-{child.number}"


def ask_for_form(child, meeting):
    """The meeting agreed that a form is completed for this child: it is asked for by the day agreed, unless one was
    submitted since. Call in a transaction, and save the child afterwards."""
    if (given_on := given_for(meeting.record, child.person_id)) is not None:
        child.intel_done_on = given_on
        ChildConsidered.objects.filter(pk=child.pk).update(intel_done_on=given_on)
        return
    whose = {"owner": child.intel_by} if child.intel_by_id else {"owner": meeting.chair}
    work.ask(meeting.record, "intel_form", about=_about(meeting, child), due_on=child.intel_due_on, **whose)


@transaction.atomic
def withdraw(reference, *, actor, reason, version=None):
    """Its author takes it back: nobody is asked about it any more. Returns the form.

    What its meeting asked for is asked for again, by the same day.
    """
    lock(reference, *_records_of(reference))
    with opened(IntelForm, reference, "withdraw", actor=actor, reason=reason, version=version) as move:
        form = move.subject
        work.cancel(form.record, reason="The form was withdrawn.")
        access.end_grants(form.record, Because.PANEL)
    _ask_meeting_again(form, actor)
    return form


def _ask_meeting_again(form, actor):
    meeting = _meeting_of(form)
    if meeting is None or form.submitted_at is None:
        return
    persons = form.children.values("person")
    answered = meeting.children_in().filter(intel=IntelAnswer.NEEDED, intel_done_on__isnull=False, person__in=persons)
    for child in answered.select_related("intel_by"):
        ChildConsidered.objects.filter(pk=child.pk).update(intel_done_on=None)
        if meeting.state not in BEFORE_DECISIONS:
            ask_for_form(child, meeting)
    reading.settle_meeting(meeting, given_by=actor)


# The coordinator's answers: verb -> the task that its author gets.
ANSWERS = {
    "accept": "read_intel_answer",
    "defer": "read_intel_answer",
    "decline": "read_intel_answer",
    "return_with_advice": "intel_again",
}


@transaction.atomic
def answer(reference, verb, *, actor, reason, version=None):
    """What becomes of a submitted form: `verb` is of ANSWERS. Its author is told. Returns the form."""
    with opened(IntelForm, reference, verb, actor=actor, reason=reason, version=version) as move:
        form = move.subject
        form.answer, form.answered_at = reason, clock.now()
        work.finish(form.record, "sift_intel", "sift_deferred", by=actor)
        if verb == "defer":
            _ask_again_later(form)
        work.ask(form.record, ANSWERS[verb], owner=_told(form))
    return form


def _told(form):
    """Who is told what the panel answered: its author; whoever goes on with it where the author writes it no more."""
    writers = writers_of(form)
    return form.author if form.author in writers or not writers else writers[-1]


def _ask_again_later(form):
    """A deferred form comes back to the sift."""
    for team in panel_teams():
        work.ask(form.record, "sift_deferred", about=team.slug, team=team, role=Role.COORDINATOR)


@transaction.atomic
def hear(reference, *, actor, feedback):
    """Every subject of it was discussed: its author is told what came of it. Returns the form.

    The panel that discussed it asks whether the actor may know of it: they need not open the form, which can be
    restricted since.
    """
    with opened(IntelForm, reference, "hear", actor=actor, known=True) as move:
        form = move.subject
        form.answer, form.answered_at = feedback, clock.now()
        work.ask(form.record, "read_intel_answer", owner=_told(form))
    return form


@transaction.atomic
def read_answer(reference, *, actor, version=None):
    """Its author has read what the panel answered: the answer that stood there at `version`. Returns the form."""
    with noted(
        IntelForm, reference, "read_intel_answer", actor=actor, may=can_read_intel_answer, version=version
    ) as move:
        if not work.finish(move.subject.record, "read_intel_answer", by=actor):
            raise NotReady("There is no answer that you have not read.")
    return move.subject
