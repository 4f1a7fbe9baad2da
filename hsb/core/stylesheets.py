"""The design system's style sheets without the components that no page of ours has: less for a telephone to read."""

import re

import tinycss2
from tinycss2.ast import AtRule, QualifiedRule

_CLASS = re.compile(r"\.((?:govuk|moj)-[A-Za-z0-9_-]+)")
_PART = re.compile(r"(?:__|--).*")
# Rules around rules.
_NESTING = ("media", "supports", "-moz-document")
_QUIET = {"skip_comments": True, "skip_whitespace": True}


def without(css, is_left_out):
    """The style sheet without the selectors that name a component for which `is_left_out` (a function of its class,
    "moj-timeline") says yes."""
    return "".join(_kept(tinycss2.parse_stylesheet(css, **_QUIET), is_left_out))


def components_of(selector):
    """{"govuk-tag"} of ".govuk-tag--red": the components that a selector names."""
    return {component_of(name) for name in _CLASS.findall(selector)}


def component_of(name):
    """The component that a class belongs to: "govuk-tag" of "govuk-tag--red" and of "govuk-tag__part"."""
    return _PART.sub("", name)


def _kept(rules, is_left_out):
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            # A comma inside :not(...) or :is(...) stands in a block of its own.
            selectors = [tinycss2.serialize(part) for part in _split(rule.prelude)]
            kept = [each for each in selectors if not any(map(is_left_out, components_of(each)))]
            if kept:
                yield f"{','.join(kept)}{{{tinycss2.serialize(rule.content)}}}"
        elif isinstance(rule, AtRule) and rule.at_keyword in _NESTING:
            inside = "".join(_kept(tinycss2.parse_rule_list(rule.content, **_QUIET), is_left_out))
            if inside:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inside}}}"
        else:
            yield rule.serialize()


def _split(tokens):
    part = []
    for each in tokens:
        if each == ",":
            yield part
            part = []
        else:
            part.append(each)
    yield part
