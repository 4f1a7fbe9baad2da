"""Mapping meetings: called, held, mapped, closed with their map (practice.md A18, section 5).

A map grants nobody leave to read a child's record. Its needs become actions on the referrals, its intelligence an intel
form; a link of it is written nowhere else as a fact.
"""

from datetime import datetime, time
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from hsb.core import access, actions, clock, journal, settings_in_force, words, work
from hsb.core.calendar import add_working_days
from hsb.core.door import last_moved, lock, noted, opened
from hsb.core.models import AccessGrant, Action, Place, Record
from hsb.core.numbers import last_number
from hsb.core.once import made_before
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.core.states import Because, RecordKind
from hsb.people.models import User
from panels.models import MapLink, MapNode, MappingMeeting, MapSnapshot
from panels.models.mapping import digest_of
from panels.permissions import CALLERS, can_call_mapping, can_do_mapping_action, can_lead_mapping, can_map
from panels.selectors.mapping_content import as_it_stands, referrals_of
from panels.selectors.mapping_reading import MapReading
from panels.states import (
    ENDS,
    MAPPABLE,
    MAPPING_ARRANGEABLE,
    LinkKind,
    MappingState,
    NodeKind,
)
from referrals.models import Involvement, Person, Referral
from referrals.services import holders
from referrals.services.intake import add_person
from referrals.services.searching import keep_search
from referrals.states import InvolvementRole, InvolvementStatus, Side
from strategy_meetings import hiding
from strategy_meetings.models import Theme
from strategy_meetings.selectors.intel import begun_from, opens_nobody_new
from strategy_meetings.selectors.plans import concern_of
from strategy_meetings.services import intel
from strategy_meetings.services.planning import barred_from
from strategy_meetings.states import EntryKind, Reliability, ThemeKind

NOT_IN_THE_PAST = "Choose a day from today on."
# Working days before it was called: a meeting that came about at once is called, and recorded, some days after it.
CALLED_AFTERWARDS = 5
FROZEN = "The map is frozen with its meeting: nothing on it can be changed any more."


# --- Called, and arranged ---------------------------------------------------------------------------------------------


@transaction.atomic
def call(*, actor, once, purpose, question, planned_on, chair, keeper=None, readers=(), referral="", group=""):
    """A mapping meeting on an incident (`referral`: the reference of a child in it whom `actor` may open) or on a group
    (`group`: the name it is known by). Returns it; the same form twice is one meeting.
    """
    if not can_call_mapping(actor):
        raise Denied(verb="call_mapping")
    before = made_before(MappingMeeting.objects.filter(called_by=actor).select_related("record"), once)
    if before is not None:
        return before
    concern = _concern_of(referral, actor) if referral else None
    keeper = keeper or chair
    if planned_on < clock.today():
        raise NotReady(NOT_IN_THE_PAST)
    theme = None if concern is not None else Theme.called(ThemeKind.GROUP, group)
    now = clock.now()
    try:
        with transaction.atomic():
            meeting = MappingMeeting.objects.create(
                record=Record.objects.open(RecordKind.MAPPING, at=now, holding_team=_team_of(actor)),
                state_since=now,
                purpose=purpose,
                question=question,
                concern=concern,
                group=theme,
                called_by=actor,
                chair=chair,
                keeper=keeper,
                planned_on=planned_on,
                once=once,
            )
    except IntegrityError:  # the same form arrived twice at once, and the other one won
        return made_before(MappingMeeting.objects.filter(called_by=actor).select_related("record"), once)
    journal.write(
        meeting.record,
        "call_mapping",
        actor=actor,
        to_state=MappingState.PLANNED,
        text=journal.digest_of_text(purpose, question),
        focus="incident" if concern else "group",
    )
    if theme is not None:
        _put(meeting, NodeKind.GROUP, actor=actor, once=uuid4(), group=theme)
    _ask_to_hold(meeting)
    settle(meeting, readers=readers, given_by=actor)
    return meeting


def _concern_of(reference, actor):
    """The incident of a child whom the caller may open."""
    found = Referral.objects.visible_to(actor).filter(record__reference=reference.strip().upper()).first()
    if found is None:
        raise NotReady("There is no referral with this reference that you may open: check it.")
    concern = concern_of(found)
    if concern is None:
        raise NotReady("Nothing that was reported about this child stands: there is no incident to map.")
    if not access.opens(actor, concern):
        raise NotReady("There is no referral with this reference that you may open: check it.")
    return concern


