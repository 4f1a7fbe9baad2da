"""What stands beside the box in which a form's author is told what came of it: the form's own items, as they ended."""

from django.db.models import BooleanField, ExpressionWrapper

from hsb.core import words
from hsb.core.fetched import fetch, spread
from panels.models import ItemAction, ItemAmendment, Panel
from panels.selectors.panel import NO_LONGER_NEEDED, forms_to_hear, when_in_words
from panels.selectors.reading import PanelReading
from panels.selectors.sifting import handling_tags, not_written_by
from panels.states import OUTCOMES_STAND, ItemOutcome
from strategy_meetings.selectors.intel_pages import part_called

ENTRY_HEAD = ("Entry", "What the form said", "From whom, how sure")
ACTION_HEAD = ("Action, in the wording for the record", "Who", "By when")


def form_to_hear(reading, reference):
    """(the form of that reference whose author waits to hear from this panel, or None; the other panels that discussed
    it). The form says `is_of_others`: whether the reader did not write it."""
    forms = forms_to_hear(reading).filter(record__reference=reference)
    of_others = ExpressionWrapper(not_written_by(reading.user), BooleanField())
    forms, earlier = fetch(forms.annotate(is_of_others=of_others), earlier_panels(reference, reading.panel))
    return next(iter(forms), None), list(earlier)


def feedback_page(form, reading, earlier):
    """Plain data: {"author", "items", "kept_back"}. An item of an `earlier` panel stands there too: the form is heard
    once all of it is decided. Names are hidden as on the item's own page; what was typed of an item that may be about
    somebody who is barred to the reader is not there."""
    readings = [reading, *(PanelReading(panel, reading.user) for panel in earlier)]
    found = [(each, item) for each in readings for item in each.items if _comes_from(form, each, item)]
    typed = [item for each, item in found if each.reads_typed(item)]
    amendments = ItemAmendment.objects.filter(item__in=typed)
    actions = ItemAction.objects.filter(item__in=typed).agreed()
    amendments, actions = fetch(amendments, actions.select_related("action__owner").order_by("action__number"))
    spread(amendments, typed, "amendments")
    spread(actions, typed, "actions")
    return {
        "author": form.author.name,
        "entry_head": ENTRY_HEAD,
        "action_head": ACTION_HEAD,
        "items": [_item(item, each, form, here=each is reading) for each, item in found],
        "kept_back": any(not each.reads_typed(item) for each, item in found),
    }


def earlier_panels(reference, panel):
    """The other panels that discussed an entry of the form of that reference."""
    of_form = {"sources__entry__form__record__reference": reference, "sources__dropped_at__isnull": True}
    discussed = Panel.objects.filter(state__in=OUTCOMES_STAND, **of_form)
    return discussed.exclude(pk=panel.pk).select_related("record").distinct().order_by("planned_on", "pk")


def _comes_from(form, reading, item):
    return any(entry.form_id == form.pk for entry in reading.entries(item))


def _item(item, reading, form, *, here):
    typed, hide = reading.reads_typed(item), reading.hide
    entries = [entry for entry in reading.entries(item) if entry.form_id == form.pk]
    outcome = ItemOutcome(item.outcome).label if item.outcome else "Not discussed"
    name = item.shown_as if here else f"{item.shown_as} of {reading.panel.reference}"
    return {
        "title": f"{name}: {reading.called(item)}",
        "said_title": f"{name}: what the form said",
        "actions_title": f"{name}: actions agreed",
        "caption": part_called(item, item.section),
        # For the police only: nothing of it may stand in what the author reads.
        "police_only": all(entry.police_only for entry in entries),
        "outcome": outcome if here else f"{outcome}. {when_in_words(reading.panel)}",
        "entries": [_entry_row(entry, hide) for entry in entries],
        "discussion": hide(item.discussion) if typed else "",
        "amendments": [hide(each.text) for each in item.amendments.all()] if typed else [],
        "actions": _action_rows(item.actions.all(), hide) if typed else [],
    }


def _entry_row(entry, hide):
    said_on = f", {words.day(entry.said_on)}" if entry.said_on else ""
    return [
        {"text": str(entry.number)},
        {"text": hide(entry.text), "tags": handling_tags(entry)},
        {"text": f"{hide(entry.said_by)}{said_on}", "note": entry.get_reliability_display()},
    ]


def _action_rows(actions, hide):
    return [
        [
            {"text": hide(each.action.what)},
            {"text": hide(each.action.who), "note": hide(each.action.agency)},
            {"text": NO_LONGER_NEEDED if each.action.cancelled_at else words.day(each.action.due_on)},
        ]
        for each in actions
    ]
