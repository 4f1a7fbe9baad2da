"""Sends what the sweep wrote, each message once, whoever is killed when (docs/house.md, Outbox).

A message is held by a lease while it is sent. Between the gateway's yes and our note of it lies the one window in which
a kill sends a message twice: both carry the same Message-ID.
"""

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db.models import F, Q

from hsb.core import clock, notifications
from hsb.core.models import Message
from hsb.core.models.messages import BY_THEMSELVES

LEASE = timedelta(minutes=10)
AT_A_TIME = 500


def deliver():
    """Sends what waits; returns how many went out. What the gateway refuses is tried again when its lease is over."""
    return sum(_send(pk) for pk in _waiting().order_by("made_at", "pk").values_list("pk", flat=True)[:AT_A_TIME])


def _waiting():
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=clock.now())
    says_something = Q(reminders__isnull=False) | Q(what__in=BY_THEMSELVES)
    return Message.objects.filter(free, says_something, sent_at__isnull=True).distinct()


def _send(pk):
    now = clock.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    mine = Message.objects.filter(free, pk=pk, sent_at__isnull=True)
    if not mine.update(lease_until=now + LEASE, attempts=F("attempts") + 1):
        return 0
    message = Message.objects.select_related("user").get(pk=pk)
    mail = notifications.email(message) if message.user.is_active else None
    if mail is not None:
        subject, body, headers = mail
        try:
            EmailMessage(subject, body, to=[message.user.email], headers=headers).send()
        except OSError:
            # The gateway is away: the lease ends, and it is tried again.
            return 0
    return Message.objects.filter(pk=pk, sent_at__isnull=True).update(sent_at=clock.now())


def mark_read(user):
    """Every message of `user` is read; returns how many were new."""
    return Message.objects.filter(user=user, read_at__isnull=True).update(read_at=clock.now())