def _team_of(user):
    """The team on whose behalf the meeting is called."""
    return next((m.team for m in user.current_memberships() if m.role in CALLERS), None)


def _ask_to_hold(meeting):
    work.cancel(meeting.record, "hold_mapping", reason="Arranged anew.")
    work.ask(meeting.record, "hold_mapping", owner=meeting.chair, due_on=meeting.planned_on)


@transaction.atomic
def arrange(reference, *, actor, planned_on, chair, keeper, readers, version=None):
    """Its day (until it was held), who chairs it, who keeps the map, who is named to read it. Returns the meeting."""
    with noted(
        MappingMeeting, reference, "arrange_mapping", actor=actor, may=can_lead_mapping, version=version, edits=True
    ) as move:
        meeting = move.subject
        if meeting.state not in MAPPING_ARRANGEABLE:
            raise NotReady(FROZEN)
        refused = _barred(meeting, {chair, keeper, *readers})
        if meeting.state == MappingState.PLANNED and planned_on != meeting.planned_on:
            refused += [] if planned_on >= clock.today() else [NOT_IN_THE_PAST]
        if refused:
            raise NotReady(*refused)
        moved = meeting.state == MappingState.PLANNED and planned_on != meeting.planned_on
        if moved:
            meeting.planned_on = planned_on
        meeting.record.tasks.open().filter(owner=meeting.chair, kind="hold_mapping").update(owner=chair)
        meeting.record.tasks.open().filter(kind="complete_map").update(owner=keeper)
        _unowned_action_tasks(meeting).update(owner=chair)
        meeting.chair, meeting.keeper = chair, keeper
        if moved:
            _ask_to_hold(meeting)
        settle(meeting, readers=readers, given_by=actor)
        move.facts.update(chair=chair.reference, keeper=keeper.reference, named=sorted(r.reference for r in readers))
    return meeting


def _unowned_action_tasks(meeting):
    """The tasks of what was agreed on the meeting itself for nobody of ours to do: they are the chair's, whoever it
    is."""
    unowned = Action.objects.open().filter(record=meeting.record, owner__isnull=True).select_related("source")
    return meeting.record.tasks.open().filter(kind="action", about__in=[actions.task_key(each) for each in unowned])


def _barred(meeting, users):
    """A sentence for each of `users` who is barred from somebody on the map (B15)."""
    persons = meeting.nodes.filter(person__isnull=False).values("person")
    return barred_from(persons, sorted(users, key=lambda user: user.name))


def named_readers(meeting):
    """The users who are named to read the map, beside who holds the meeting."""
    standing = AccessGrant.objects.filter(access.live(), record=meeting.record, because=Because.MAPS)
    holding = {user.pk for user in meeting.holders}
    return User.objects.filter(pk__in=standing.values("user")).exclude(pk__in=holding).order_by("name")


def settle(meeting, *, given_by, readers=None):
    """Who reads the map by name: who holds the meeting, `readers` (None: as they are), and whoever has something of
    the meeting to do, also where nobody names them any more; until some working days after it was closed, or for as
    long as something of the meeting is theirs to do. Call in a transaction."""
    readers = list(named_readers(meeting)) if readers is None else readers
    owing = set(meeting.record.tasks.open().filter(owner__isnull=False).values_list("owner", flat=True))
    everybody = {*meeting.holders, *readers, *User.objects.filter(pk__in=owing)}
    live = AccessGrant.objects.filter(access.live(), record=meeting.record, because=Because.MAPS)
    live.exclude(user__in=everybody).update(ends_at=clock.now())
    until = readable_until(meeting)
    for user in everybody:
        theirs = None if user.pk in owing and meeting.state != MappingState.CANCELLED else until
        if theirs is None or theirs > clock.now():
            access.grant(meeting.record, because=Because.MAPS, user=user, until=theirs, given_by=given_by)
        else:
            access.end_grants(meeting.record, Because.MAPS, user=user)


