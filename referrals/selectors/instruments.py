"""What the tools of trained people have in common where their results are read: AIM and Brook (practice.md A25, A26).

The instrument itself is kept nowhere: what was found, by whom, and where the report is.
"""

from django.db.models import BigIntegerField, DateField
from django.utils import timezone

from hsb.core import composed, words
from hsb.core.composed import Given
from hsb.people.models import Training
from referrals.models import CaseDocument
from referrals.selectors.case_documents import read_through, url_of
from referrals.selectors.reading import Reading
from referrals.states import DocumentKind

# A report is chosen among so many documents: reports of assessments first, then the newest.
MOST_REPORTS = 30


def reports_for(referral):
    """The documents among which the report is chosen."""
    standing = list(read_through(referral).filter(taken_out_at__isnull=True).order_by("-added_at", "-pk"))
    return sorted(standing, key=lambda document: document.kind != DocumentKind.ASSESSMENT)[:MOST_REPORTS]


def reports_that_open(referral, found):
    """Keys of the reports that whoever opens the referral can open."""
    keys = {each.report_id for each in found} - {None}
    if not keys:
        return set()
    standing = CaseDocument.objects.read_through(referral).filter(pk__in=keys, taken_out_at__isnull=True)
    return set(standing.values_list("pk", flat=True))


def trained_today(user):
    """The tools in which `user` is trained today, read once for the life of this object (one request)."""
    if not hasattr(user, "_trained_today"):
        user._trained_today = {row["tool"] for row in _trainings(user).rows()}
    return user._trained_today


def asking_trained_today(user):
    """The Question of `trained_today` (riding.py)."""
    return _trainings(user).asking


def _trainings(user):
    """What asks for the tools in which somebody's training is recorded and current today."""
    today = Given("today", DateField())

    def tools():
        current = Training.objects.filter(trained_on__lte=today, until__gte=today)
        return current.filter(user=Given("user", BigIntegerField())).values("tool")

    return composed.Asked(composed.kept("trained", tools), {"user": user.pk, "today": timezone.localdate()})


def newest_first(referral, user, related):
    """The rows of a relation that are recorded anew, each with what replaced it."""
    found = Reading.of(referral, user).on_some_pages(related)
    newer = {each.replaces_id: each for each in found}
    for each in found:
        type(each)._meta.get_field("replaced_by").set_cached_value(each, newer.get(each.pk))
    return found[::-1]


def was_replaced(each):
    return hasattr(each, "replaced_by")


def report_row(each, referral, reports, none):
    """The report as a fact of a card; `none` is said where there is none. `reports`: keys of those that open."""
    if each.report_id is None:
        return {"label": "Report", "value": none}
    if each.report_id not in reports:
        return {"label": "Report", "value": f"{each.report.reference}: it is not among the documents any more"}
    return {
        "label": "Report",
        "value": f"{each.report.title}, {each.report.reference}",
        "change_url": url_of("document", referral, each.report),
        "change_text": "Open",
    }


def recorded_rows(each):
    """Who recorded it and when, and what became of it since, as facts of a card."""
    found = [
        {
            "label": "Recorded",
            "value": f"{words.instant(each.recorded_at)}, by {each.recorded_by.name}. {each.reference}",
        }
    ]
    if each.replaces_reason:
        found.append({"label": "Recorded anew because", "value": each.replaces_reason})
    if was_replaced(each):
        found.append(
            {"label": "Replaced by", "value": f"{each.replaced_by.reference}: {each.replaced_by.replaces_reason}"}
        )
    return found
