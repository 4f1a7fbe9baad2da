"""Pages that show: the coordinator's start page, the panel, one item; and a paper."""

from django.http import Http404, HttpResponse

from hsb.core import access, document_store
from hsb.core.pages import Page
from hsb.core.states import AccessKind
from panels.selectors import lists
from panels.selectors.panel import item_page, overview
from panels.selectors.papers import may_open_paper
from panels.views.bases import InItem, InPanel, PanelPage


class Start(Page):
    """The coordinator's start page: to sift, the next panel, what is late."""

    template_name = "panels/list.html"
    title = "Panel"

    def context(self):
        return lists.start_page(self.user)


class ShowPanel(PanelPage):
    template_name = "panels/panel.html"
    title = "MACE panel"
    looked_at_as = "panel"

    def context(self):
        return {**super().context(), "overview": overview(self.reading)}


class ShowItem(InItem, Page):
    template_name = "panels/item.html"
    looked_at_as = "panel_item"

    def get_title(self):
        return f"{self.item.shown_as}: {self.reading.called(self.item)}"

    def context(self):
        return {**super().context(), "item": item_page(self.item, self.reading)}


class OpenPaper(InPanel, Page):
    """The file itself, as it was made."""

    def prepare(self, reference, number):
        super().prepare(reference=reference)
        self.paper = self.record.documents.filter(number=number).select_related("panel_paper").first()
        if self.paper is None or not may_open_paper(self.reading, self.paper.panel_paper):
            if self.paper is not None:
                access.refused(self.user, self.record, "panel_paper")
            raise Http404

    def look(self):
        access.look(self.user, self.record, "panel_paper", kind=AccessKind.DOCUMENT)

    def get(self, request, *args, **kwargs):
        self.paper.record = self.record
        response = HttpResponse(document_store.content(self.paper), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{self.paper.reference}.pdf"'
        return response
