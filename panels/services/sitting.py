"""At the panel: who came, what is said and decided item by item, the actions that go out, what referrers are told.

Police-only words never reach a child's record: what stands there is the coordinator's "wording for the record" (B12).
"""

from django.db import transaction
from django.utils import timezone

from hsb.core import actions, clock, document_store, journal, words, work
from hsb.core.door import check_version, held, lock, noted, opened
from hsb.core.models import Action
from hsb.core.once import made_before
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role
from panels.models import AgendaItem, ItemAction, ItemAmendment, Panel
from panels.permissions import can_coordinate
from panels.selectors.feedback import earlier_panels
from panels.selectors.panel import forms_to_hear
from panels.selectors.reading import PanelReading
from panels.services import agenda, papers, planning, rounds
from panels.services.kept import Kept
from panels.states import MINUTES_PAPERS, OUTCOMES_STAND, PanelPaperKind, PanelState
from referrals.models import Referral
from referrals.services import holders
from referrals.states import OPEN
from strategy_meetings import hiding
from strategy_meetings.services import intel


@transaction.atomic
def begin(reference, *, actor, held_on, seats, version=None):
    """Who came, seat by seat (`seats`: keyword arguments of planning.save_seat), and the panel begins. Returns it."""
    found = held(Panel, reference)
    check_version(found, version)
    planning.check_seats(found, seats)
    for seat in seats:
        planning.save_seat(reference, actor=actor, **seat)
    with opened(Panel, reference, "hold", actor=actor, happened_on=held_on) as move:
        panel = move.subject
        if held_on > clock.today():
            raise NotReady("The panel is held when it begins: the day cannot lie ahead.")
        if held_on < timezone.localdate(panel.published_at):
            raise NotReady("The panel is not held before its agenda was published: check the day.")
        if held_on < panel.planned_on:
            planned = words.day(panel.planned_on)
            raise NotReady(f"It is planned for {planned}: postpone it to its new day first, or check the day.")
        panel.held_on = held_on
        work.finish(panel.record, "hold_panel", by=actor)
        work.cancel(panel.record, rounds.AGENDA, reason="The panel has begun.")
        rounds.ask(panel, "issue_panel_actions", started_on=held_on)
    return panel


@transaction.atomic
def discuss(reference, number, *, actor, discussion, outcome, version=None):
    """What was said of an item (None: it stays as it is), and what it came to ("" while that is open). Returns it."""
    with noted(Panel, reference, "discuss_item", actor=actor, may=can_coordinate, item=number, outcome=outcome) as move:
        panel = _sitting(move.subject)
        item = _item(panel, number)
        check_version(item, version, ("discussion", "outcome"))
        if discussion is not None:
            Kept(panel, actor).refuse_from_everybody(discussion)
            item.discussion = discussion
        item.outcome = outcome
        item.version += 1
        item.save()
    return item


def _sitting(panel):
    if panel.state != PanelState.HELD:
        raise NotReady("An item is discussed while the panel sits, until its actions are issued.")
    return panel


def _item(panel, number):
    item = panel.standing_items().filter(number=number).select_related("person", "place", "theme").first()
    if item is None:
        raise Denied(record=panel.record, verb="discuss_item")
    item.record = panel.record
    return item


def referral_of(item):
    """The open referral of the child an item is about, or None: where its actions go (A17)."""
    if not item.person_id:
        return None
    found = Referral.objects.filter(person=item.person_id, state__in=OPEN).select_related("record", "worker")
    return found.order_by("pk").last()


