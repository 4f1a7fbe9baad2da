"""The naive ways, as controls: what costs what where nobody thought of a million rows; in the serving process."""

import time

from django.db.models import F

from hsb.core import clock
from hsb.people.models import User
from referrals.models import Referral
from referrals.selectors.boxes import BOXES
from referrals.states import OPEN


def list_of_objects(email):
    """Milliseconds of the first page as model objects, each asking for its child, team and worker when it is drawn."""
    user = User.objects.get(email=email)
    began = time.perf_counter()
    found = Referral.objects.visible_to(user).filter(state__in=OPEN)
    for referral in found.order_by(F("next_due_on").asc(nulls_last=True), "pk")[:51]:
        str((referral.person.given_name, referral.record.reference, referral.record.holding_team, referral.worker))
    found.count()
    return (time.perf_counter() - began) * 1000


def count_each_box(email):
    """Milliseconds of the flowchart's numbers where each is a question of its own."""
    user = User.objects.get(email=email)
    today = clock.today()
    began = time.perf_counter()
    for box in BOXES.values():
        found = Referral.objects.visible_to(user).filter(box.which, state__in=OPEN)
        found.count()
        found.filter(next_due_on__lt=today).count()
    return (time.perf_counter() - began) * 1000
