"""The chronology of a case: everything that was done, the significant events that workers write, both on paper."""

from django.http import Http404
from django.urls import reverse

from hsb.core import access, clock, words
from hsb.core.states import AccessKind
from referrals.forms.significant import ChronologyAsOfForm, EventCorrectionForm, SignificantEventForm
from referrals.models import SignificantEvent
from referrals.permissions import can_correct_note, can_record_event
from referrals.selectors import chronology as journal
from referrals.selectors import deeds, significant
from referrals.selectors.as_it_stood import as_it_stood
from referrals.selectors.chronology_kinds import KINDS
from referrals.selectors.notes import may_correct
from referrals.services import significant as events
from referrals.views.bases import CasePage
from referrals.views.case import KeysetTab
from referrals.views.notes import DAY_PARTS
from referrals.views.verb import VerbPage

OLDEST = "oldest"
ALL, SIGNIFICANT = "all", "significant"
MOST_PRINTED = 1000


def views_of(referral, current):
    """The two ways to read a chronology, as links."""
    at = [referral.reference]
    return [
        {"text": text, "url": reverse(name, args=at), "current": name == current}
        for text, name in (
            ("Everything that was done", "referrals:chronology"),
            ("Significant events", "referrals:significant_events"),
        )
    ]


class Narrowed:
    """What a chronology is narrowed by: `?kind=`, `?order=oldest`, `?as_of_day=&as_of_month=&as_of_year=`."""

    def prepare(self, reference, **kwargs):
        super().prepare(reference, **kwargs)
        asked = self.request.GET
        self.kind = asked.get("kind", "") if asked.get("kind") in KINDS else ""
        self.order = OLDEST if asked.get("order") == OLDEST else ""
        asks = any(asked.get(part, "").strip() for part in DAY_PARTS)
        self.form = ChronologyAsOfForm(asked if asks else None, initial={"kind": self.kind, "order": self.order})
        self.as_of = self.form.cleaned_data["as_of"] if self.form.is_valid() else None

    def kept(self):
        day = () if self.as_of is None else (self.as_of.day, self.as_of.month, self.as_of.year)
        return {"kind": self.kind, "order": self.order} | dict(zip(DAY_PARTS, day, strict=False))

    def narrowing(self):
        return {"kind": self.kind, "oldest_first": self.order == OLDEST, "as_of": self.as_of}


class OfEveryEpisode:
    """A page of the child's episodes: looking is recorded on each of them."""

    def prepare(self, reference, **kwargs):
        super().prepare(reference, **kwargs)
        self.episodes = significant.episodes(self.referral, self.user)

    def look(self):
        access.look_at_each(self.user, [episode.record for episode in self.episodes], self.looked_at_as)

    def events(self):
        return significant.significant_events(self.referral, self.user, self.episodes)


class CaseChronology(OfEveryEpisode, Narrowed, KeysetTab):
    template_name = "referrals/case_chronology.html"
    title = "Chronology"
    looked_at_as = "chronology"
    tab = "chronology"
    holds = "chronology"

    @property
    def place_is_called(self):
        return "after" if self.order == OLDEST else "before"

    def page_of(self, place):
        return journal.chronology(self.referral, self.user, self.episodes, place, **self.narrowing())

    def context(self):
        found = super().context()
        kinds = [("", "All"), *((code, label) for code, (label, _) in KINDS.items())]
        orders = [("", "Newest first"), (OLDEST, "Oldest first")]
        now = self.as_of is None
        takes = now and significant.may_record(self.referral, self.user)
        if takes:
            entries = [entry for entry in found["chronology"]["entries"] if entry["own"]]
            taken = significant.taken_in(self.referral, [entry["number"] for entry in entries])
            for entry in entries:
                entry["taken_in"] = taken.get(entry["number"], "")
        return found | {
            "form": self.form,
            "as_of": self.as_of,
            "stood": None if now else as_it_stood(self.referral, self.as_of, self.user),
            "now_url": self.address(**dict.fromkeys(DAY_PARTS, "")),
            "views": views_of(self.referral, "referrals:chronology"),
            "episodes": [episode.reference for episode in self.episodes],
            "kinds": [
                {"text": text, "url": self.address(kind=code), "current": self.kind == code} for code, text in kinds
            ],
            "orders": [
                {"text": text, "url": self.address(order=code), "current": self.order == code} for code, text in orders
            ],
            "print_url": self.address().replace(
                self.request.path, reverse("referrals:print_chronology", args=[self.referral.reference]), 1
            ),
            "takes": takes,
        }


