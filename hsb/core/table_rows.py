"""The rows of a table as HTML, written by hand: a list has some 250 cells, and a template takes a tenth of its page for
them. Whatever comes from outside is escaped here; what is safe already says so.
"""

from html import escape

from django.utils.safestring import SafeString


def drawn_rows(columns, rows, tag_classes, *, first_is_header=False):
    """The <tr> elements of `rows` as safe HTML.

    `columns`: (text, whether it holds numbers). A cell of a row is a text, or a dict of any of: text, url, hidden
    (words of the link that only a screen reader needs), note (a second, smaller line), anchor (an id to link to), links
    (several, each {"text", "url"}), tags ({"text", "meaning"}; `tag_classes` says how a meaning looks).
    """
    opened = [
        f'<td class="govuk-table__cell{" govuk-table__cell--numeric" if numeric else ""}" data-label="{_safe(column)}">'
        for column, numeric in columns
    ]
    closed = ["</td>"] * len(columns)
    if first_is_header and columns:
        opened[0] = f'<th scope="row" class="govuk-table__header" data-label="{_safe(columns[0][0])}">'
        closed[0] = "</th>"
    drawn = []
    for row in rows:
        drawn.append('<tr class="govuk-table__row">')
        for cell, begins, ends in zip(row, opened, closed, strict=True):
            drawn += (begins, _cell(cell if isinstance(cell, dict) else {"text": cell}, tag_classes), ends, "\n")
        drawn.append("</tr>\n")
    return SafeString("".join(drawn))


def _cell(cell, tag_classes):
    said = cell.get
    html, url = _safe(said("text")), said("url")
    if url:
        hidden = said("hidden")
        hidden = f'<span class="govuk-visually-hidden"> {_safe(hidden)}</span>' if hidden else ""
        html = _link(url, html + hidden)
    if links := said("links"):
        html += ", ".join(
            f'<a class="govuk-link" href="{_safe(link["url"])}">{_safe(link["text"])}</a>' for link in links
        )
    for tag in said("tags", ()):
        colour = tag_classes[tag.get("meaning", "open")]
        html += f' <strong class="govuk-tag{colour}">{_safe(tag["text"])}</strong>'
    if note := said("note"):
        html += f'<span class="hsb-cell__note">{_safe(note)}</span>'
    anchor = said("anchor")
    anchor = f' id="{_safe(anchor)}"' if anchor else ""
    return f'<span class="hsb-cell"{anchor}>{html}</span>'


def _link(url, html):
    return f'<a class="govuk-link" href="{_safe(url)}">{html}</a>'


def _safe(value):
    if type(value) is str:
        return escape(value)
    if value is None:
        return ""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))
