"""{% load words %}: the functions of hsb.core.words as filters."""

from django import template

from hsb.core import words

register = template.Library()
register.filter("day", words.day)
register.filter("clock", words.clock_time)
register.filter("instant", words.instant)
register.filter("due", words.due)
register.filter("age", words.age)
register.filter("listed", words.listed)
register.filter("iso", words.iso)
register.filter("grouped", words.grouped)


@register.filter
def counted(number, nouns):
    """{{ 14|counted:"referral" }} or, where the plural is odd, {{ 2|counted:"child,children" }}."""
    singular, _, plural = nouns.partition(",")
    return words.count(number, singular, plural)


@register.filter
def plain(code):
    """A state's code as words: awaiting_decision becomes "awaiting decision"."""
    return str(code).replace("_", " ")