class SignificantEvents(OfEveryEpisode, CasePage):
    template_name = "referrals/significant.html"
    title = "Significant events"
    looked_at_as = "significant_events"
    tab = "chronology"

    def context(self):
        at = [self.referral.reference]
        records = significant.may_record(self.referral, self.user)
        return {
            **super().context(),
            "views": views_of(self.referral, "referrals:significant_events"),
            "events": self.events(),
            "episodes": [episode.reference for episode in self.episodes],
            "record_url": reverse("referrals:record_event", args=[*at, 0]) if records else "",
            "print_url": f"{reverse('referrals:print_chronology', args=at)}?show={SIGNIFICANT}",
        }


class PrintChronology(OfEveryEpisode, Narrowed, CasePage):
    """On paper: significant events (`?show=significant`), or everything that was done, without pages."""

    template_name = "referrals/chronology_print.html"
    looked_at_as = "print_chronology"
    tab = "chronology"

    def prepare(self, reference, **kwargs):
        super().prepare(reference, **kwargs)
        self.shows = SIGNIFICANT if self.request.GET.get("show") == SIGNIFICANT else ALL

    def look(self):
        for episode in self.episodes:
            access.look(self.user, episode.record, self.looked_at_as, kind=AccessKind.EXPORT)

    def get_title(self):
        return "Significant events" if self.shows == SIGNIFICANT else "Chronology"

    def context(self):
        of_events = self.shows == SIGNIFICANT
        back = "significant_events" if of_events else "chronology"
        return {
            **super().context(),
            "events": self.events() if of_events else None,
            "chronology": None
            if of_events
            else journal.chronology(self.referral, self.user, self.episodes, size=MOST_PRINTED, **self.narrowing()),
            "most": MOST_PRINTED,
            "kind": KINDS[self.kind][0] if self.kind else "",
            "order": "the oldest first" if self.order == OLDEST else "the newest first",
            "as_of": None if of_events else self.as_of,
            "episodes": [episode.reference for episode in self.episodes],
            "printed": f"Printed by {self.user.name} on {words.instant(clock.now())}",
            "back_url": reverse(f"referrals:{back}", args=[self.referral.reference]),
        }


class EventVerb(VerbPage):
    """A page on which a significant event is written, or corrected."""

    tab = "chronology"

    def standing_of(self, before, *, allowed, unmet):
        what = deeds.Deed(self.deed, self.title, before)
        return deeds.Standing(what, in_time=True, allowed=allowed, unmet=unmet)

    def events_url(self):
        return reverse("referrals:significant_events", args=[self.referral.reference])


class RecordEvent(EventVerb):
    form_class = SignificantEventForm
    deed = "record_event"
    title = "Record a significant event"
    done = "The event is recorded. Nobody can change it: what is wrong in it is corrected underneath."

    def prepare(self, reference, number, **kwargs):
        self.number = number
        super().prepare(reference)
        self.entry = journal.entry_in_words(self.referral, self.user, number) if number else None
        if number and self.entry is None:
            raise Http404

    @property
    def lead(self):
        if self.entry is None:
            return ""
        return f"Taken in from the chronology: {self.entry['title']}, {self.entry['happened_on']}."

    def find_standing(self, **kwargs):
        unmet = (significant.ENDED,) if self.referral.has_ended else ()
        return self.standing_of(
            "Before an event can be recorded", allowed=can_record_event(self.referral, self.user), unmet=unmet
        )

    def initial(self):
        if self.entry is None:
            return {}
        return {"happened_on": self.entry["day"], "source": f"This chronology: {self.entry['title']}"[:200]}

    def submit(self, form):
        events.record_event(
            self.referral.reference, actor=self.user, entry_number=self.number or None, **form.cleaned_data
        )
        return self.events_url()


class CorrectEvent(EventVerb):
    template_name = "referrals/significant_correct.html"
    form_class = EventCorrectionForm
    deed = "correct_event"
    title = "Correct a significant event"
    lead = "The event stays as it was written. Your correction stands under it, with your name and the time."
    done = "The correction stands under the event."

    def prepare(self, reference, number, **kwargs):
        self.number = number
        super().prepare(reference)

    def find_standing(self, **kwargs):
        self.event = (
            SignificantEvent.objects.select_related("author").filter(referral=self.referral, number=self.number).first()
        )
        if self.event is None:
            raise Http404
        self.event.referral = self.referral
        unmet = () if may_correct(self.event, self.referral, self.user) else (significant.ENDED,)
        return self.standing_of(
            "Before this event can be corrected", allowed=can_correct_note(self.event, self.user), unmet=unmet
        )

    def initial(self):
        return {"version": self.event.corrections.count()}

    def context(self):
        return {**super().context(), "event": significant.one_event(self.event, self.user)}

    def submit(self, form):
        events.correct_event(self.event.reference, actor=self.user, **form.cleaned_data)
        return self.events_url()
