"""{% load govuk %}: forms, every component of docs/components.md, and any macro of the design system."""

import json
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from hsb.core import govuk, words
from hsb.core.table_rows import drawn_rows

register = template.Library()

# What a tag means, not its colour: one red one at most in view, for what must be done first.
TAG_COLOURS = {
    "first": "govuk-tag--red",
    "late": "govuk-tag--orange",
    "soon": "govuk-tag--yellow",
    "done": "govuk-tag--green",
    "open": "",
    "quiet": "govuk-tag--grey",
    "restricted": "govuk-tag--purple",
    "category-0": "hsb-tag--category-0",
    "category-1": "hsb-tag--category-1",
    "category-2": "hsb-tag--category-2",
    "category-3": "hsb-tag--category-3",
}
TAG_CLASSES = {meaning: f" {colour}" if colour else "" for meaning, colour in TAG_COLOURS.items()}


@register.simple_tag
def govuk_component(slug, **params):
    """{% govuk_component "inset-text" text=sentence %}: a macro by name; for what has no tag of its own."""
    return govuk.component(slug, **params)


# --- forms -----------------------------------------------------------------------------------------------------


@register.simple_tag
def govuk_field(bound):
    heading = getattr(bound.form, "single_question", "") == bound.name
    return govuk.field(bound, heading=heading)


@register.simple_tag
def fields(form):
    """Every field of a form that has no helper of its own, in its own order."""
    return mark_safe("".join(govuk_field(bound) for bound in form))  # noqa: S308 - drawn and escaped by the macros


@register.simple_tag
def govuk_error_summary(form):
    """The errors of a form, once: the frame shows them above the heading, a form outside the frame by itself."""
    if getattr(form, "errors_shown", False):
        return ""
    form.errors_shown = True
    return govuk.error_summary(form)


@register.simple_tag(takes_context=True)
def page_errors(context):
    """The errors of the page's own form (`form` in the context), for the frame."""
    form = context.get("form")
    return govuk_error_summary(form) if hasattr(form, "non_field_errors") else ""


@register.simple_tag(takes_context=True)
def error_prefix(context):
    """ "Error: " before the title of a page whose form was refused, "Your words: " of one that asks about words."""
    form = context.get("form")
    if getattr(form, "is_bound", False) and getattr(form, "errors", None):
        return "Error: "
    return "Your words: " if getattr(form, "words_asked", None) else ""


@register.simple_tag
def form_button(button, *, first=False):
    """A crispy input as a button: the first is the main one; css_class "warning" makes it red, "secondary" grey."""
    classes = "govuk-button--secondary" if not first or "secondary" in button.field_classes else ""
    if "warning" in button.field_classes:
        classes = "govuk-button--warning"
    return govuk.component(
        "button",
        text=button.value,
        name=button.name or None,
        value="1" if button.name else None,
        type=button.input_type,
        classes=classes,
    )


# --- components --------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/tag.html")
def tag(text, meaning="open"):
    return {"text": text, "colour": TAG_COLOURS[meaning]}


@register.inclusion_tag("components/tag.html")
def category_tag(category, name):
    """{% category_tag 2 "Abusive" %}: "Category 2: Abusive"; nothing chosen yet says so."""
    if category is None or category == "":
        return {"text": "No category yet", "colour": TAG_COLOURS["quiet"]}
    return {
        "text": f"Category {category}: {name}",
        "colour": TAG_COLOURS[f"category-{category}"],
    }


@register.inclusion_tag("components/heading.html")
def heading(text, caption="", lead=""):
    return {"text": text, "caption": caption, "lead": lead}


