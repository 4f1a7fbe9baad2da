"""What a meeting agreed for a child: actions, immediate action, the section 47 enquiry and its conference."""

from django.http import Http404

from hsb.core.models import Action
from hsb.core.refusals import Denied
from hsb.core.timescales import timescale
from referrals import permissions
from referrals.forms.agreed import NOT_NEEDED, ActionForm, ConcludeSection47Form, DoneForm, ReportSection47Form
from referrals.models import Section47
from referrals.selectors import beside
from referrals.selectors.overview import done_by
from referrals.services import agreed, section47
from referrals.views.verb import VerbPage


class OnEnquiry(VerbPage):
    """A page about the enquiry that is open, with what was reported on it; its version is the enquiry's own.

    What was typed about an enquiry that has ended is never written on the next one.
    """

    template_name = "referrals/verbs/enquiry.html"

    @property
    def enquiry(self):
        return self.reading.section_47

    def initial(self):
        return {**super().initial(), "version": self.enquiry.version, "enquiry": self.enquiry.reference}

    def context(self):
        return {**super().context(), "enquiry": beside.section_47_note(self.enquiry)}

    def takes_up(self, draft):
        return draft.data.get("enquiry") == [self.enquiry.reference]

    def submit(self, form):
        if form.cleaned_data.pop("enquiry") != self.enquiry.reference:
            self.refuse_as_moved()
        self.write(form.cleaned_data)
        return self.after(self.done)

    def write(self, answers):
        """The one call of a service."""
        raise NotImplementedError

    def conflicts(self, form, refusal):
        """What was reported meanwhile, above what was typed."""
        note = beside.section_47_note(Section47.at(self.enquiry.reference).get())
        reported = [
            {"label": part["summary"], "name": "reported", "theirs": part["text"], "yours": ""}
            for part in note["texts"]
        ]
        return [*reported, *super().conflicts(form, refusal)]


class ReportSection47(OnEnquiry):
    form_class = ReportSection47Form
    deed = "report_section_47"
    title = "Report on the section 47 enquiry"
    lead = "A manager of your team reads it and concludes the enquiry."
    done = "Your report is kept. The managers of the team are asked to conclude the enquiry."

    def write(self, answers):
        section47.report_section_47(self.enquiry.reference, actor=self.user, **answers)


class ConcludeSection47(OnEnquiry):
    form_class = ConcludeSection47Form
    deed = "conclude_section_47"
    title = "Conclude the section 47 enquiry"
    done = "The section 47 enquiry is concluded."

    def write(self, answers):
        section47.conclude_section_47(self.enquiry.reference, actor=self.user, **answers)


class Conference(VerbPage):
    form_class = DoneForm
    deed = "conference"
    title = "Record the initial child protection conference"

    def submit(self, form):
        agreed.hold_conference(self.referral.reference, actor=self.user, **form.cleaned_data)
        return self.after("Recorded: the conference was held.")


class AgreedPage(VerbPage):
    """Something that a meeting agreed, told apart from others of its kind by its address."""

    form_class = DoneForm

    def prepare(self, reference, **named):
        super(VerbPage, self).prepare(reference)
        self.find(**named)
        if not self.is_owed():
            self.refuse_as_moved()
        if not self.may():
            raise Denied(record=self.record, verb=self.deed)
        self.standing = None

    def initial(self):
        return {}

    def get(self, request, *args, **kwargs):
        return super(VerbPage, self).get(request, *args, **kwargs)


class DoAction(AgreedPage):
    form_class = ActionForm
    deed = "action"
    title = "Record what became of an agreed action"

    def find(self, source, number):
        found = Action.objects.filter(record=self.record, source__reference=source, number=number)
        self.action = found.select_related("owner", "source", "record").first()
        if self.action is None:
            raise Http404
        self.lead = f"{self.action.what.rstrip('.')}: {done_by(self.action)}."

    def is_owed(self):
        return agreed.is_asked_for(self.action)

    def may(self):
        return permissions.can_do_action(self.referral, self.user, self.action)

    def form_kwargs(self):
        return {"may_end": permissions.can_end_action(self.referral, self.user)}

    def submit(self, form):
        typed = form.cleaned_data
        about = {"actor": self.user, "source": self.action.source.reference, "number": self.action.number}
        if typed.get("became") == NOT_NEEDED:
            agreed.end_action(self.referral.reference, reason=typed["not_needed_reason"], **about)
            return self.after("Recorded: the action is no longer needed.")
        agreed.finish_action(self.referral.reference, done_on=typed["done_on"], outcome=typed["outcome"], **about)
        return self.after("Recorded: the action is done.")


class ImmediateAction(AgreedPage):
    deed = "immediate_action"
    title = timescale("immediate_action").title

    def find(self, about):
        self.about = about

    def is_owed(self):
        return self.record.tasks.open().filter(kind="immediate_action", about=self.about).exists()

    def may(self):
        return permissions.can_work(self.referral, self.user)

    def submit(self, form):
        agreed.take_immediate_action(self.referral.reference, actor=self.user, about=self.about, **form.cleaned_data)
        return self.after("Recorded: the immediate action is taken.")
