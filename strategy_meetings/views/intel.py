"""The intel form: begun, written entry by entry, submitted, answered. Read by its own readers, never through a file."""

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from hsb.core import access
from hsb.core.forms import PersonSearchForm
from hsb.core.pages import FormPage, Page, Refusing, find
from hsb.core.refusals import Denied
from referrals.selectors.found import found_persons
from referrals.selectors.people import SEARCHERS
from strategy_meetings import permissions
from strategy_meetings.forms.intel import (
    NOT_NAMED,
    BeginForChildForm,
    BeginForm,
    ChangeEntryForm,
    DropEntryForm,
    GoOnForm,
    HarmedForm,
    LocationForm,
    PersonForm,
    ThemeForm,
    WithdrawForm,
    WriteForm,
)
from strategy_meetings.forms.planning import ConfirmForm
from strategy_meetings.hiding import ANOTHER_CHILD, ANOTHER_PERSON, hider
from strategy_meetings.models import IntelForm
from strategy_meetings.selectors import intel as selectors
from strategy_meetings.selectors import intel_deeds as deeds
from strategy_meetings.selectors import intel_pages as pages
from strategy_meetings.services import intel
from strategy_meetings.states import INTEL_WRITABLE, EntryKind, IntelAnswer
from strategy_meetings.views.bases import AboutReferral, MeetingFormPage


def goes_to(form):
    return reverse("strategy_meetings:intel", args=[form.reference])


# --- Begun ------------------------------------------------------------------------------------------------------------


class BeginFromMeeting(MeetingFormPage):
    """A held meeting's form: the children are chosen by tick; the one that is begun already is gone on with."""

    form_class = BeginForm
    looked_at_as = "begin_intel"
    lead = "What is known already is put in. You add to it, and submit it to the panel when it is complete."

    def prepare(self, reference):
        super().prepare(reference=reference)
        if not permissions.can_begin_intel(self.meeting, self.user):
            raise Denied(record=self.record, verb="begin_intel")
        if not selectors.can_tell(self.meeting):
            self.refuse_as_moved()
        self.standing = selectors.standing_for(self.reading)
        self.missing = self._missing()

    def _missing(self):
        """The children who can be chosen: of those whom the reader may open, who is not in the form that stands."""
        known = set(self.standing.children.values_list("person", flat=True)) if self.standing else set()
        return [
            child for child in self.reading.taking_part if self.reading.opens(child) and child.person_id not in known
        ]

    @property
    def goes_on(self):
        return self.standing is not None and (self.standing.state in INTEL_WRITABLE or not self.missing)

    def get_title(self):
        return "Go on with the intel form" if self.goes_on else "Begin the intel form"

    def form_kwargs(self):
        asked = [(child.number, child.person.known_as, _waits(child)) for child in self.missing]
        return {"children": asked, "goes_on": self.goes_on}

    def get(self, request, *args, **kwargs):
        if self.standing is not None and not self.missing and permissions.can_write_intel(self.standing, self.user):
            return HttpResponseRedirect(goes_to(self.standing))
        return super().get(request, *args, **kwargs)

    def submit(self, form):
        done = intel.begin_from_meeting(
            self.meeting.reference, actor=self.user, once=form.cleaned_data["once"], numbers=form.numbers()
        )
        return goes_to(done)


def _waits(child):
    return child.intel == IntelAnswer.NEEDED and child.intel_done_on is None


