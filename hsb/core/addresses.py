"""Addresses of our pages, as lists need them: a page of fifty rows asks for fifty, and they never change."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=8192)
def address(name, *args):
    """The address of a page by its name ("referrals:case") and arguments, remembered."""
    return reverse(name, args=args)
