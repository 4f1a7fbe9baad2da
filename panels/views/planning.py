"""Before the panel: planned, arranged, compiled, published, sent round, postponed, cancelled; who is asked."""

from functools import cached_property

from django.contrib import messages
from django.http import Http404

from hsb.core import clock, words
from hsb.core.pages import FormPage
from panels.forms.panels import (
    AddPanelSeatForm,
    ArrangePanelForm,
    CirculateForm,
    CirculateMinutesForm,
    CompileForm,
    EditPanelSeatForm,
    MoveForm,
    PanelWhyForm,
    PaperForm,
    PlanPanelForm,
    ResumeForm,
)
from panels.selectors.agenda import RULE
from panels.selectors.panel import panel_url, still_collected
from panels.selectors.rounds import Round, seats_left
from panels.services import agenda, papers, planning, rounds
from panels.states import AGENDA_PAPERS, MINUTES_PAPERS, OUTCOMES_STAND, PanelState
from panels.views.bases import ItemFormPage, PanelDeedPage, PanelVerb


class PlanPanel(FormPage):
    form_class = PlanPanelForm
    template_name = "panels/plan.html"
    title = "Plan a panel"

    def submit(self, form):
        typed = form.cleaned_data
        panel = planning.plan(
            actor=self.user,
            once=typed["once"],
            planned_on=typed["planned_on"],
            cut_off_at=typed["cut_off_at"],
            place=typed["place"],
            authority_chair=typed["authority_chair"],
            police_chair=typed["police_chair"],
        )
        self.done = "The panel is planned."
        return panel_url(panel.reference)


class Arrange(PanelDeedPage):
    form_class = ArrangePanelForm
    deed = "arrange"
    title = "Set the day, cut-off, place and chairs"

    def initial(self):
        names = ("planned_on", "cut_off_at", "place", "authority_chair", "police_chair")
        return {**super().initial(), **{name: getattr(self.panel, name) for name in names}}

    def submit(self, form):
        planning.arrange(self.panel.reference, actor=self.user, **form.cleaned_data)
        return self.after("The panel is set.")


class Collect(PanelVerb):
    deed = "collect"
    title = "Begin to collect forms"
    lead = "What is accepted goes on this panel's agenda. At the cut-off it is compiled by itself."
    service = staticmethod(planning.collect)
    said = "The panel collects forms now."


class Compile(PanelDeedPage):
    form_class = CompileForm
    deed = "compile"

    def get_title(self):
        late = self.panel.state == PanelState.PUBLISHED
        return "Add what came late as an addendum" if late else "Compile the agenda"

    @property
    def lead(self):
        if self.panel.state == PanelState.PUBLISHED:
            return "The agenda is frozen. What was accepted since makes an addendum, published at once."
        return f"From every accepted form, by subject. {RULE}"

    def submit(self, form):
        made = agenda.compile_agenda(self.panel.reference, actor=self.user)
        said = f"version {made.version}, {made.sha256[:12]}"
        return self.after(f"Compiled: {said}." if made.new else f"Nothing is new: {said} stands.")


class Publish(PanelVerb):
    deed = "publish"
    title = "Publish the agenda"
    warning = "A published agenda can no longer be changed. What comes late makes an addendum."
    service = staticmethod(planning.publish)

    @property
    def lead(self):
        done = "It is compiled once more, frozen and numbered, and its papers are made."
        return f"{done} {still_collected(self.panel)}".strip()

    said = "The agenda is published. Send it round next."


class Circulate(PanelDeedPage):
    """Who gets which paper, who was told when; whoever has an account gets a message with this round."""

    form_class = CirculateForm
    template_name = "panels/round.html"
    deed = "circulate"
    title = "Send the agenda round"
    lead = (
        "Whoever has an account gets a message with the reference and a link. The agenda itself goes to nobody by mail."
    )
    minutes = False

    def initial(self):
        return {}

    def to_tell(self):
        return self.panel.seats_to_tell()

    @cached_property
    def round(self):
        return Round(self.reading, minutes=self.minutes)

    def form_kwargs(self):
        return {"named": seats_left(self.to_tell())}

    def context(self):
        return {**super().context(), "round": self.round.page()}

    def send(self, told, typed):
        return rounds.circulate_agenda(self.panel.reference, actor=self.user, told=told, reason=typed["reason"])

    def submit(self, form):
        number = self.send({int(number) for number in form.cleaned_data.get("told") or ()}, form.cleaned_data)
        left = len(self.to_tell())
        still = f" Still to be told: {words.count(left, 'seat')}." if left else ""
        return self.after(f"Told with this round: {words.count(number, 'seat') if number else 'nobody new'}.{still}")


