"""Intel forms: which stands for a source, what of one a reader may read."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from hsb.core import access, clock
from hsb.core.access import live, named, stands
from hsb.core.asked_once import asked_once
from hsb.core.fetched import fetch
from hsb.core.keys import IsOneOf, KeysOf, is_in
from hsb.core.models import AccessBar, AccessGrant, Task
from hsb.core.states import Because, RecordKind
from hsb.people.models import Membership, Team, User
from hsb.people.states import Role, Service
from referrals.models import Concern, Involvement, Person, Referral
from referrals.selectors import people
from referrals.states import InvolvementRole, InvolvementStatus
from strategy_meetings.models import ChildConsidered, IntelChild, IntelEntry, IntelForm, StrategyMeeting
from strategy_meetings.permissions import can_begin_intel, leave_to_write
from strategy_meetings.states import (
    INTEL_GIVEN,
    INTEL_WITH_PANEL,
    INTEL_WRITABLE,
    EntryKind,
    IntelAnswer,
    IntelState,
    MeetingState,
)

OF_CONCERN = (InvolvementRole.DISPLAYED, InvolvementRole.PERSON_OF_CONCERN)


def can_tell(meeting):
    """Whether the meeting was held, so that a form can come from it."""
    return meeting.held_on is not None and meeting.state != MeetingState.CANCELLED


def wants_form(child, user):
    """Whether an intel form is still to be completed for this child of a meeting, and `user` may begin or go on."""
    waits = child.intel == IntelAnswer.NEEDED and child.intel_done_on is None and can_tell(child.meeting)
    return waits and can_begin_intel(child.meeting, user)


def begun_from(source):
    """The form that comes from `source` (a Record) and was not withdrawn, or None."""
    return IntelForm.objects.filter(source=source).exclude(state=IntelState.WITHDRAWN).order_by("pk").last()


def standing_for(reading):
    """The form of the meeting that its reader (a MeetingReading) goes on with: the last that opens nobody to them whom
    they may not open, or None. Whoever goes on with a form reads all of it."""
    opens = {child.person_id for child in reading.taking_part if reading.opens(child)}
    forms = IntelForm.objects.visible_to(reading.user).filter(source=reading.meeting.record)
    for form in forms.exclude(state=IntelState.WITHDRAWN).select_related("record").order_by("-pk"):
        if opens_nobody_new(form, reading.user, opens=opens):
            return form
    return None


def opens_nobody_new(form, user, *, opens=()):
    """Whether `user` already reads all of the form, or may open everybody in it; `opens` are keys of Persons whom they
    read in its source."""
    if IntelForm.objects.read_whole_by(user).filter(pk=form.pk).exists():
        return True
    others = form.persons().difference(opens)
    return Person.objects.visible_to(user).filter(pk__in=others).count() == len(others)


def in_writing(source, user):
    """The form from `source` (a Record) that `user` has in writing, or None."""
    mine = IntelForm.objects.visible_to(user).filter(source=source, state__in=INTEL_WRITABLE)
    return mine.filter(written_by(user)).select_related("record").order_by("pk").last()


def written_by(user):
    """The Q over IntelForm of those that `user` writes, alone or with somebody."""
    given = AccessGrant.objects.filter(live(), named(user), because=Because.WRITES_INTEL)
    return Q(pk__in=given.values("record"))


def writers_of(form):
    """[User] who write the form today: not who has left the service, or the team in which they wrote it, nor who is
    barred from somebody in it since."""
    given = AccessGrant.objects.filter(live(), record=form.pk, because=Because.WRITES_INTEL, user__is_active=True)
    by_name = list(given.select_related("user").order_by("starts_at", "pk"))
    opens = set(access.who_open([grant.user for grant in by_name], form))
    return [grant.user for grant in by_name if grant.user in opens and stands(grant)]


def left_behind(source, user):
    """The form from `source` (a Record) that nobody writes any more because its writers have left, the service or their
    team, and of which `user` may open everybody; or None. It waits to be finished, or its answer to be read."""
    answered = Task.objects.open().filter(kind="read_intel_answer").values("record")
    waits = Q(state__in=INTEL_WRITABLE) | Q(pk__in=answered)
    forms = IntelForm.objects.visible_to(user).filter(waits, source=source)
    # Of the few forms from there: asked about every person, it is who the reader may open among all there are.
    own = is_in(Person.objects.visible_to(user), "person")
    others = IntelChild.objects.filter(~own, form=OuterRef("pk"))
    in_entries = IntelEntry.objects.filter(~own, person__isnull=False, form=OuterRef("pk"))
    own_alone = forms.filter(~Exists(others), ~Exists(in_entries)).select_related("record", "author")
    return next((form for form in own_alone.order_by("-pk") if not writers_of(form)), None)


@asked_once
def shut_to_panel(form):
    """Whether a form is with the panel and none of its coordinators reads it: a record in it was restricted since."""
    if form.state not in INTEL_WITH_PANEL or not form.is_restricted:
        return False
    panels = Team.objects.filter(service=Service.PANEL, closed_on__isnull=True)
    sit = Membership.objects.current(clock.today()).filter(team__in=panels, role=Role.COORDINATOR)
    coordinators = User.objects.filter(pk__in=sit.values("user"), is_active=True)
    return not any(IntelReading(form, user).whole for user in access.who_open(coordinators, form))


def given_for(source, person):
    """The day on which a form from `source` about this person was given to the panel and stands, or None."""
    forms = IntelForm.objects.filter(source=source, children__person=person, state__in=INTEL_GIVEN)
    at = forms.order_by("submitted_at").values_list("submitted_at", flat=True).first()
    return timezone.localdate(at) if at else None


def last_meeting_on(person):
    """The day of the last strategy meeting or discussion about a person that issued its decisions, or None."""
    parts = ChildConsidered.objects.filter(person=person, taking_part=True, meeting__held_on__isnull=False)
    issued = parts.exclude(meeting__state__in=(MeetingState.HELD, MeetingState.ADJOURNED, MeetingState.CANCELLED))
    return issued.order_by("-meeting__held_on").values_list("meeting__held_on", flat=True).first()


class Offered:
    """Whom the writer of a form can name in it, asked for at once: `people`, [(Person, hint)] of what their search
    found (referrals.selectors.found; None where nothing was searched for), in its order, then of whom the form and its
    source know. `parts`: whether `harmed_alone` will be asked."""

    def __init__(self, form, user, found=None, *, parts=False):
        self._form = form
        hints = _hints(user, found) if found is not None else {}
        searched = Person.objects.filter(record__reference__in=hints)
        roles = _roles(form, user, searched)
        searched, near, self._roles = fetch(
            searched.select_related("record"), people_to_name(form, user), roles if parts else roles.none()
        )
        known = {person.reference: person for person in searched}
        self.people = [(known[reference], hint) for reference, hint in hints.items() if reference in known]
        self.people += [(person, "") for person in near if person not in searched]

    def harmed_alone(self):
        """Keys of those of `people` who are recorded as harmed, and not as a person of concern too: in the form, and in
        the concerns that the writer may open."""
        # Of entries that a page has read already nothing is asked again.
        entries = self._form.__dict__.get("entries_read")
        entries = self._form.standing_entries() if entries is None else entries
        written = {(entry.person_id, entry.kind) for entry in entries}
        harmed = {pk for pk, role in self._roles if role == InvolvementRole.HARMED}
        harmed |= {pk for pk, kind in written if kind == EntryKind.VICTIM}
        of_concern = {pk for pk, role in self._roles if role in OF_CONCERN}
        of_concern |= {pk for pk, kind in written if kind == EntryKind.PERSON}
        return (harmed - of_concern) & {person.pk for person, _ in self.people}


def _hints(user, found):
    """{reference of a person: what is said of them} of what a search of `user` found, in its order."""
    return {
        people.unsign_pick(user, row["pick"]): f"{row['said'][:1].upper()}{row['said'][1:]}. {row['held']}"
        for row in found["rows"]
    }


def _roles(form, user, searched):
    """(person, role) of everybody who could be offered, in the concerns that `user` may open."""
    around = form.children.order_by().values("person").union(_people_in(form.source), searched.values("pk"))
    parts = Involvement.objects.filter(person__in=around, concern__in=Concern.objects.visible_to(user).values("pk"))
    return parts.exclude(status=InvolvementStatus.UNFOUNDED).values_list("person", "role")


def people_to_name(form, user):
    """The Persons whom the form can name as a person of concern, in the order they became known: a queryset.

    They are the form's own children, and of everybody in its source whom `user` may open.
    """
    own = Person.objects.filter(pk__in=form.children.values("person"))
    inside = Person.objects.filter(is_in(Person.objects.visible_to(user)), pk__in=_people_in(form.source))
    bars = AccessBar.objects.filter(user=user, lifted_at__isnull=True).values("record")
    return Person.objects.filter(IsOneOf("pk", KeysOf([own, inside]))).exclude(pk__in=bars).order_by("pk")


def _people_in(source):
    """The keys of everybody in the concerns that a form's source is about."""
    parts = Involvement.objects.none()
    if source.kind == RecordKind.MEETING:
        concern = StrategyMeeting.objects.filter(record=source).values("concern")
        parts = Involvement.objects.filter(concern__in=concern)
    if source.kind == RecordKind.REFERRAL:
        parts = Involvement.objects.filter(concern__involvements__referral=source.pk)
    return parts.values("person")


