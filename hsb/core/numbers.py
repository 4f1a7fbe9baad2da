"""Rows are numbered within what they belong to, from 1; whoever numbers one holds the lock on that."""

from django.db.models import Max


def last_number(rows):
    """The highest `number` of a queryset or manager of rows; 0 where there is none."""
    return rows.aggregate(last=Max("number"))["last"] or 0