@register.simple_tag
def table(caption, head, rows, empty="", caption_size="m", cards=True, first_is_header=False):
    """`head`: texts, or (text, "number"). `rows`: lists of cells; a cell is a text, or a dict with text, url, tags;
    links ({"text", "url"}) where there are several."""
    columns = [(each, False) if isinstance(each, str) else (each[0], each[1] == "number") for each in head]
    return govuk.drawn(
        "components/table",
        id=f"table-{slugify(caption)[:60]}",
        caption=caption,
        caption_size=caption_size,
        columns=columns,
        rows=drawn_rows(columns, rows, TAG_CLASSES, first_is_header=first_is_header),
        empty=empty,
        cards=cards,
    )


@register.simple_tag
def flowchart(chart, label, compact=False):
    """The customer's flowchart (referrals.selectors.flowchart.chart); `compact` leaves the indicators out."""
    return _flowchart(json.dumps(chart, default=str), label, compact)


# What somebody looks at again has mostly the same numbers, and what is drawn of numbers is nobody's name.
@lru_cache(maxsize=100)
def _flowchart(chart, label, compact):
    """`chart` is JSON."""

    def drawn(cell, of, folded):
        points = () if compact else tuple(cell["points"])
        lines = tuple(tuple(line.items()) for line in cell["lines"])
        return _flowchart_cell(cell["here"], cell["title"], cell["text"], points, lines, of, folded)

    return govuk.drawn("components/flowchart", chart=json.loads(chart), label=label, drawn=drawn)


# The words of a cell are the same on every page, its numbers on most.
@lru_cache(maxsize=2000)
def _flowchart_cell(here, title, text, points, lines, of, folded):
    return govuk.drawn(
        "components/flowchart_cell",
        here=here,
        title=title,
        text=text,
        points=points,
        lines=list(map(dict, lines)),
        of=of,
        folded=folded,
    )


@register.simple_tag
def flowchart_counts(lines, of, classes):
    """Its numbers before or beside the categories."""
    return _flowchart_counts(json.dumps(lines, default=str), of, classes)


@lru_cache(maxsize=500)
def _flowchart_counts(lines, of, classes):
    """`lines` are JSON."""
    return govuk.drawn("components/flowchart_counts", lines=json.loads(lines), of=of, classes=classes)


@register.simple_tag
def drop_down(name, label, items):
    """`items`: (value, text, whether it is chosen)."""
    return govuk.drawn("components/drop_down", id=f"narrow-{name}", name=name, label=label, items=items)


@register.inclusion_tag("components/pager.html")
def pager(next_url="", first_url="", size=50, noun="rows"):
    return {"next_url": next_url, "first_url": first_url, "size": size, "noun": noun}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows, card_title=""):
    """`rows`: dicts with label, value (or values, a list), and change_url where it can be changed."""
    shown = [
        {
            "label": row["label"],
            "value": row.get("value", ""),
            "values": row.get("values", ()),
            "change_url": row.get("change_url", ""),
            "change_text": row.get("change_text", "Change"),
            "empty": row.get("empty", "Not recorded"),
        }
        for row in rows
    ]
    return {
        "rows": shown,
        "card_title": card_title,
        "has_actions": any(row["change_url"] for row in shown),
    }


@register.inclusion_tag("components/task_list.html")
def task_list(items, prefix="task"):
    """`items`: dicts with text, url ("" where it cannot be started), hint, status, meaning."""
    return {
        "items": [
            {
                "id": f"{prefix}-{number}",
                "text": item["text"],
                "url": item.get("url", ""),
                "hint": item.get("hint", ""),
                "status": item["status"],
                "colour": TAG_COLOURS[item["meaning"]] if item.get("meaning") else None,
            }
            for number, item in enumerate(items, start=1)
        ]
    }


@register.inclusion_tag("components/identity_bar.html")
def identity_bar(title, reference="", facts=(), tags=()):
    """`facts`: short texts ("14 years old", "With Amara Osei"); `tags`: dicts."""
    return {
        "title": title,
        "reference": reference,
        "facts": facts,
        "tags": [{"text": t["text"], "colour": TAG_COLOURS[t.get("meaning", "open")]} for t in tags],
    }


@register.inclusion_tag("components/sub_navigation.html")
def sub_navigation(items, label="This case"):
    return {"items": items, "label": label}