class BeginForChild(AboutReferral):
    """A form about one child, without a meeting: whoever works with the child confirms it."""

    form_class = BeginForChildForm
    title = "Begin an intel form"
    lead = (
        "An intel form tells the panel what is known about who was harmed, persons of concern, locations and themes. "
        "What is known already is put in. A case is discussed in a strategy meeting first: where one was held, its "
        "chair or minute taker begins the form there."
    )
    looked_at_as = verb = "begin_intel"

    def prepare(self, reference):
        super().prepare(reference=reference)
        self.left = selectors.left_behind(self.record, self.user)
        if self.left is not None:
            self.form_class, self.title = GoOnForm, "Go on with the intel form"
            author = self.left.author
            why = "works elsewhere now" if author.is_active else "has left"
            self.lead = f"{author.name} began it, and {why}. You go on with it, and read all that it says."

    def may(self):
        return permissions.can_begin_intel_for(self.referral, self.user)

    def waits(self):
        return self.referral.is_open

    def get(self, request, *args, **kwargs):
        standing = selectors.in_writing(self.record, self.user)
        if standing is not None:
            return HttpResponseRedirect(goes_to(standing))
        return super().get(request, *args, **kwargs)

    def submit(self, form):
        typed = form.cleaned_data
        done = intel.begin_from_referral(
            self.referral.reference, actor=self.user, once=typed["once"], criteria=typed.get("criteria", ())
        )
        return goes_to(done)


# --- The form, to read ------------------------------------------------------------------------------------------------


class IntelForms(Page):
    """The reader's own forms, and those of others that they may open."""

    template_name = "strategy_meetings/intel/list.html"
    title = "Intel forms"

    def context(self):
        return pages.intel_page(self.user)


class InIntel:
    """Gets the form the URL names, through `visible_to`, and draws its frame around the page."""

    looked_at_as = "intel"

    def prepare(self, reference, **kwargs):
        self.intel = find(IntelForm, reference, self.user, beside=deeds.BESIDE.columns)
        self.record = self.intel.record
        self.reading = selectors.IntelReading(self.intel, self.user)
        if self.request.method == "GET":
            self.reading.show()
        self.intel_url = goes_to(self.intel)

    def look(self):
        """On the form's record, and on that of everybody whom it shows."""
        access.look_at_each(self.user, self.reading.records_shown(), self.looked_at_as)

    def context(self):
        return {**super().context(), "intel": pages.form_frame(self.reading, here=self.request.path)}

    def hide(self):
        """A function of a text: the names of others' children are words in it (B7)."""
        hidden = [(each, ANOTHER_PERSON if each.is_adult else ANOTHER_CHILD) for each in self.reading.hidden_persons()]
        return hider(hidden, keep=self.reading.own_persons()) if hidden else str


class Intel(InIntel, Page):
    template_name = "strategy_meetings/intel/intel.html"
    title = "Intel form"

    def context(self):
        return {**super().context(), "overview": pages.overview(self.reading, self.hide())}


# --- Written ----------------------------------------------------------------------------------------------------------


class IntelDeedPage(Refusing, InIntel, FormPage):
    """A deed of selectors.intel_deeds.DEEDS: override `submit(form)`."""

    template_name = "strategy_meetings/intel/form.html"
    deed = ""
    lead = ""
    warning = ""

    @property
    def subject_url(self):
        """Where a refusal leads back to."""
        return self.intel_url

    @property
    def looked_at_as(self):
        return self.deed

    def prepare(self, reference, **kwargs):
        super().prepare(reference=reference)
        self.standing = deeds.standing(self.intel, self.user, self.deed)
        if not self.standing.in_time:
            self.refuse_as_moved()
        if not self.standing.allowed:
            raise Denied(record=self.record, verb=self.deed)

    @property
    def state_in_words(self):
        return self.intel.state_in_words

    def get(self, request, *args, **kwargs):
        if self.standing.unmet:
            return self.show(status=409, form=None)
        return super().get(request, *args, **kwargs)

    def after(self, done):
        self.done = done
        return self.intel_url


class WriteIntel(IntelDeedPage):
    form_class = WriteForm
    deed = "write_intel"
    title = "Why the panel should look at it"

    def initial(self):
        return {name: getattr(self.intel, name) for name in intel.WRITTEN} | {"version": self.intel.version}

    def submit(self, form):
        typed = dict(form.cleaned_data)
        version = typed.pop("version")
        intel.write(self.intel.reference, actor=self.user, answers=typed, version=version)
        return self.after("Saved.")


class AddEntry(IntelDeedPage):
    """One more entry; `kind` is of EntryKind."""

    done = "Added to the intel form."

    def submit(self, form):
        self.add(form, actor=self.user, once=form.cleaned_data["once"])
        return self.intel_url