@transaction.atomic
def agree_action(reference, number, *, actor, once, words, wording="", agency, due_on, owner=None, owner_name=""):
    """An action of an item, in the panel's own `words`. Returns the ItemAction; the same form twice is one.

    `wording` is what stands on the record: the child's referral where one is open, else the panel's. It is asked for
    where a child's record gets it; elsewhere the panel's own words stand, if nothing in them is for the police only.
    """
    # Which records it writes on is read before they are locked: the panel's first, as everywhere.
    child = _referral_reference(reference, number)
    lock(reference, *([child] if child else []))
    with noted(Panel, reference, "agree_panel_action", actor=actor, may=can_coordinate, item=number) as move:
        panel = _sitting(move.subject)
        item = _item(panel, number)
        if (before := made_before(Action.objects.filter(source=panel.record), once)) is not None:
            return before.panel_action
        referral = referral_of(item)
        if referral is not None and not wording.strip():
            raise NotReady("Give the wording for the child's record.")
        wording = wording.strip() or words
        _refuse_action(due_on, owner, owner_name)
        kept = Kept(panel, actor)
        kept.refuse_from_everybody(wording, agency, owner_name)
        kept.refuse_from_the_police(words)
        if referral is not None and (named := hiding.names_in(wording, kept.others_than(item), but=item.person)):
            raise NotReady(hiding.word_it_without(named))
        action = actions.agree(
            panel.record if referral is None else referral.record,
            source=panel.record,
            actor=actor,
            once=once,
            what=wording,
            agency=agency,
            due_on=due_on,
            owner=owner,
            owner_name=owner_name,
            about=str(number),
        )
        made = ItemAction.objects.create(item=item, action=action, words=words)
        move.facts["action"] = action.number
    return made


def _referral_reference(reference, number):
    panel = Panel.at(reference).first()
    item = panel and panel.items.filter(number=number).first()
    referral = item and referral_of(item)
    return referral.reference if referral else None


def _refuse_action(due_on, owner, owner_name):
    refused = []
    if owner is None and not owner_name.strip():
        refused.append("Say who does it.")
    if due_on < clock.today():
        refused.append("Choose a day from today on.")
    if refused:
        raise NotReady(*refused)


@transaction.atomic
def drop_action(reference, action_number, *, actor, reason):
    """An action that was typed and is not agreed after all. Returns it."""
    with noted(
        Panel,
        reference,
        "drop_panel_action",
        actor=actor,
        may=can_coordinate,
        reason=reason,
        asks="Say why this action is dropped.",
        action=action_number,
    ) as move:
        panel = _sitting(move.subject)
        action = Action.objects.open().filter(source=panel.record, number=action_number).first()
        if action is None:
            raise Denied(record=panel.record, verb="drop_panel_action")
        actions.cancel(action, actor=actor, reason=reason)
    return action


@transaction.atomic
@document_store.undone_together()
def issue_actions(reference, *, actor, version=None):
    """Every item is decided or carried over: each action's task opens where it belongs; minutes are made. Returns the
    panel."""
    agenda.lock_panels()
    lock(reference, *_children_of(reference))
    with opened(Panel, reference, "issue_actions", actor=actor, version=version) as move:
        panel = move.subject
        work.finish(panel.record, "issue_panel_actions", by=actor)
        rounds.ask_for_minutes(panel, since=panel.held_on)
        coordinators = {"team": panel.record.holding_team, "role": Role.COORDINATOR}
        still_open = ItemAction.objects.filter(action__in=Action.objects.open().filter(source=panel.record))
        for agreed in still_open.select_related("item", "action__owner", "action__source", "action__record"):
            action, referral = agreed.action, _where_it_goes(agreed, panel)
            actions.follow(action, holder=coordinators if referral is None else holders.holder(referral))
            if referral is not None:
                journal.write(
                    referral.record,
                    "panel_agreed",
                    actor=actor,
                    pathway_version=referral.pathway_version,
                    panel=panel.reference,
                    action=action.number,
                )
                holders.refresh_due(referral)
    for kind in MINUTES_PAPERS:
        papers.make(panel, kind, actor)
    return panel


@transaction.atomic
@document_store.undone_together()
def amend_item(reference, number, *, actor, once, text, reason, agreed_by, agreed_on):
    """What is corrected in the minutes of an item, agreed by a second person (`agreed_by`: a sifting.Decider); the
    minutes are made again with it. Returns the ItemAmendment; the same form twice is one (B10)."""
    with noted(
        Panel,
        reference,
        "amend_minutes",
        actor=actor,
        may=can_coordinate,
        reason=reason,
        asks="Say why the minutes are amended.",
        edits=True,
        item=number,
        text=journal.digest_of_text(text),
    ) as move:
        panel = move.subject
        if panel.state not in OUTCOMES_STAND:
            raise NotReady("Minutes are amended once the panel has issued its actions.")
        item = _item(panel, number)
        if (before := made_before(item.amendments.all(), once)) is not None:
            return before
        _refuse_amendment(actor, agreed_by, agreed_on)
        made = ItemAmendment.objects.create(
            item=item,
            number=item.amendments.count() + 1,
            text=text,
            reason=reason,
            written_by=actor,
            agreed_user=agreed_by.user,
            agreed_name="" if agreed_by.user is not None else agreed_by.called,
            agreed_agency=agreed_by.agency.strip(),
            agreed_on=agreed_on,
            at=clock.now(),
            once=once,
        )
        move.facts["amendment"] = made.number
        rounds.ask_for_minutes(panel, since=clock.today(), police_only=item.police_only)
    # Where only the police know of the item, the other agencies' minutes say what they said.
    for kind in (PanelPaperKind.MINUTES_POLICE,) if item.police_only else MINUTES_PAPERS:
        papers.make(panel, kind, actor)
    return made