@register.inclusion_tag("components/timeline.html")
def timeline(items, level=3, empty=""):
    """`items`: dicts with title, by, at (an instant or a date) and text; the newest first as given."""
    shown = [
        {
            "title": item["title"],
            "by": item.get("by", ""),
            "iso": words.iso(item["at"]),
            "at": words.instant(item["at"]) if hasattr(item["at"], "hour") else words.day(item["at"]),
            "text": item.get("text", ""),
            "url": item.get("url", ""),
            "link_text": item.get("link_text", "Open"),
        }
        for item in items
    ]
    return {"items": shown, "level": level, "empty": empty}


@register.inclusion_tag("components/next.html", takes_context=True)
def next_step(context, step=None):
    """`step`: text, who, when, late, note; url and button where it is the reader's to do; others, a list."""
    step = step or {}
    return {
        "text": step.get("text", ""),
        "who": step.get("who", ""),
        "when": step.get("when", ""),
        "late": step.get("late", False),
        "note": step.get("note", ""),
        "url": step.get("url", ""),
        "button": step.get("button", "Start"),
        "post": step.get("post", False),
        "others": step.get("others", ()),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/inset.html")
def inset(text):
    return {"text": text}


@register.inclusion_tag("components/warning.html")
def warning(text):
    return {"text": text}


@register.inclusion_tag("components/notification.html")
def notification(text, title="Important", success=False, number=1):
    return {
        "text": text,
        "title": title,
        "success": success,
        "id": f"notification-{number}",
    }


@register.inclusion_tag("components/filter_links.html")
def filter_links(items, label="Show"):
    """`items`: dicts with text, url, current, and number where there is one to show."""
    return {
        "label": label,
        "items": [{"number": None, "current": False} | dict(item) for item in items],
    }


@register.inclusion_tag("components/confirmation.html")
def confirmation(title, text=""):
    return {"title": title, "text": text}


@register.inclusion_tag("components/folded.html")
def folded(summary, text, open=False):
    return {"summary": summary, "text": text, "open": open}


@register.inclusion_tag("components/tile.html")
def tile(number, label, url="", note="", meaning=""):
    return {
        "number": number,
        "label": label,
        "url": url,
        "note": note,
        "meaning": meaning,
    }


@register.inclusion_tag("components/button.html", takes_context=True)
def post_button(context, text, url, look=""):
    """One deed as one button: a POST form of its own. `look`: "", "secondary" or "warning"."""
    return {
        "text": text,
        "url": url,
        "look": look,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(items):
    return {"items": items}


@register.inclusion_tag("components/back_link.html")
def back_link(url, text="Back"):
    return {"url": url, "text": text}


@lru_cache(maxsize=500)
def _navigation(places):
    """The navigation by deed; `places`: (text, url, whether it is here)."""
    return govuk.component(
        "service-navigation",
        classes="hsb-navigation",
        navigationLabel="What you do here",
        navigation=[{"text": text, "href": url, "current": current} for text, url, current in places],
    )


# --- the frame -----------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def page_header(context):
    """The frame's header, with the navigation by deed."""
    frame = context["frame"]
    places = tuple((place["text"], place["url"], place["current"]) for place in frame.nav)
    return govuk.drawn(
        "layout/header", frame=frame, csrf_token=_token(context), navigation=_navigation(places) if places else ""
    )


@register.simple_tag(takes_context=True)
def page_footer(context):
    return govuk.drawn("layout/footer", frame=context["frame"])


@register.simple_tag(takes_context=True)
def session_end(context):
    """What tells a script when the session is locked; the script announces there, too."""
    frame = context["frame"]
    ends_at, now = map(words.iso_instant, (frame.session_ends_at, timezone.now()))
    return govuk.drawn("layout/session", frame=frame, csrf_token=_token(context), ends_at=ends_at, now=now)


def _token(context):
    return str(context.get("csrf_token", ""))