def readable_until(meeting):
    """The instant until which the map is read by name: None while the meeting runs."""
    if meeting.state == MappingState.CANCELLED:
        return meeting.state_since
    if meeting.closed_at is None:
        return None
    days = settings_in_force.value("meeting_access_working_days")
    last_day = add_working_days(timezone.localdate(meeting.closed_at), days)
    return timezone.make_aware(datetime.combine(last_day, time(23, 59, 59)))


# --- Held, put off, closed --------------------------------------------------------------------------------------------


@transaction.atomic
def hold(reference, *, actor, held_on, attended="", version=None):
    """It was held: the map is completed within some working days. Returns the meeting."""
    with opened(MappingMeeting, reference, "hold", actor=actor, version=version, happened_on=held_on) as move:
        meeting = move.subject
        if held_on > clock.today():
            raise NotReady("The meeting is recorded once it was held: the day cannot lie ahead.")
        called_on = timezone.localdate(meeting.record.opened_at)
        if held_on < add_working_days(called_on, -CALLED_AFTERWARDS):
            raise NotReady(
                f"The meeting was called on {words.day(called_on)}, and is recorded as held at most "
                f"{CALLED_AFTERWARDS} working days before: check the day."
            )
        meeting.held_on, meeting.attended = held_on, attended
        work.finish(meeting.record, "hold_mapping", by=actor)
        work.ask(meeting.record, "complete_map", owner=meeting.keeper, started_on=held_on)
    return meeting


@transaction.atomic
def postpone(reference, *, actor, reason, version=None):
    """It is held another day; the day by which it was due stays until a new one is set. Returns the meeting."""
    with opened(MappingMeeting, reference, "postpone", actor=actor, reason=reason, version=version) as move:
        pass
    return move.subject


@transaction.atomic
def plan_again(reference, *, actor, planned_on, version=None):
    """Its new day is set. Returns the meeting."""
    with opened(MappingMeeting, reference, "plan_again", actor=actor, version=version) as move:
        if planned_on < clock.today():
            raise NotReady(NOT_IN_THE_PAST)
        move.subject.planned_on = planned_on
        _ask_to_hold(move.subject)
    return move.subject


@transaction.atomic
def cancel(reference, *, actor, reason, version=None):
    """It is not held: nobody reads what was prepared for it any more. Returns the meeting."""
    with opened(MappingMeeting, reference, "cancel", actor=actor, reason=reason, version=version) as move:
        work.cancel(move.subject.record, reason="The meeting was cancelled.")
    settle(move.subject, given_by=actor)
    return move.subject


@transaction.atomic
def close(reference, *, actor, shown=None):
    """No name without an action, or a reason for none; the map is frozen, and the journal vouches for it.

    `shown` is `shown_for_closing` of the map that was confirmed: Changed, where it is another by now. Returns the
    meeting.
    """
    with opened(MappingMeeting, reference, "close", actor=actor) as move:
        meeting = move.subject
        stands = shown_for_closing(meeting)
        if shown is not None and shown != stands:
            raise Changed(reference=reference, version=stands, **last_moved(meeting.record))
        if unmet := still_missing(meeting):
            raise NotReady(*unmet)
        meeting.closed_at = clock.now()
        work.finish(meeting.record, "complete_map", by=actor)
        content = as_it_stands(meeting)
        snapshot = MapSnapshot.objects.create(
            meeting=meeting, content=content, digest=digest_of(content), made_at=clock.now(), made_by=actor
        )
        move.facts.update(text=snapshot.digest, nodes=len(content["nodes"]), links=len(content["links"]))
    settle(meeting, given_by=actor)
    return meeting


def shown_for_closing(meeting, content=None):
    """A version of what a closing freezes: whatever is put on the map, taken off it or agreed moves it. `content` is
    what `as_it_stands` gave to a page."""
    return _version_of({"version": meeting.version, "map": content or as_it_stands(meeting)})


def _version_of(content):
    """A number in the place of a row's version, for what is told by several rows, or by a text: of its digest."""
    return int(digest_of(content)[:7], 16)


def still_missing(meeting):
    """Sentences of what must be true before it can close; they name how many, never whom."""
    unmet = []
    if not meeting.has_nodes():
        unmet.append("Put at least one person, place or group on the map first.")
    number = meeting.number_unanswered()
    if number:
        who = "1 person on the map has" if number == 1 else f"{number} people on the map have"
        unmet.append(f"{who} neither an action nor a reason for none. No name without one of them.")
    return unmet


