"""The meeting's documents: made for one recipient, listed, opened by who may read what is in them."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from hsb.core import access, document_store
from hsb.core.refusals import Denied
from hsb.core.states import AccessKind
from referrals.selectors.consent import beside
from referrals.selectors.held_back import persons_held_back
from referrals.selectors.police import advice_about
from referrals.states import SHARING
from strategy_meetings.forms.papers import OUT, PaperFateForm, PaperForm
from strategy_meetings.permissions import can_take_minutes
from strategy_meetings.selectors.papers import families_held_back, family_in_words, may_open, paper_rows
from strategy_meetings.services import papers
from strategy_meetings.states import MINUTES_CONFIRMED, PaperKind
from strategy_meetings.views.bases import MeetingDeedPage, MeetingFormPage, MeetingPage


class Papers(MeetingPage):
    template_name = "strategy_meetings/papers.html"
    title = "Documents of the meeting"
    looked_at_as = "meeting_papers"

    def context(self):
        return {
            **super().context(),
            "columns": ("Document", "For whom", "Made", "Went out"),
            "papers": paper_rows(self.reading),
        }


class MakePaper(MeetingDeedPage):
    form_class = PaperForm
    deed = "make_paper"
    title = "Make a document"
    lead = "A copy about one child has nothing of the other children in it. A family gets a letter, never the minutes."

    @property
    def police_advice(self):
        opened = [child.referral_id for child in self.reading.taking_part if self.reading.opens_referral(child)]
        return advice_about(self.meeting.concern, opened)

    def initial(self):
        return {}

    def form_kwargs(self):
        children = [(child.number, child.person.known_as) for child in self.reading.taking_part]
        held_back = persons_held_back([child.person_id for child in self.reading.taking_part])
        families = {
            child.number: " ".join(filter(None, [family_in_words(child), held_back.get(child.person_id, "")]))
            for child in self.reading.taking_part
        }
        return {
            "children": children,
            "confirmed": self.meeting.state in MINUTES_CONFIRMED,
            "families": {number: said for number, said in families.items() if said},
        }

    def submit(self, form):
        kind, number = form.chosen()
        papers.make_paper(
            self.meeting.reference,
            actor=self.user,
            once=form.cleaned_data["once"],
            kind=kind,
            number=number,
            recipient=form.cleaned_data["recipient"],
            contact=form.cleaned_data["contact"],
            greeting=form.cleaned_data["greeting"],
            own_words=form.cleaned_data["own_words"],
        )
        self.done = "The document is made. Read it before it goes out."
        return reverse("strategy_meetings:papers", args=[self.meeting.reference])


class RecordFate(MeetingFormPage):
    """How a document went out, or why it does not."""

    form_class = PaperFateForm
    looked_at_as = "make_paper"
    title = "Record how a document went out"
    back_text = "Back to the documents"

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        self.paper = next((each for each in self.meeting.documents() if each.number == number), None)
        if self.paper is None or not may_open(self.reading, self.paper):
            raise Http404
        if not can_take_minutes(self.meeting, self.user):
            raise Denied(record=self.record, verb="record_paper")
        if hasattr(self.paper, "fate"):
            self.refuse_as_moved()
        self.lead = f"{PaperKind(self.paper.kind).label}, for {self.paper.recipient}."
        if self.paper.kind == PaperKind.LETTER:
            # It may have been made before that was decided.
            self.warning = families_held_back(self.reading).get(self.paper.about, "")

    @property
    def back_url(self):
        return reverse("strategy_meetings:papers", args=[self.meeting.reference])

    @property
    def about(self):
        """The referral of the one child whom the document is about, where the reader may open it; else None."""
        children = [child for child in self.reading.taking_part if self.paper.about in ("", str(child.number))]
        if len(children) != 1 or not self.reading.opens_referral(children[0]):
            return None
        return children[0].referral

    def look(self):
        """What stands of the child's consent is read from the child's own record."""
        super().look()
        if self.about is not None:
            access.look(self.user, self.about.record, "consent")

    def form_kwargs(self):
        referral = self.about
        facts = beside([referral], self.user, purposes=SHARING).facts if referral is not None else ()
        return {"to_family": self.paper.kind == PaperKind.LETTER, "consent": facts}

    def submit(self, form):
        typed = form.cleaned_data
        out = typed["decision"] == OUT
        papers.record_fate(
            self.meeting.reference,
            self.paper.number,
            actor=self.user,
            on=typed["on"],
            how=typed["how"] if out else "",
            consent=typed["consent"] if out else "",
            reason="" if out else typed["reason"],
        )
        self.done = "Recorded."
        return self.back_url


class OpenPaper(MeetingPage):
    """The file itself, as it was made."""

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        self.paper = self.record.documents.filter(number=number).first()
        if self.paper is None or not may_open(self.reading, self.paper):
            if self.paper is not None:
                access.refused(self.user, self.record, "meeting_papers")
            raise Http404

    def look(self):
        """On the record of every child who is in it."""
        for record in (self.record, *self._records()):
            access.look(self.user, record, "meeting_papers", kind=AccessKind.DOCUMENT)

    def _records(self):
        children = self.reading.taking_part
        about = [child for child in children if self.paper.about in ("", str(child.number))]
        return [child.referral.record for child in about if child.referral_id]

    def get(self, request, *args, **kwargs):
        self.paper.record = self.record
        response = HttpResponse(document_store.content(self.paper), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{self.paper.reference}.pdf"'
        return response
