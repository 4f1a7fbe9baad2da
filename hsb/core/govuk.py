"""Draws Django forms with the GOV.UK Frontend macros, in one shared Jinja environment (docs/decisions/0005).

`component` draws any component of the design system; `field` draws a bound field by its widget, with its label,
hint, error and conditional questions; `error_summary` lists a form's errors with links to ids that exist.
Everything that is not already marked as safe is escaped.
"""

import re
from dataclasses import astuple
from functools import cache, singledispatch
from urllib.parse import urlencode

from crispy_forms.layout import LayoutObject
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, FileSystemLoader, PackageLoader, PrefixLoader

from hsb.core.addresses import address

PACKAGE = "govuk_frontend_jinja"
OURS = "ours"
# Attributes that our components set themselves, or that would silently cut or refuse what somebody types.
NOT_PASSED_ON = {
    "id",
    "class",
    "placeholder",
    "maxlength",
    "minlength",
    "required",
    "autocomplete",
    "rows",
    "cols",
}
# The design system's script would set aria-expanded on a radio, which ARIA does not allow: hsb.css opens these.
OPENED_BY_SCRIPT = re.compile(r' data-aria-controls="[^"]*"')
# Whatever the reader cannot reach by itself (a hidden field, the form as a whole) is explained at the top.
TOP_OF_THE_PAGE = "main-content"
NOTHING = SafeString("")