# --- On the map -------------------------------------------------------------------------------------------------------


def _mappable(meeting):
    if meeting.state == MappingState.CLOSED:
        raise NotReady(FROZEN)
    if meeting.state not in MAPPABLE:
        raise NotReady("The meeting is not going on: set its new day first.")
    return meeting


def _noted(reference, verb, actor, **more):
    return noted(MappingMeeting, reference, verb, actor=actor, may=can_map, **more)


def _put(meeting, kind, *, actor, once, note="", **subject):
    """A new node, numbered on; the one that stands there already where there is one."""
    before = made_before(meeting.nodes.filter(kind=kind), once) or meeting.standing_nodes().filter(**subject).first()
    if before is not None:
        return before
    return MapNode.objects.create(
        meeting=meeting,
        number=_next_number(meeting.nodes),
        kind=kind,
        note=note,
        added_by=actor,
        added_at=clock.now(),
        once=once,
        **subject,
    )


def _next_number(rows):
    return last_number(rows) + 1


@transaction.atomic
def search(reference, *, actor, terms):
    """Who may be meant: the same search as when a concern is logged, recorded like it (B8). `terms` as there.

    Returns the UUID under which its author finds what it gave.
    """
    meeting = MappingMeeting.objects.visible_to(actor).filter(record__reference=reference).first()
    if meeting is None or not can_map(meeting, actor):
        raise Denied(verb="map_person")
    return keep_search(actor=actor, terms=terms, page="mapping meeting")


@transaction.atomic
def put_person(reference, *, actor, person, once=None, note=""):
    """Somebody who is known already is put on the map. Returns the MapNode; the same person twice is one."""
    once = once or uuid4()
    _lock_with(reference, person)
    with _noted(reference, "put_person", actor) as move:
        return _put_person(_mappable(move.subject), person, actor, once, note)


@transaction.atomic
def put_new_person(reference, *, actor, once, details, note=""):
    """Somebody whom we did not know. `details` are fields of Person. Returns the MapNode."""
    with _noted(reference, "put_new_person", actor) as move:
        meeting = _mappable(move.subject)
        before = made_before(meeting.nodes.filter(kind=NodeKind.PERSON), once)
        if before is not None:
            return before
        return _put_person(meeting, add_person(details, actor=actor), actor, once, note)


def _put_person(meeting, person, actor, once, note):
    if barred_from([person.pk], [actor]):
        raise Denied(record=meeting.record, verb="map_person")
    if refused := barred_from([person.pk], [meeting.chair]):
        raise NotReady(*refused)
    if barred_from([person.pk], [meeting.keeper]):  # who completes the map would not open it any more
        raise NotReady(f"{meeting.keeper.name} cannot keep a map with this person on it. Name another keeper first.")
    standing = meeting.standing_nodes().filter(person=person).first()
    node = _put(meeting, NodeKind.PERSON, actor=actor, once=once, note=note, person=person)
    if standing is None:
        _tell_record(meeting, person, "put_on_map", actor)
    return node


def _lock_with(reference, *persons):
    """The meeting, and the referrals on which it writes."""
    lock(reference, *(referral.reference for referral in referrals_of([p.pk for p in persons]).values()))


def _tell_record(meeting, person, verb, actor, **facts):
    """The child's own record says that the child is on a map: who may read the map may read the child's name."""
    referral = referrals_of([person.pk]).get(person.pk)
    if referral is not None:
        journal.write(
            referral.record,
            verb,
            actor=actor,
            pathway_version=referral.pathway_version,
            mapping=meeting.reference,
            **facts,
        )


@transaction.atomic
def put_place(reference, *, actor, once, kind, name, postcode="", note=""):
    """A place, the same as in the concerns and intel forms that call it so. Returns the MapNode."""
    with _noted(reference, "put_place", actor) as move:
        place = Place.called(kind, name, postcode)
        return _put(_mappable(move.subject), NodeKind.PLACE, actor=actor, once=once, note=note, place=place)


