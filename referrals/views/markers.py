"""Markers of the referral's child, or of somebody in one of its concerns whom the reader may open."""

from django.http import Http404
from django.urls import reverse

from hsb.core.pages import Refusing, find
from hsb.core.refusals import AlreadyMoved, Denied
from hsb.core.riding import announce
from referrals.forms.markers import ConfirmMarkerForm, EndMarkerForm, MarkerForm, ReviewMarkerForm, TellMarkerForm
from referrals.models import Person
from referrals.selectors.markers import (
    asking_where,
    home_of,
    kind_in_words,
    marker_at,
    marker_list,
    may_change,
    together,
)
from referrals.selectors.reading import Reading
from referrals.services import markers
from referrals.views.bases import CaseFormPage, CasePage
from referrals.views.same_child import FollowsJoined


class OfPerson(FollowsJoined):
    """Gets the person the URL names, through `visible_to`."""

    tab = "people"

    def prepare(self, reference, person, **kwargs):
        super().prepare(reference)
        reading = Reading.of(self.referral, self.user)
        announce(reading.asking_markers(), *asking_where(self.referral, person, self.user))
        self.person = find(Person, person, self.user)
        if not together(self.referral, self.person):
            raise Http404
        if self.person.pk != self.referral.person_id:
            # Somebody else's: that it was read belongs to their own record.
            self.record = self.person.record

    @property
    def url(self):
        return reverse("referrals:markers", args=[self.referral.reference, self.person.reference])


class Markers(OfPerson, CasePage):
    template_name = "referrals/person/markers.html"
    looked_at_as = "markers"

    def get_title(self):
        return f"Markers on {self.person.known_as}"

    def context(self):
        found = marker_list(self.referral, self.person, self.user, markers.to_be_confirmed)
        return {**super().context(), "markers": found}


class ChangesMarkers(Refusing, OfPerson, CaseFormPage):
    """Whoever works with the case of the person."""

    def prepare(self, reference, person, **kwargs):
        super().prepare(reference, person)
        self.home = home_of(self.person, self.referral, self.user)
        self.refuse_strangers()

    def refuse_strangers(self):
        if not may_change(self.home, self.user, found=self.referral):
            raise Denied(record=self.record, verb=self.looked_at_as)

    @property
    def subject_url(self):
        return self.url


class AddMarker(ChangesMarkers):
    form_class = MarkerForm
    looked_at_as = "add_marker"
    done = "The marker is added."
    lead = (
        "A marker warns colleagues of something they must know before they visit, call or write. It says what is to be "
        "done, and is no label of anybody. Whoever opens a case of this person sees what it warns of."
    )

    def prepare(self, reference, person, **kwargs):
        super().prepare(reference, person)
        if not self.home.is_open:
            raise AlreadyMoved(reference=self.referral.reference, state=self.home.state_in_words, verb="add_marker")

    def get_title(self):
        return f"Add a marker on {self.person.known_as}"

    def form_kwargs(self):
        return {"adult": self.person.is_adult, "actor": self.user}

    def submit(self, form):
        markers.add_marker(self.referral.reference, actor=self.user, person=self.person.reference, **form.answers())
        return self.url


class OneMarker(ChangesMarkers):
    # The numbers of markers are each record's own.
    leads_to = "referrals:markers"

    def prepare(self, reference, person, number):
        super().prepare(reference, person)
        self.marker = marker_at(self.person, number, self.user)
        if self.marker is None:
            raise Http404
        if self.marker.ended_at is not None:
            raise AlreadyMoved(
                reference=self.referral.reference,
                state="Ended",
                who=self.marker.ended_by.name,
                when=self.marker.ended_at,
                verb=self.looked_at_as,
            )

    def get_title(self):
        return f"{self.verb_in_words}: {kind_in_words(self.marker.kind)}"

    @property
    def lead(self):
        return f"It is on {self.person.known_as} because: {self.marker.reason}"

    def submit(self, form):
        self.service(
            self.referral.reference,
            actor=self.user,
            person=self.person.reference,
            number=self.marker.number,
            **form.cleaned_data,
        )
        return self.url


class ConfirmMarker(OneMarker):
    form_class = ConfirmMarkerForm
    looked_at_as = "confirm_marker"
    verb_in_words = "Confirm this marker"
    done = "Saved."
    service = staticmethod(markers.confirm_marker)

    def refuse_strangers(self):
        """Whose it is to confirm is asked of the marker."""

    def prepare(self, reference, person, number):
        super().prepare(reference, person, number)
        if not self.marker.awaits_confirmation:
            raise AlreadyMoved(
                reference=self.referral.reference,
                state="Confirmed",
                who=self.marker.confirmed_by.name,
                when=self.marker.confirmed_at,
                verb=self.looked_at_as,
            )
        if not markers.may_confirm(self.marker, self.home, self.user):
            raise Denied(record=self.record, verb=self.looked_at_as)


class TellMarker(OneMarker):
    form_class = TellMarkerForm
    looked_at_as = "tell_marker"
    verb_in_words = "Record who was told later"
    done = "It is recorded."
    service = staticmethod(markers.tell_marker)

    def prepare(self, reference, person, number):
        super().prepare(reference, person, number)
        self.not_told = self.marker.not_told()
        if not self.not_told:
            markers.refuse_told(self.marker, self.referral.reference)

    def form_kwargs(self):
        return {"who": self.not_told}


class Versioned(OneMarker):
    def initial(self):
        return {"version": self.marker.version}


class ReviewMarker(Versioned):
    form_class = ReviewMarkerForm
    looked_at_as = "review_marker"
    verb_in_words = "Look at this marker again"
    done = "The marker stays."
    service = staticmethod(markers.review_marker)


class EndMarker(Versioned):
    form_class = EndMarkerForm
    looked_at_as = "end_marker"
    verb_in_words = "End this marker"
    done = "The marker has ended."
    service = staticmethod(markers.end_marker)