class AddSomebody(AddEntry):
    """Chosen among the form's children and the people of its source; and among whom the writer's own search found."""

    template_name = "strategy_meetings/intel/somebody.html"
    found = None
    # Whether the form asks of somebody who was harmed whether they are a person of concern too.
    asks_whether_both = False

    def form_kwargs(self):
        self.offered = selectors.Offered(self.intel, self.user, self.found, parts=self.asks_whether_both)
        self.people = {str(person.pk): person for person, _ in self.offered.people}
        return {"people": [(str(person.pk), person.known_as, hint) for person, hint in self.offered.people]}

    def context(self):
        searches = self.user.has_role(*SEARCHERS)
        url = reverse(f"strategy_meetings:{self.deed.replace('add', 'search')}", args=[self.intel.reference])
        return {**super().context(), "found": self.found, "search_url": url if searches else ""}


class AddHarmed(AddSomebody):
    form_class = HarmedForm
    deed = "add_intel_harmed"
    title = "Add a child who was harmed"

    def add(self, form, **by):
        who = self.people[form.cleaned_data["who"]]
        intel.add_entry(self.intel.reference, entry=intel.Entry(kind=EntryKind.VICTIM, person=who, **form.said()), **by)


class AddPerson(AddSomebody):
    form_class = PersonForm
    deed = "add_intel_person"
    title = "Add a person of concern"
    lead = "A child here is a child of concern: what matters is what happened, and what keeps everybody safe."
    asks_whether_both = True

    def form_kwargs(self):
        asked = super().form_kwargs()
        return {**asked, "harmed": {str(pk) for pk in self.offered.harmed_alone()}}

    def add(self, form, **by):
        who = form.cleaned_data["who"]
        about = {"described": form.cleaned_data["described"]} if who == NOT_NAMED else {"person": self.people[who]}
        intel.add_entry(self.intel.reference, entry=intel.Entry(kind=EntryKind.PERSON, **about, **form.said()), **by)


class AfterSearch:
    """The same page with what the writer's own search found, beside who is offered anyhow."""

    def prepare(self, reference, search):
        super().prepare(reference=reference)
        self.found = found_persons(self.user, search)
        if self.found is None:
            if self.request.method != "POST":
                raise Http404
            # Too old by now: who is chosen from it is refused on the page, and nothing typed is lost.
            self.found = {"said": "", "rows": [], "masked": ""}


class FoundHarmed(AfterSearch, AddHarmed):
    pass


class FoundPerson(AfterSearch, AddPerson):
    pass


class SearchPerson(IntelDeedPage):
    """Somebody we know who is not in the form's source: looked for before described (B8)."""

    form_class = PersonSearchForm
    deed = "add_intel_person"
    title = "Look whether we know the person"
    lead = "Enter what you know: one of these is enough. What you search for is recorded."

    def submit(self, form):
        kept = intel.search(self.intel.reference, actor=self.user, terms=form.terms())
        return reverse(f"strategy_meetings:{self.deed.replace('add', 'found')}", args=[self.intel.reference, kept])


class SearchHarmed(SearchPerson):
    deed = "add_intel_harmed"


class AddLocation(AddEntry):
    form_class = LocationForm
    deed = "add_intel_location"
    title = "Add a location"

    def add(self, form, **by):
        names = ("place_kind", "name", "postcode")
        about = {name: form.cleaned_data[name] for name in names}
        intel.add_location(self.intel.reference, **about, **form.said(), **by)


class AddTheme(AddEntry):
    form_class = ThemeForm
    deed = "add_intel_theme"
    title = "Add a theme or group"

    def add(self, form, **by):
        about = {name: form.cleaned_data[name] for name in ("theme_kind", "name")}
        intel.add_theme(self.intel.reference, **about, **form.said(), **by)