@transaction.atomic
def put_group(reference, *, actor, once, name, note=""):
    """A group, by the name it is known by. Returns the MapNode."""
    with _noted(reference, "put_group", actor) as move:
        group = Theme.called(ThemeKind.GROUP, name)
        return _put(_mappable(move.subject), NodeKind.GROUP, actor=actor, once=once, note=note, group=group)


@transaction.atomic
def link(reference, *, actor, once, one, other, kind, said_by, said_on, reliability, basis, until=None):
    """What somebody says is between the nodes of these two numbers. Returns the MapLink; the same form twice is one."""
    with _noted(reference, "link", actor, kind=kind, basis=basis) as move:
        meeting = _mappable(move.subject)
        before = made_before(meeting.links.all(), once)
        if before is not None:
            return before
        ends = {node.number: node for node in meeting.standing_nodes().filter(number__in=(one, other))}
        if one not in ends or other not in ends or one == other:
            raise NotReady("Choose two different ones that are on the map.")
        first, second = _right_way_round(ends[one], ends[other], kind)
        return MapLink.objects.create(
            meeting=meeting,
            number=_next_number(meeting.links),
            one=first,
            other=second,
            kind=kind,
            said_by=said_by,
            said_on=said_on,
            reliability=reliability,
            basis=basis,
            until=until,
            added_by=actor,
            added_at=clock.now(),
            once=once,
        )


def _right_way_round(one, other, kind):
    """The two ends as the kind of link reads: "Robin goes to the park", whichever was chosen first."""
    firsts, seconds = ENDS[kind]
    for first, second in ((one, other), (other, one)):
        if first.kind in firsts and second.kind in seconds:
            return first, second
    names = " or a ".join(each.label.lower() for each in firsts), " or a ".join(each.label.lower() for each in seconds)
    raise NotReady(f"“{LinkKind(kind).label}” joins a {names[0]} with a {names[1]}: choose others, or another kind.")


@transaction.atomic
def take_out_node(reference, number, *, actor, reason):
    """It does not belong on the map: it stays on record with the reason, and its links go with it. Returns it."""
    person = _person_at(reference, number)
    _lock_with(reference, *([person] if person else []))
    asks = "Say why it is taken out."
    with _noted(reference, "take_out_node", actor, reason=reason, asks=asks, node=number) as move:
        meeting = _mappable(move.subject)
        node = _node(meeting, number, "take_out_node")
        if Action.objects.open().filter(source=meeting.record, about=str(number)).exists():
            raise NotReady("Something was agreed for this person: take those actions back first.")
        links = list(meeting.standing_links().filter(one=node) | meeting.standing_links().filter(other=node))
        for each in (node, *links):
            _take_out(each, actor, reason)
        if node.person_id:
            _tell_record(meeting, node.person, "taken_off_map", actor)
    return node


def _person_at(reference, number):
    node = MapNode.objects.filter(meeting__record__reference=reference, number=number).select_related("person").first()
    return node.person if node else None


@transaction.atomic
def take_out_link(reference, number, *, actor, reason):
    """A link that does not stand: it stays on record with the reason. Returns it."""
    asks = "Say why it is taken out."
    with _noted(reference, "take_out_link", actor, reason=reason, asks=asks, link=number) as move:
        found = _mappable(move.subject).standing_links().filter(number=number).first()
        if found is None:
            raise Denied(record=move.subject.record, verb="take_out_link")
        _take_out(found, actor, reason)
    return found


def _take_out(part, actor, reason):
    part.taken_out_at, part.taken_out_by, part.taken_out_because = clock.now(), actor, reason
    part.save(update_fields=["taken_out_at", "taken_out_by", "taken_out_because"])


def _node(meeting, number, verb):
    node = meeting.standing_nodes().select_related("person").filter(number=number).first()
    if node is None:
        raise Denied(record=meeting.record, verb=verb)
    return node


# --- What is agreed for a person --------------------------------------------------------------------------------------


