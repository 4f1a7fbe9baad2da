"""Bases of a panel's pages: its frame, and a page for every deed.

Too early or too late is 409, no right to it 403, a panel or an item the reader may not open 404: on GET as on POST.
"""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse

from hsb.core import access
from hsb.core.pages import FormPage, Page, Refusing, find
from hsb.core.refusals import Denied
from panels.forms.panels import PanelVerbForm
from panels.models import Panel
from panels.permissions import can_coordinate
from panels.selectors import deeds
from panels.selectors.panel import panel_frame, panel_url
from panels.selectors.reading import PanelReading


class InPanel:
    """Gets the panel the URL names, through `visible_to`, and draws its frame around the page."""

    def prepare(self, reference, **kwargs):
        self.panel = find(Panel, reference, self.user)
        self.record = self.panel.record
        deeds.read_ahead(self.panel)

    @property
    def reading(self):
        if not hasattr(self, "_reading"):
            self._reading = PanelReading(self.panel, self.user)
        return self._reading

    def context(self):
        return {**super().context(), "panel": panel_frame(self.panel, self.user, here=self.request.path)}

    @property
    def panel_url(self):
        return panel_url(self.panel.reference)

    @property
    def subject_url(self):
        return self.panel_url

    @property
    def state_in_words(self):
        return self.panel.state_in_words


class InItem(InPanel):
    """One item of the agenda: 404 for whoever may not open it."""

    def prepare(self, reference, number, **kwargs):
        super().prepare(reference=reference)
        self.item = next((item for item in self.reading.items if item.number == number), None)
        if self.item is None or not self.reading.opens(self.item):
            if self.item is not None:
                access.refused(self.user, self.record, "page")
            raise Http404

    def look(self):
        """An item about somebody is read in the forms that it comes from: it stands on each of their records too."""
        if self.looked_at_as:
            forms = self.reading.entries(self.item) if self.item.person_id else ()
            records = [self.record, *(entry.form.record for entry in forms)]
            access.look_at_each(self.user, records, self.looked_at_as)

    @property
    def item_url(self):
        return reverse("panels:item", args=[self.panel.reference, self.item.number])


class PanelPage(InPanel, Page):
    """A page that shows."""


class PanelFormPage(Refusing, InPanel, FormPage):
    """A page that asks, inside the panel's frame; of coordinators alone."""

    template_name = "panels/form.html"
    lead = ""
    warning = ""
    # States in which it can be done; empty where the deed says so.
    states = ()

    def prepare(self, **kwargs):
        super().prepare(**kwargs)
        if not can_coordinate(self.panel, self.user):
            raise Denied(record=self.record, verb=self.looked_at_as)
        if self.states and self.panel.state not in self.states:
            self.refuse_as_moved()

    def after(self, done, url=""):
        """Says what was done, and gives where to go."""
        messages.success(self.request, done)
        return url or self.panel_url


class ItemFormPage(Refusing, InItem, FormPage):
    """A page that asks about one item; of coordinators alone."""

    template_name = "panels/form.html"
    lead = ""
    warning = ""
    states = ()
    # The text of the item that the page shows to be written anew: 404 where a name in it is not for the reader.
    written_over = ""
    # Whether it is about what was typed of the item: 404 where somebody whom that may be about is barred to the reader.
    of_what_was_typed = True

    def prepare(self, **kwargs):
        super().prepare(**kwargs)
        if not can_coordinate(self.panel, self.user):
            raise Denied(record=self.record, verb=self.looked_at_as)
        if self.panel.state not in self.states:
            self.refuse_as_moved()
        barred = self.of_what_was_typed and not self.reading.may_know_of(self.item)
        if barred or (self.written_over and self.reading.hides(getattr(self.item, self.written_over))):
            access.refused(self.user, self.record, "page")
            raise Http404

    def after(self, done):
        messages.success(self.request, done)
        return self.item_url


class PanelDeedPage(PanelFormPage):
    """A deed of selectors.deeds.DEEDS: override `submit(form)`."""

    deed = ""

    @property
    def looked_at_as(self):
        return f"panel_{self.deed}" if self.deed else ""

    def prepare(self, **kwargs):
        InPanel.prepare(self, **kwargs)
        self.standing = deeds.standing(self.panel, self.user, self.deed)
        if not can_coordinate(self.panel, self.user):
            raise Denied(record=self.record, verb=self.deed)
        if not self.standing.in_time:
            self.refuse_as_moved()
        if not self.standing.allowed:
            raise Denied(record=self.record, verb=self.deed)

    def initial(self):
        return {**super().initial(), "version": self.panel.version}

    def get(self, request, *args, **kwargs):
        if self.standing.unmet:
            return self.show(status=409, form=None)
        return super().get(request, *args, **kwargs)


class PanelVerb(PanelDeedPage):
    """A verb that its button alone asks; `service` takes the reference, the actor and the version."""

    form_class = PanelVerbForm
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
        type(self).service(self.panel.reference, actor=self.user, version=form.cleaned_data["version"])
        return self.after(self.said)