class OneEntry(IntelDeedPage):
    """A page about one entry that stands, while the form can be written."""

    deed = "write_intel"

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        self.entry = next((each for each in self.reading.entries() if each.number == number), None)
        if self.entry is None:
            self._say_it_is_out(number)

    def _say_it_is_out(self, number):
        """A colleague took it out while this page was open: what was typed stays in view. 404 for what never stood."""
        out = self.intel.entries.filter(number=number, dropped_at__isnull=False)
        if self.request.method == "POST" and self.reading.whole and out.exists():
            self.refuse_as_moved()
        raise Http404


class ChangeEntry(OneEntry):
    form_class = ChangeEntryForm

    def get_title(self):
        return f"Change what is known: {pages.subject_called(self.entry)}"

    def initial(self):
        names = ("text", "said_by", "said_on", "reliability", "handling", "version")
        return {name: getattr(self.entry, name) for name in names}

    def submit(self, form):
        intel.change_entry(
            self.intel.reference,
            self.entry.number,
            actor=self.user,
            entry=intel.Entry(kind=self.entry.kind, **form.said()),
            version=form.cleaned_data["version"],
        )
        return self.after("Saved.")


class DropEntry(OneEntry):
    form_class = DropEntryForm

    def get_title(self):
        return f"Take out: {pages.subject_called(self.entry)}"

    def initial(self):
        return {"version": self.entry.version}

    def submit(self, form):
        intel.drop_entry(self.intel.reference, self.entry.number, actor=self.user, **form.cleaned_data)
        return self.after("Taken out.")


# --- Submitted, and answered ------------------------------------------------------------------------------------------


class ConfirmIntel(IntelDeedPage):
    """A deed that its button alone asks."""

    form_class = ConfirmForm

    def initial(self):
        return {"version": self.intel.version}

    def blank_form(self):
        return self._named(super().blank_form())

    def bound_form(self, data, files=None):
        return self._named(super().bound_form(data, files))

    def _named(self, form):
        form.submit = self.button
        return form


class SubmitIntel(ConfirmIntel):
    deed = "submit_intel"
    title = "Submit it to the panel"
    button = "Submit it to the panel"
    lead = (
        "The panel's coordinators read everything that it says, with what stands on each child's record: category, "
        "tier, the last strategy meeting. They do not open the children's files."
    )
    warning = "From then on it can no longer be changed. You can withdraw it until the panel has accepted it."

    def get(self, request, *args, **kwargs):
        """What is missing is no refusal: it is what its writer comes to read."""
        return self.show(form=None) if self.standing.unmet else super().get(request, *args, **kwargs)

    def initial(self):
        return {"version": intel.shown_for_submitting(self.intel)}

    def submit(self, form):
        intel.submit(self.intel.reference, actor=self.user, shown=form.cleaned_data["version"])
        return self.after("It is submitted. You are told under My work what the panel answers.")


class LetPanelRead(ConfirmIntel):
    deed = "let_panel_read"
    title = "Let the panel's coordinators read it"
    button = "Let them read it"
    lead = (
        "A record in this form was restricted after it was submitted. Who coordinates the panel today is named on the "
        "form, and reads everything that it says. They do not open the children's files."
    )

    def submit(self, form):
        intel.let_panel_read(self.intel.reference, actor=self.user, version=form.cleaned_data["version"])
        return self.after("The panel's coordinators read it again.")


class WithdrawIntel(IntelDeedPage):
    form_class = WithdrawForm
    deed = "withdraw_intel"
    title = "Withdraw the intel form"
    warning = "A withdrawn form stays withdrawn, and the panel's coordinators open it no longer."

    def initial(self):
        return {"version": self.intel.version}

    def submit(self, form):
        typed = form.cleaned_data
        intel.withdraw(self.intel.reference, actor=self.user, reason=typed["reason"], version=typed["version"])
        return self.after("It is withdrawn.")


class ReadAnswer(ConfirmIntel):
    template_name = "strategy_meetings/intel/answer.html"
    deed = "read_intel_answer"
    title = "What the panel answered"
    button = "I have read the answer"

    def context(self):
        return {**super().context(), "answer": pages.answer_in_words(self.intel)}

    def submit(self, form):
        intel.read_answer(self.intel.reference, actor=self.user, version=form.cleaned_data["version"])
        return self.after("Recorded.")