@transaction.atomic
def agree_action(reference, number, *, actor, once, what, agency, due_on, owner=None, owner_name=""):
    """An action for the person of that number: on the child's open referral, else on the meeting itself. It is asked
    for at once. Returns the Action; the same form twice is one."""
    person = _person_at(reference, number)
    _lock_with(reference, *([person] if person else []))
    with _noted(reference, "agree_mapping_action", actor, node=number) as move:
        meeting = _held(move.subject)
        before = made_before(Action.objects.filter(source=meeting.record, about=str(number)), once)
        if before is not None:
            return before
        node = _person_node(meeting, number, actor)
        if owner is None and not owner_name.strip():
            raise NotReady("Say who does it.")
        if due_on < clock.today():
            raise NotReady("Choose a day from today on.")
        referral = _open_referral(node.person)
        if referral is not None:
            _refuse_names(meeting, node.person, what)
        action = actions.agree(
            referral.record if referral else meeting.record,
            source=meeting.record,
            actor=actor,
            once=once,
            what=what,
            agency=agency,
            due_on=due_on,
            owner=owner,
            owner_name=owner_name,
            about=str(number),
        )
        actions.follow(action, holder=holders.holder(referral) if referral else {"owner": meeting.chair})
        node.no_action_because = ""
        node.save(update_fields=["no_action_because"])
        if referral is not None:
            _tell_record(meeting, node.person, "mapping_agreed", actor, action=action.number)
            holders.refresh_due(referral)
    return action


def _refuse_names(meeting, person, what):
    """On a child's record stands what is about that child: nobody else of the map by name (B7)."""
    others = Person.objects.filter(map_nodes__meeting=meeting).exclude(pk=person.pk).distinct()
    if named := hiding.names_in(what, others, but=person):
        raise NotReady(hiding.word_it_without(named))


def _held(meeting):
    _mappable(meeting)
    if meeting.state != MappingState.HELD:
        raise NotReady("Record first that the meeting was held: it agrees what is to be done.")
    return meeting


def _person_node(meeting, number, actor):
    """The person of that number, if the actor may read who it is."""
    node = _node(meeting, number, "agree_mapping_action")
    if node.person_id is None or not MapReading(meeting, actor).reads_person(node.person_id):
        raise Denied(record=meeting.record, verb="agree_mapping_action")
    return node


def _open_referral(person):
    referral = referrals_of([person.pk]).get(person.pk)
    return referral if referral is not None and referral.is_open else None


@transaction.atomic
def drop_action(reference, number, *, actor, reason):
    """An action that was agreed and is taken back while the map can change. Returns it."""
    action = Action.objects.filter(source__reference=reference, number=number).select_related("record").first()
    lock(reference, *([action.record.reference] if action else []))
    asks = "Say why this action is taken back."
    with _noted(reference, "drop_mapping_action", actor, reason=reason, asks=asks, action=number) as move:
        meeting = _mappable(move.subject)
        found = Action.objects.open().filter(source=meeting.record, number=number).select_related("record", "source")
        action = found.first()
        if action is None:
            raise NotReady("This action is not open.")
        node = _person_node(meeting, int(action.about), actor)
        actions.cancel(action, actor=actor, reason=reason)
        if action.record_id != meeting.record_id:
            _tell_record(meeting, node.person, "mapping_dropped", actor, action=number)
            holders.refresh_due(Referral.objects.select_related("record").get(pk=action.record_id))
    return action


@transaction.atomic
def need_no_action(reference, number, *, actor, reason, shown=None):
    """Why nothing is asked of anybody for this person. Returns the MapNode; the same form twice is one reason.

    `shown` is `shown_of_reason` of the reason that the page showed: Changed, where somebody gave another meanwhile.
    """
    asks = "Say why there is no action."
    with _noted(reference, "no_action_because", actor, reason=reason, asks=asks, node=number) as move:
        meeting = _held(move.subject)
        node = _person_node(meeting, number, actor)
        if Action.objects.filter(source=meeting.record, about=str(number), cancelled_at__isnull=True).exists():
            raise NotReady("An action is agreed for this person: take it back first.")
        # As this reader reads it: a name in it may be hidden from them, and saved again it is not lost.
        stands = MapReading(meeting, actor).hide(node.no_action_because)
        if reason.split() == stands.split():
            return node
        if shown is not None and shown != shown_of_reason(stands):
            raise Changed(
                reference=reference,
                version=shown_of_reason(stands),
                now={"reason": stands},
                **last_moved(meeting.record),
            )
        node.no_action_because = reason
        node.save(update_fields=["no_action_because"])
    return node