class IntelReading:
    """One form as one reader sees it during one request: all of it, or what is about people they may open."""

    def __init__(self, form, user):
        self.form, self.user = form, user
        rights = {"own_person": is_in(Person.objects.visible_to(user), "person")}
        children = form.children.select_related("person__record", "referral__record").annotate(
            **rights,
            own_referral=is_in(Referral.objects.visible_to(user), "referral"),
        )
        entries = form.standing_entries().select_related("person__record").annotate(**rights)
        whole = IntelForm.objects.read_whole_by(user).filter(pk=form.pk).values_list("pk", flat=True)
        leave = leave_to_write(form, user).values_list("pk", flat=True)
        self.children, self._all, whole, leave = map(list, fetch(children, entries, whole, leave))
        self.whole, self._has_leave = bool(whole), bool(leave)
        self._own_persons = {each.person_id for each in (*self.children, *self._all) if each.own_person}
        self._own_referrals = {child.referral_id for child in self.children if child.own_referral}

    def show(self):
        """For a page that only shows: guards find on the form what was read."""
        self.form.entries_read, self.form.restricted_read = self._all, self.is_restricted
        self.form.leave_read = {self.user.pk: self._has_leave}

    @property
    def is_restricted(self):
        """Whether the form, or somebody in it, is: then only who is named reads all of it (B15)."""
        persons = [each.person for each in (*self.children, *self._all) if each.person_id is not None]
        referrals = [child.referral for child in self.children if child.referral_id is not None]
        return any(each.record.restricted for each in (self.form, *persons, *referrals))

    @property
    def without_meeting(self):
        """Whether a child of it was not discussed at a strategy meeting when it was submitted."""
        return any(child.met_on is None for child in self.children)

    def opens(self, child):
        """Whether the reader may read what the form says of this child."""
        return self.whole or child.person_id in self._own_persons

    def opens_referral(self, child):
        """Whether the reader may open the child's file: the panel reads the form, not the file."""
        return child.referral_id in self._own_referrals

    def reads_file_facts(self, child):
        """Whether the reader may read what was taken from the child's file: who may open it, and who sifts or audits.
        Whoever writes a form, a mapping meeting's too, gets no leave to read a record by it."""
        return self.opens_referral(child) or self.whole and self.user.has_role(Role.COORDINATOR, Role.AUDITOR)

    def called(self, child):
        """The child's name, or "Another child" where it is not for this reader."""
        return child.person.known_as if self.opens(child) else "Another child"

    def entries(self):
        """The entries the reader may read: of others' children none, and of what is for the police only none."""
        return [entry for entry in self._all if self._reads(entry)]

    @property
    def reads_all(self):
        """Whether nothing of it is kept from the reader: then they read, too, what is said of it as a whole."""
        return len(self.entries()) == len(self._all) and all(self.opens(child) for child in self.children)

    def hidden_persons(self):
        """[Person] whose names are not for this reader: of everybody who is or was in the form, and of everybody in the
        concerns that it and its children come from, because a text can name any of them."""
        if self.whole:
            return []
        keys = [child.referral_id for child in self.children if child.referral_id]
        in_question = (
            self.form.children.values("person"),
            self.form.entries.filter(person__isnull=False).values("person"),
            _people_in(self.form.source),
            Involvement.objects.filter(concern__involvements__referral__in=keys).values("person"),
        )
        found = KeysOf([Person.objects.filter(pk__in=persons) for persons in in_question])
        opens = is_in(Person.objects.visible_to(self.user))
        return list(Person.objects.filter(IsOneOf("pk", found), ~opens).order_by("pk"))

    def own_persons(self):
        """The Persons of the form whom the reader may open."""
        return [child.person for child in self.children if self.opens(child)]

    def records_shown(self):
        """The records on which it stands that the reader looked: the form's, and each person's referral it shows."""
        shown = {child.person_id for child in self.children if self.opens(child)}
        shown |= {entry.person_id for entry in self.entries() if entry.person_id}
        of_children = [child.referral.record for child in self.children if child.referral_id and self.opens(child)]
        others = shown - {child.person_id for child in self.children}
        of_others = Referral.objects.filter(person__in=others).select_related("record").order_by("pk")
        latest = {referral.person_id: referral.record for referral in of_others}
        return [self.form.record, *of_children, *latest.values()]

    def _reads(self, entry):
        if self.whole:
            return True
        if entry.police_only or entry.described:
            return False
        return entry.person_id is None or entry.person_id in self._own_persons