def _refuse_amendment(actor, agreed_by, agreed_on):
    refused = []
    if not agreed_by.called:
        refused.append("Say who agreed to it.")
    elif agreed_by.user is None and not agreed_by.agency.strip():
        refused.append("Say which agency they are from.")
    if agreed_by.user == actor or agreed_by.called.casefold() == actor.name.casefold():
        refused.append("A second person agrees to it: choose somebody else who was there.")
    if agreed_on > clock.today():
        refused.append("Enter the day on which they agreed: it cannot lie ahead.")
    if refused:
        raise NotReady(*refused)


def _children_of(reference):
    """References of the referrals that the panel's actions stand on, or will: they are locked with it."""
    persons = AgendaItem.objects.filter(panel__record__reference=reference, actions__isnull=False).values("person")
    found = Action.objects.filter(source__reference=reference).exclude(record__reference=reference)
    now_open = Referral.objects.filter(person__in=persons, state__in=OPEN)
    return {
        *found.values_list("record__reference", flat=True),
        *now_open.values_list("record__reference", flat=True),
    }


def _where_it_goes(agreed, panel):
    """The referral that an agreed action stands on, or None for the panel's own record.

    A referral that was closed since the action was agreed has nobody to do it: the action goes to the one that is open
    for the child now, and is the coordinators' where there is none.
    """
    action = agreed.action
    standing = Referral.objects.filter(pk=action.record_id).select_related("record", "worker").first()
    if standing is None or standing.state in OPEN:
        return standing
    referral = referral_of(agreed.item)
    action.record = panel.record if referral is None else referral.record
    action.save(update_fields=["record"])
    return referral


@transaction.atomic
def give_feedback(reference, form_reference, *, actor, feedback):
    """The author of a form, all of whose items were decided, is told what came of it. Returns the form."""
    lock(reference, form_reference)
    with noted(
        Panel,
        reference,
        "give_feedback",
        actor=actor,
        may=can_coordinate,
        reason=feedback,
        asks="Say what came of it: its author reads this.",
        intel=form_reference,
    ) as move:
        panel = move.subject
        form = forms_to_hear(PanelReading(panel, actor)).filter(record__reference=form_reference).first()
        if panel.state != PanelState.ACTIONS_ISSUED or form is None:
            raise NotReady("This form does not wait for feedback of this panel.")
        for each in (panel, *earlier_panels(form_reference, panel)):  # what came of it elsewhere is written about too
            Kept(each, actor).refuse_from_the_author(feedback)
    return intel.hear(form_reference, actor=actor, feedback=feedback)


@transaction.atomic
def finish_action(reference, action_number, *, actor, done_on, outcome):
    """An action on the panel's own record (a place's, a theme's) is done. Returns it."""
    with noted(
        Panel,
        reference,
        "finish_panel_action",
        actor=actor,
        may=can_coordinate,
        reason=outcome,
        asks="Say what came of it.",
        happened_on=done_on,
        action=action_number,
    ) as move:
        panel = move.subject
        action = Action.objects.open().filter(record=panel.record, source=panel.record, number=action_number).first()
        if action is None or panel.state not in (PanelState.ACTIONS_ISSUED, PanelState.CLOSED):
            raise NotReady("This action is not open.")
        actions.finish(action, actor=actor, done_on=done_on, outcome=outcome)
    return action


@transaction.atomic
def close_panel(reference, *, actor, version=None):
    """Nothing is left to do for the panel itself. Returns it."""
    with opened(Panel, reference, "close", actor=actor, version=version) as move:
        # Of an action that was done or ended since, nobody is left to tell.
        work.finish(move.subject.record, rounds.MINUTES, by=actor)
    return move.subject