def shown_of_reason(reason):
    """A version of a reason as a reader reads it, 0 for none."""
    return _version_of(reason) if reason else 0


@transaction.atomic
def finish_action(reference, number, *, actor, done_on, outcome):
    """An action that hangs on the meeting itself is done; also after it was closed. Returns it."""
    action = _on_meeting(reference, number)
    if action is None:
        raise NotReady("This action is not open.")
    with noted(
        MappingMeeting,
        reference,
        "finish_action",
        actor=actor,
        may=lambda meeting, user: can_do_mapping_action(meeting, user, action),
        reason=outcome,
        asks="Say what came of it.",
        happened_on=done_on,
        action=number,
    ) as move:
        action = _on_meeting(reference, number)
        if action is None:
            raise NotReady("This action is not open.")
        actions.finish(action, actor=actor, done_on=done_on, outcome=outcome)
        settle(move.subject, given_by=actor)
    return action


def _on_meeting(reference, number):
    found = Action.objects.open().filter(record__reference=reference, source__reference=reference, number=number)
    return found.select_related("record", "source").first()


# --- Its intelligence -------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_intel(reference, *, actor, once):
    """The meeting's one intel form, about the children whom `actor` reads on the map. Returns the IntelForm.

    What a link says is not in it: an entry says that a place or a group is on the map, and with how many.
    """
    with _noted(reference, "begin_intel", actor) as move:
        meeting = move.subject
        if meeting.state not in (MappingState.HELD, MappingState.CLOSED):
            raise NotReady("The meeting is still to be held.")
        reading = MapReading(meeting, actor)
        standing = begun_from(meeting.record)
        if standing is not None:
            on_map = {node.person_id for node in meeting.standing_nodes() if node.person_id}
            opens = {person for person in on_map if reading.reads_person(person)}
            if not opens_nobody_new(standing, actor, opens=opens):
                raise NotReady(
                    "The meeting's intel form was begun already, by somebody who may open more of its people."
                )
            access.grant(standing.record, because=Because.WRITES_INTEL, user=actor, given_by=actor)
            return standing
        nodes = {node.number: node for node in meeting.standing_nodes().select_related("person", "place", "group")}
        shown = [nodes[node.number] for node in reading.nodes if node.shown and node.number in nodes]
        held = referrals_of([node.person_id for node in shown if node.person_id])
        form = intel.begin(
            meeting.record,
            actor=actor,
            once=once,
            children=[(node.person, held[node.person_id]) for node in shown if node.person_id in held],
            entries=[entry for node in shown for entry in _entries(node, meeting, held)],
        )
        move.facts["intel"] = form.reference
    return form


def _entries(node, meeting, held):
    day = meeting.held_on
    said = {"said_by": "Mapping meeting", "said_on": day, "reliability": Reliability.UNKNOWN}
    text = f"On the map of {meeting.reference}, with {_linked(node)}. What the map says is not checked."
    if node.kind == NodeKind.PLACE:
        yield intel.Entry(kind=EntryKind.LOCATION, place=node.place, text=text, **said)
    elif node.kind == NodeKind.GROUP:
        yield intel.Entry(kind=EntryKind.THEME, theme=node.group, text=text, **said)
    else:
        for kind in _kinds_of(node.person, held.get(node.person_id)):
            yield intel.Entry(kind=kind, person=node.person, text="As on the child's record.", **said)


def _linked(node):
    number = node.links_from.filter(taken_out_at__isnull=True).count()
    number += node.links_to.filter(taken_out_at__isnull=True).count()
    return f"{number} {'link' if number == 1 else 'links'}"


def _kinds_of(person, referral):
    """By the part that the record says they had; the map itself says none (A18)."""
    if referral is not None:
        return {
            Side.DISPLAYED: (EntryKind.PERSON,),
            Side.HARMED: (EntryKind.VICTIM,),
            Side.BOTH: (EntryKind.VICTIM, EntryKind.PERSON),
        }.get(referral.side, ())
    parts = Involvement.objects.filter(person=person, role=InvolvementRole.PERSON_OF_CONCERN)
    return (EntryKind.PERSON,) if parts.exclude(status=InvolvementStatus.UNFOUNDED).exists() else ()
