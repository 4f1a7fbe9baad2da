"""Bases of a mapping meeting's pages: its frame, and a page for every deed.

Too early or too late is 409, no right to it 403, a meeting or a person the reader may not open 404.
"""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse

from hsb.core import access, door
from hsb.core.pages import FormPage, Page, Refusing, find
from hsb.core.refusals import AlreadyMoved, Denied
from panels import permissions
from panels.models import MappingMeeting
from panels.selectors import mapping_deeds as deeds
from panels.selectors.mapping import mapping_frame
from panels.selectors.mapping_content import BESIDE
from panels.selectors.mapping_reading import MapReading, reads_whole
from panels.states import MAPPABLE, MappingState


class InMapping:
    """Gets the meeting the URL names, through `visible_to`, and draws its frame around the page."""

    def prepare(self, reference, **kwargs):
        self.meeting = find(MappingMeeting, reference, self.user, beside=BESIDE.columns, rights=reads_whole)
        self.record = self.meeting.record
        self.reading = MapReading(self.meeting, self.user)

    def context(self):
        return {**super().context(), "meeting": mapping_frame(self.reading, here=self.request.path)}

    @property
    def meeting_url(self):
        return reverse("panels:mapping", args=[self.meeting.reference])

    @property
    def subject_url(self):
        return self.meeting_url

    @property
    def state_in_words(self):
        return self.meeting.state_in_words


class MappingPage(InMapping, Page):
    """A page that shows."""


class MappingFormPage(Refusing, InMapping, FormPage):
    """A page that asks, inside the meeting's frame."""

    template_name = "strategy_meetings/form.html"
    lead = ""
    warning = ""
    police_advice = ()
    back_text = "Back to the mapping meeting"

    @property
    def back_url(self):
        return self.meeting_url

    def after(self, done):
        """Says what was done, and gives where to go: the meeting, or the list where the reader no longer opens it."""
        messages.success(self.request, done)
        if access.opens(self.user, self.meeting):
            return self.meeting_url
        return reverse("panels:mapping_list")


class MappingDeedPage(MappingFormPage):
    """A deed of selectors.mapping_deeds.DEEDS: override `submit(form)`."""

    deed = ""

    @property
    def looked_at_as(self):
        return self.deed

    def prepare(self, **kwargs):
        super().prepare(reference=kwargs["reference"])
        self.standing = deeds.standing(self.meeting, self.user, self.deed)
        if not self.standing.in_time:
            self.refuse_as_moved()
        if not self.standing.allowed:
            raise Denied(record=self.record, verb=self.deed)

    def get(self, request, *args, **kwargs):
        if self.standing.unmet:
            return self.show(status=409, form=None)
        return super().get(request, *args, **kwargs)


class VersionedDeedPage(MappingDeedPage):
    """A deed that edits or moves the meeting itself."""

    def initial(self):
        return {**super().initial(), "version": self.meeting.version}


def refuse_as_taken_out(page):
    raise AlreadyMoved(
        reference=page.meeting.reference,
        state="Taken out of the map",
        verb=page.looked_at_as,
        **door.last_moved(page.record),
    )


class OnTheMap(MappingFormPage):
    """A page about one node, link or action of a map that can change; `states` are those in which it can."""

    states = MAPPABLE

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        if not permissions.can_map(self.meeting, self.user):
            raise Denied(record=self.record, verb=self.looked_at_as)
        if self.meeting.state not in self.states:
            self.refuse_as_moved()
        self.find(number)

    def find(self, number):
        """Sets what the page is about; calls `hide` where the reader may not read it, or it is not there."""

    def hide(self, there, gone=None):
        """404; 409 where it was the reader's to read and somebody took it out meanwhile (`gone`): what was typed on its
        page is not lost."""
        if gone is not None:
            refuse_as_taken_out(self)
        if there:
            access.refused(self.user, self.record, "page")
        raise Http404


class AboutPerson(OnTheMap):
    """A page about what is agreed for a person: once the meeting was held, by who reads whom it is about."""

    states = (MappingState.HELD,)
    looked_at_as = "mapping_agreement"

    def find(self, number):
        self.node = self.reading.node(number)
        if self.node is None or not self.node.is_person or not self.node.shown:
            gone = self.reading.node_taken_out(number)
            self.hide(there=self.node is not None, gone=gone if gone is not None and gone.is_person else None)

    def look(self):
        """Reading what is agreed for a child is reading the child's record: it stands on both."""
        held = self.reading.held.get(self.node.person)
        access.look_at_each(self.user, [self.record, *([held.record] if held else [])], self.looked_at_as)