@cache
def _environment():
    return Environment(
        loader=PrefixLoader({PACKAGE: PackageLoader(PACKAGE), OURS: FileSystemLoader(settings.BASE_DIR / "templates")}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _macro(slug):
    name = "govuk" + "".join(part.title() for part in slug.split("-"))
    return getattr(
        _environment().get_template(f"{PACKAGE}/components/{slug}/macro.html").module,
        name,
    )


def drawn(name, /, **shown):
    """A part of ours that every page has, or that has many rows ("components/table" of templates/): a third of what
    Django's templates take.

    Escaped like every other: what is safe already says so.
    """
    template = _environment().get_template(f"{OURS}/{name}.jinja")
    return mark_safe(template.render(shown))  # noqa: S308 - the environment escapes by default


def component(slug, **params):
    """A component by its design system name ("inset-text") and parameters; texts are escaped by the macro."""
    return mark_safe(_macro(slug)(params))  # noqa: S308 - the environment escapes by default


# --- fields ------------------------------------------------------------------------------------------------


def field(bound, *, heading=False):
    """A bound field as HTML. `heading` makes its label the page's <h1> (a page with one question)."""
    if bound.is_hidden:
        return bound.as_widget()
    rendered = getattr(bound.form, "rendered_fields", None)
    if rendered is not None:
        rendered.add(bound.name)
    slug, params = drawing(bound.field.widget, bound, _shared(bound, heading))
    html = (names_boxes(bound, params) if slug == NAMES else component(slug, **params)) + wording_prompt(bound)
    return mark_safe(OPENED_BY_SCRIPT.sub("", html)) if "conditional-" in html else html  # noqa: S308 - drawn above


def wording_prompt(bound):
    """Under a text that says a word of the borough's list: the words preferred, and the tick that keeps it; else ""."""
    found = getattr(bound.form, "words_found", {}).get(bound.name)
    if not found:
        return NOTHING
    said, keep = f"{bound.auto_id}_words", f"{bound.auto_id}_keep_words"
    told = format_html_join("", '<p class="govuk-body">You wrote “{}”. We prefer: {}.</p>', map(astuple, found))
    tick = component(
        "checkboxes",
        idPrefix=keep,
        name=bound.form.keep_words_name(bound.name),
        describedBy=said,
        classes="govuk-checkboxes--small",
        items=[
            {
                "value": "on",
                "html": format_html(
                    'Keep my words<span class="govuk-visually-hidden"> in “{}”</span>', str(bound.label).rstrip("?")
                ),
                "checked": bound.form.keeps_words(bound.name),
            }
        ],
    )
    text = format_html(
        '<div id="{}">{}<p class="govuk-body">Name what was done, not who a child is. If your words must stay, for '
        "example because somebody said them, tick the box.</p></div>{}",
        said,
        told,
        tick,
    )
    return component("inset-text", html=text)


def wording_banner(form):
    """At the top of a page that came back only because of its words: where they stand; else ""."""
    asked = getattr(form, "words_asked", ())
    if not asked:
        return NOTHING
    links = format_html_join(
        "",
        '<li><a class="govuk-notification-banner__link" href="#{}">{}</a></li>',
        ((target(form[name]), form[name].label) for name in reading_order(form) if name in asked),
    )
    html = format_html(
        '<p class="govuk-notification-banner__heading">Please look at some of your words before this is saved.</p>'
        '<p class="govuk-body">Everything you typed is still here. Change the words, or tick “Keep my words” under '
        "them, and send it again.</p>"
        '<ul class="govuk-list govuk-list--bullet">{}</ul>',
        links,
    )
    return component("notification-banner", titleText="Your words", titleId="your-words", role="alert", html=html)


def question(bound):
    """The label as it is shown: what need not be answered, here or later, says so."""
    needed = bound.field.required or isinstance(bound.field.widget, forms.CheckboxInput)
    said_in_hint = _needed_before(bound) or _asked_when(bound)
    return bound.label if needed or said_in_hint else f"{bound.label} (optional)"


def hint(bound):
    """The field's own hint, with when it is asked where that is later, or depends on others; "" where there is none."""
    later = _needed_before(bound)
    said = f"You can leave this for now. It is needed before {later}." if later else _asked_when(bound)
    if not said:
        return bound.help_text
    return f"{bound.help_text.rstrip('.')}. {said}" if bound.help_text else said


def _needed_before(bound):
    return getattr(bound.field, "needed_before", "")


def _asked_when(bound):
    return getattr(bound.field, "asked_when", "")


def target(bound):
    """The id that an error about this field links to; it exists on the page that `field` draws."""
    widget = bound.field.widget
    if bound.is_hidden or (isinstance(widget, forms.RadioSelect) and not _choices(bound)):
        return TOP_OF_THE_PAGE
    if isinstance(widget, NamesBox):
        return f"{bound.auto_id}_{bound.field.first_wrong(bound)}"
    if isinstance(widget, DateParts):
        wrong = getattr(bound.field, "wrong_parts", None)
        return f"{bound.auto_id}_{wrong(bound)[0] if wrong and bound.errors else widget.parts[0]}"
    return bound.auto_id


def sentences(bound):
    """The field's errors as we say them: a form that is not ours (signing in) also says what to do when left empty."""
    for error in bound.form.errors.as_data().get(bound.name, ()):
        for message in error.messages:
            if error.code == "required" and message == str(forms.Field.default_error_messages["required"]):
                yield f"Enter {bound.label[:1].lower()}{bound.label[1:]}"
            else:
                yield message


def error_summary(form):
    """The box at the top: the form's own errors first, then every field's in reading order, each a link; under it
    what is asked about the words."""
    if not form.is_bound:
        return ""
    if not form.errors:
        return wording_banner(form)
    items = [{"text": error, "href": f"#{TOP_OF_THE_PAGE}"} for error in form.non_field_errors()]
    for name in reading_order(form):
        items += [{"text": error, "href": f"#{target(form[name])}"} for error in sentences(form[name])]
    return component("error-summary", titleText="There is a problem", errorList=items) + wording_banner(form)


def reading_order(form):
    """Field names as they stand on the page: a form may say its own (`CaseForm.reading_order`)."""
    order = getattr(form, "reading_order", None)
    return order() if order else list(form.fields)


def _shared(bound, heading):
    size = "l" if heading else getattr(bound.form, "label_size", "s")
    text = question(bound)
    params = {
        "id": bound.auto_id,
        "idPrefix": bound.auto_id,
        "name": bound.html_name,
        "label": {
            "text": text,
            "classes": f"govuk-label--{size}",
            "isPageHeading": heading,
        },
        "legend": {
            "text": text,
            "classes": f"govuk-fieldset__legend--{size}",
            "isPageHeading": heading,
        },
        "attributes": {k: v for k, v in bound.field.widget.attrs.items() if k not in NOT_PASSED_ON},
        "autocomplete": bound.field.widget.attrs.get("autocomplete"),
        "classes": bound.field.widget.attrs.get("class", ""),
    }
    if bound.field.disabled:
        params["disabled"] = True
    if said := hint(bound):
        params["hint"] = {"text": said}
    if bound.errors:
        params["errorMessage"] = {"html": format_html_join(mark_safe("<br>"), "{}", ((s,) for s in sentences(bound)))}
    return params


def _value(bound):
    value = bound.field.widget.format_value(bound.value())
    return "" if value is None else str(value)


def _choices(bound):
    """(value, text) of every real choice: groups opened, the empty choice of a select left out."""
    for value, text in bound.field.choices:
        if isinstance(text, (list, tuple)):
            yield from text
        elif value not in {"", None}:
            yield value, text


def _items(bound, chosen):
    hints = getattr(bound.form, "choice_hints", {})
    reveals = getattr(bound.form, "reveals", {})
    for value, text in _choices(bound):
        item = {"value": str(value), "text": str(text), "checked": str(value) in chosen}
        if bound.field.disabled:
            item["disabled"] = True
        if hint := hints.get((bound.name, value)) or hints.get((bound.name, str(value))):
            item["hint"] = {"text": hint}
        if more := reveals.get((bound.name, value)) or reveals.get((bound.name, str(value))):
            html = "".join(field(bound.form[name]) for name in more if name in bound.form.fields)
            item["conditional"] = {"html": mark_safe(html)}  # noqa: S308 - drawn by `field`
        yield item


@singledispatch
def drawing(widget, bound, params):
    """(component, parameters) for a widget; a widget that we do not know is drawn as a text input."""
    params["value"] = _value(bound)
    params["type"] = getattr(widget, "input_type", "text")
    if params["type"] == "number":
        # Browsers change a number box by the mouse wheel and drop what they cannot read.
        params.update(type="text", inputmode="numeric", spellcheck=False)
    return "input", params


@drawing.register
def _(widget: forms.PasswordInput, bound, params):
    params["value"] = _value(bound) if widget.render_value else ""
    return "password-input", params


@drawing.register
def _(widget: forms.FileInput, bound, params):
    return "file-upload", params


@drawing.register
def _(widget: forms.Textarea, bound, params):
    params["value"] = _kept_as_typed(_value(bound))
    params["rows"] = int(widget.attrs.get("rows", 5))
    limit = bound.field.max_length
    if not limit:
        return "textarea", params
    # The number is shown when it matters: a limit of twenty thousand is nobody's business at the first word.
    params.update(maxlength=limit, threshold=75 if limit > 1000 else 0)
    params["textareaDescriptionText"] = f"You can enter up to {limit:,} characters"
    return "character-count", params


def _kept_as_typed(text):
    """Long text for a <textarea>, line breaks as references.

    The macros indent what they nest, line by line, and a browser drops the first line break after the tag:
    written out, both would change what somebody wrote each time the page is shown.
    """
    written_out = escape(text.replace("\r\n", "\n")).replace("\n", "&#10;")
    return mark_safe(f"&#10;{written_out}")  # noqa: S308 - escaped


@drawing.register
def _(widget: forms.Select, bound, params):
    chosen = bound.value()
    chosen = {str(v) for v in (chosen if isinstance(chosen, (list, tuple)) else [chosen])}
    blank = [{"value": v, "text": t} for v, t in bound.field.choices if v in {"", None}]
    params["items"] = [
        {"value": "" if i["value"] is None else str(i["value"]), "text": str(i["text"])} for i in blank
    ] + [{"value": str(v), "text": str(t), "selected": str(v) in chosen} for v, t in _choices(bound)]
    return "select", params


@drawing.register
def _(widget: forms.RadioSelect, bound, params):
    value = bound.value()
    params["items"] = list(_items(bound, set() if value is None else {str(value)}))
    params["fieldset"] = {"legend": params.pop("legend")}
    return "radios", params


@drawing.register
def _(widget: forms.CheckboxSelectMultiple, bound, params):
    params["items"] = list(_items(bound, {str(v) for v in bound.value() or []}))
    params["fieldset"] = {"legend": params.pop("legend")}
    return "checkboxes", params


@drawing.register
def _(widget: forms.CheckboxInput, bound, params):
    item = {"value": "on", "text": question(bound), "checked": bool(bound.value())}
    reveals = getattr(bound.form, "reveals", {}).get((bound.name, "on"), ())
    if reveals:
        html = "".join(field(bound.form[name]) for name in reveals)
        item["conditional"] = {"html": mark_safe(html)}  # noqa: S308 - drawn by `field`
    params["items"] = [item]
    return "checkboxes", params


class DateParts(forms.MultiWidget):
    """Day, month and year in three boxes: `reported_on_day`, `reported_on_month`, `reported_on_year`."""

    parts = ("day", "month", "year")
    widths = {"day": 2, "month": 2, "year": 4, "time": 5}
    labels = {"time": "Time, like 10:30am"}

    def __init__(self, attrs=None):
        super().__init__({part: forms.TextInput() for part in self.parts}, attrs)

    def decompress(self, value):
        return [str(value.day), str(value.month), str(value.year)] if value else [""] * len(self.parts)

    def id_for_label(self, id_):
        return f"{id_}_{self.parts[0]}" if id_ else id_


@drawing.register
def _(widget: DateParts, bound, params):
    value = bound.value()
    texts = value if isinstance(value, list) else widget.decompress(value)
    wrong = bound.field.wrong_parts(bound) if bound.errors else ()
    params["items"] = [
        {
            "id": f"{bound.auto_id}_{part}",
            "name": f"{bound.html_name}_{part}",
            "label": widget.labels.get(part, part.title()),
            "value": text or "",
            "classes": f"govuk-input--width-{widget.widths[part]}" + (" govuk-input--error" if part in wrong else ""),
            # The number pad for numbers; a time has letters.
            "inputmode": "text" if part == "time" else "numeric",
            "autocomplete": {
                "day": "bday-day",
                "month": "bday-month",
                "year": "bday-year",
            }[part]
            if params["autocomplete"] == "bday"
            else None,
        }
        for part, text in zip(widget.parts, texts, strict=False)
    ]
    params["fieldset"] = {"legend": params.pop("legend")}
    params["namePrefix"] = None
    return "date-input", params


class Typed(str):
    """A name as it was typed, with the reference of whoever was chosen for it, or ""."""

    chosen = ""

    @classmethod
    def at(cls, text, chosen=""):
        made = cls(text)
        made.chosen = chosen
        return made


class NamesBox(forms.Widget):
    """Boxes for the names of colleagues, with a list of suggestions; under a name that may mean several, the choice.

    `many`: several may be named, one in each box; what somebody pastes (one on a line, or addresses with commas) is
    parted. `spare`: how many empty boxes stand beneath.
    """

    spare = 2

    def __init__(self, *, many=False, attrs=None):
        super().__init__(attrs)
        self.many = many

    def value_from_datadict(self, data, files, name):
        sent = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        texts = [text for each in ([sent] if isinstance(sent, str) else sent) for text in self._parted(str(each))]
        found = []
        for number, text in enumerate(texts):
            # A choice is for the words above which it was offered: typed over, it is asked for again.
            same = data.get(f"{name}_for_{number}") == text
            found.append(Typed.at(text, str(data.get(f"{name}_which_{number}", "")) if same else ""))
        return found

    def _parted(self, text):
        if not self.many:
            return [text.strip()] if text.strip() else []
        text = text.replace(";", "\n")
        addresses = text.replace(",", " ").split()
        if addresses and all("@" in each for each in addresses):  # a label has commas and spaces of its own
            return addresses
        return [line.strip() for line in text.splitlines() if line.strip()]

    def value_omitted_from_data(self, data, files, name):
        return name not in data

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else id_


NAMES = "names"


@drawing.register
def _(widget: NamesBox, bound, params):
    return NAMES, params


def names_boxes(bound, params):
    """What `field` draws for NamesBox: the question, and a box for each name. The names that are suggested are not in
    the page, which they would make as heavy as the service is large: a script asks for them (views.colleague_names)."""
    field, widget = bound.field, bound.field.widget
    typed = list(field.typed(bound))
    boxes = [*typed, *[Typed()] * widget.spare] if widget.many else typed[:1] or [Typed()]
    suggested = {
        "list": "-".join(["names", *field.roles]),
        "data-names": f"{address('core:colleague_names')}?{urlencode({'role': field.roles}, doseq=True)}",
    }
    hint, error = params.get("hint"), params.get("errorMessage")
    drawn = []
    for number, name in enumerate(boxes):
        one = {
            "id": f"{bound.auto_id}_{number}",
            "name": bound.html_name,
            "value": str(name),
            "autocomplete": "off",
            "spellcheck": False,
            "attributes": suggested,
            "label": params["label"],
        }
        wrong = error and field.is_wrong(bound, number)
        if widget.many:
            one["label"] = {"text": f"{bound.label}: person {number + 1}", "classes": "govuk-visually-hidden"}
            one["classes"] = "govuk-input--error" if wrong else ""
            one["describedBy"] = f"{bound.auto_id}-error" if wrong else None
        else:
            one |= {key: value for key, value in (("hint", hint), ("errorMessage", error)) if value}
        drawn.append(component("input", **one))
        if like_it := field.like_it(bound, number):
            drawn.append(_which(bound, number, name, like_it))
    html = format_html_join("", "{}", ((each,) for each in drawn))
    if widget.many:
        html = _together(bound, params, hint, error, html)
    return html


def _which(bound, number, name, like_it):
    asked = f"{bound.html_name}_for_{number}"
    radios = component(
        "radios",
        idPrefix=f"{bound.auto_id}_which_{number}",
        name=f"{bound.html_name}_which_{number}",
        classes="govuk-radios--small",
        fieldset={"legend": {"text": f"Who is meant by “{name}”?", "classes": "govuk-fieldset__legend--s"}},
        items=[
            {"value": each.reference, "text": each.label, "checked": each.reference == name.chosen} for each in like_it
        ],
    )
    return format_html('<input type="hidden" name="{}" value="{}">{}', asked, name, radios)


def _together(bound, params, hint, error, boxes):
    said, described = NOTHING, []
    if hint:
        described.append(f"{bound.auto_id}-hint")
        said = component("hint", id=described[-1], text=hint["text"])
    if error:
        described.append(f"{bound.auto_id}-error")
        said = format_html("{}{}", said, component("error-message", id=described[-1], html=error["html"]))
    html = format_html("{}{}", said, boxes)
    fieldset = component("fieldset", legend=params["legend"], describedBy=" ".join(described) or None, html=html)
    wrong = " govuk-form-group--error" if error else ""
    return format_html('<div class="govuk-form-group{}">{}</div>', wrong, fieldset)


# --- layout ------------------------------------------------------------------------------------------------------


class Section(LayoutObject):
    """Crispy layout object: a heading, a sentence under it, and fields."""

    template = "%s/layout/section.html"

    def __init__(self, heading, *fields, lead=""):
        self.heading = heading
        self.lead = lead
        self.fields = list(fields)

    def render(self, form, context, template_pack="govuk", **kwargs):
        html = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(
            self.get_template_name(template_pack),
            {"heading": self.heading, "lead": self.lead, "fields": html},
        )


class Folded(LayoutObject):
    """Crispy layout object: fields under a summary, folded; open where one of them is answered or was sent back."""

    template = "%s/layout/folded.html"

    def __init__(self, summary, *fields, lead=""):
        self.summary = summary
        self.lead = lead
        self.fields = list(fields)

    def render(self, form, context, template_pack="govuk", **kwargs):
        html = self.get_rendered_fields(form, context, template_pack, **kwargs)
        opened = form.is_bound or any(form[name].value() for name in self.fields)
        return render_to_string(
            self.get_template_name(template_pack),
            {"summary": self.summary, "lead": self.lead, "fields": html, "open": opened},
        )
