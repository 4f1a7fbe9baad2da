"""Bases of a meeting's pages: its frame, and a page for every deed, with a way back before anything is saved.

Too early or too late is 409, no right to it 403, a meeting or child the reader may not open 404: on GET as on POST.
"""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse

from hsb.core import access
from hsb.core.pages import FormPage, Page, Refusing, find
from hsb.core.refusals import Denied
from referrals.selectors.reading import Reading
from referrals.views.bases import CaseFormPage
from strategy_meetings import hiding
from strategy_meetings.forms.planning import ConfirmForm
from strategy_meetings.models import StrategyMeeting
from strategy_meetings.selectors import deeds
from strategy_meetings.selectors.meeting import meeting_frame
from strategy_meetings.selectors.reading import BESIDE, MeetingReading


class InMeeting:
    """Gets the meeting the URL names, through `visible_to`, and draws its frame around the page."""

    def prepare(self, reference, **kwargs):
        self.meeting = find(StrategyMeeting, reference, self.user, beside=BESIDE.columns)
        self.record = self.meeting.record
        self.reading = MeetingReading(self.meeting, self.user)
        if self.request.method == "GET":
            self.reading.show()

    def context(self):
        return {**super().context(), "meeting": meeting_frame(self.reading, here=self.request.path)}

    def as_read(self, shown):
        """What the page shows, without the names of those whom the reader may not open (B7)."""
        return hiding.masked(shown, hiding.for_a_reader(self.reading))

    @property
    def meeting_url(self):
        return reverse("strategy_meetings:meeting", args=[self.meeting.reference])

    @property
    def subject_url(self):
        return self.meeting_url

    @property
    def state_in_words(self):
        return self.meeting.state_in_words


class InChild(InMeeting):
    """One child's part of the meeting: 404 for whoever may not open it."""

    def prepare(self, reference, number, **kwargs):
        super().prepare(reference=reference)
        self.child = next((child for child in self.reading.taking_part if child.number == number), None)
        if self.child is None or not self.reading.opens(self.child):
            if self.child is not None:
                access.refused(self.user, self.record, "page")
            raise Http404

    def look(self):
        """Reading a child's part is reading the child's record: it stands on both."""
        if self.child.referral_id is None:
            super().look()
        elif self.looked_at_as:
            access.look_at_each(self.user, [self.record, self.child.referral.record], self.looked_at_as)

    @property
    def child_url(self):
        return reverse("strategy_meetings:child", args=[self.meeting.reference, self.child.number])


class MeetingPage(InMeeting, Page):
    """A page that shows."""


class MeetingFormPage(Refusing, InMeeting, FormPage):
    """A page that asks, inside the meeting's frame."""

    template_name = "strategy_meetings/form.html"
    lead = ""
    warning = ""
    police_advice = ()
    back_text = "Back to the meeting"

    @property
    def back_url(self):
        return self.meeting_url

    def after(self, done):
        """Says what was done, and gives where to go: the meeting, or the list where the reader no longer opens it."""
        messages.success(self.request, done)
        if access.opens(self.user, self.meeting):
            return self.meeting_url
        return reverse("strategy_meetings:list")


class MeetingDeedPage(MeetingFormPage):
    """A deed of selectors.deeds.DEEDS: override `submit(form)`."""

    deed = ""

    @property
    def looked_at_as(self):
        return self.deed

    def prepare(self, **kwargs):
        super().prepare(**kwargs)
        self.standing = deeds.standing(self.meeting, self.user, self.deed)
        if not self.standing.in_time:
            self.refuse_as_moved()
        if not self.standing.allowed:
            raise Denied(record=self.record, verb=self.deed)

    def initial(self):
        return {**super().initial(), "version": self.meeting.version}

    def get(self, request, *args, **kwargs):
        if self.standing.unmet:
            return self.show(status=409, form=None)
        return super().get(request, *args, **kwargs)


class Confirmed(MeetingDeedPage):
    """A verb that its button alone asks; `service` takes the reference, the actor and the version."""

    form_class = ConfirmForm
    service = None
    said = ""

    def blank_form(self):
        return self._named(super().blank_form())

    def bound_form(self, data, files=None):
        return self._named(super().bound_form(data, files))

    def _named(self, form):
        form.submit = self.title
        return form

    def submit(self, form):
        type(self).service(self.meeting.reference, actor=self.user, version=form.cleaned_data["version"])
        return self.after(self.said)


class ChildFormPage(Refusing, InChild, FormPage):
    """A page that asks about one child."""

    template_name = "strategy_meetings/form.html"
    lead = ""
    warning = ""
    police_advice = ()
    back_text = "Back to this child's part"

    @property
    def back_url(self):
        return self.child_url


class AboutReferral(Refusing, CaseFormPage):
    """A page about a meeting, inside one child's case: where no meeting is planned yet, or none has to be.

    Set `verb`, what the service calls the deed; override `may` and `waits`.
    """

    template_name = "strategy_meetings/case_form.html"
    tab = "meetings"
    lead = ""
    back_text = "Back to this child's meetings"
    verb = ""

    def prepare(self, reference):
        super().prepare(reference=reference)
        reading = Reading.of(self.referral, self.user)
        # They came with the referral: whoever asks for them finds them on it (models.Referral.known).
        _ = reading.meeting_decisions, reading.parts
        if not self.may():
            raise Denied(record=self.record, verb=self.verb)
        if not self.waits():
            self.refuse_as_moved()

    def may(self):
        """Whether the user may do it, for any child."""
        raise NotImplementedError

    def waits(self):
        """Whether it is to be done for this child now."""
        raise NotImplementedError

    @property
    def subject_url(self):
        return reverse("referrals:case", args=[self.referral.reference])

    @property
    def back_url(self):
        return reverse("strategy_meetings:of_referral", args=[self.referral.reference])

    @property
    def state_in_words(self):
        return self.referral.state_in_words