class CirculateMinutes(Circulate):
    """The same of the minutes; and which agencies were told of their actions."""

    form_class = CirculateMinutesForm
    deed = "circulate_minutes"
    title = "Send the minutes round"
    lead = "Whoever has an account gets a message with the reference and a link. The minutes go to nobody by mail."
    minutes = True

    def initial(self):
        return {"told_on": clock.today()}

    def to_tell(self):
        return self.panel.seats_to_tell_of_minutes()

    def form_kwargs(self):
        return {**super().form_kwargs(), "agencies": self.round.agencies_left()}

    def send(self, told, typed):
        return rounds.circulate_minutes(
            self.panel.reference,
            actor=self.user,
            told=told,
            agencies=typed.get("agencies") or (),
            told_on=typed.get("told_on"),
            told_how=typed.get("told_how", ""),
            reason=typed["reason"],
        )


class MakePaper(PanelDeedPage):
    form_class = PaperForm
    deed = "make_paper"
    title = "Make a paper"
    lead = (
        "The police's has every entry; the others' nothing that is for the police only. Minutes have nothing that is "
    )
    lead += "not for minutes."

    def initial(self):
        return {}

    def form_kwargs(self):
        minutes = self.panel.state in OUTCOMES_STAND
        return {"kinds": AGENDA_PAPERS + (MINUTES_PAPERS if minutes else ())}

    def submit(self, form):
        papers.make_paper(self.panel.reference, actor=self.user, kind=form.cleaned_data["kind"])
        return self.after("The paper is made.")


class Postpone(PanelDeedPage):
    form_class = PanelWhyForm
    deed = "postpone"
    title = "Postpone the panel"
    lead = "What is on its agenda stays. Set its new day as soon as it is known."

    def submit(self, form):
        planning.postpone(self.panel.reference, actor=self.user, **form.cleaned_data)
        return self.after("The panel is postponed.")


class Resume(PanelDeedPage):
    form_class = ResumeForm
    deed = "resume"
    title = "Set a new day"
    lead = "The panel goes on where it was."

    def submit(self, form):
        planning.resume(self.panel.reference, actor=self.user, **form.cleaned_data)
        return self.after("The panel has a new day.")


class Cancel(PanelDeedPage):
    form_class = PanelWhyForm
    deed = "cancel"
    title = "Cancel the panel"
    warning = "A cancelled panel stays cancelled. What was on its agenda is on the next one."

    def submit(self, form):
        planning.cancel(self.panel.reference, actor=self.user, **form.cleaned_data)
        return self.after("The panel is cancelled.")


class SeatPage(PanelDeedPage):
    deed = "add_seat"
    seat = None

    def submit(self, form):
        typed = dict(form.cleaned_data)
        if typed["user"] is not None:
            typed["name"] = ""
        number = self.seat.number if self.seat is not None else None
        planning.save_seat(self.panel.reference, actor=self.user, number=number, **typed)
        return self.after("Saved.")


class AddSeat(SeatPage):
    form_class = AddPanelSeatForm
    title = "Ask somebody to the panel"

    def initial(self):
        return {}


class EditSeat(SeatPage):
    form_class = EditPanelSeatForm
    title = "Somebody asked to the panel"

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        self.seat = next((seat for seat in self.panel.seated() if seat.number == number), None)
        if self.seat is None:
            raise Http404

    def initial(self):
        names = ("role", "agency", "user", "name", "state", "version")
        return {name: getattr(self.seat, name) for name in names}


class MoveItem(ItemFormPage):
    form_class = MoveForm
    looked_at_as = "panel_move"
    title = "Move the item"
    lead = RULE
    states = (PanelState.COLLECTING,)
    written_over = "moved_reason"

    def initial(self):
        return {
            "to": self.item.moved_to or self.item.position,
            "reason": self.item.moved_reason,
            "version": self.item.version,
        }

    def submit(self, form):
        agenda.move_item(self.panel.reference, self.item.number, actor=self.user, **form.cleaned_data)
        messages.success(self.request, "The item is moved.")
        return self.panel_url
