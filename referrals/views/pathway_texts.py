"""The pathway's texts in the borough's own words: what stands, what was changed, and the page that changes one."""

from django.http import Http404
from django.utils.html import format_html

from hsb.core.pages import FormPage, Page
from hsb.people.views.bases import administration
from referrals import pathway
from referrals.forms.pathway_texts import OWN, PathwayTextForm
from referrals.selectors.pathway_texts import text_of, texts_of, url_of
from referrals.services import pathway_texts


class PathwayTexts(Page):
    template_name = "referrals/pathway_texts.html"
    title = "The pathway's texts"

    def prepare(self):
        try:
            self.texts = texts_of(self.request.GET.get("version") or pathway.current().version)
        except KeyError:
            raise Http404 from None

    def context(self):
        return administration("referrals:pathway_texts") | {"texts": self.texts}


class ChangePathwayText(FormPage):
    title = "Change a text of the pathway"
    form_class = PathwayTextForm
    done = "It was changed. Referrals that begin from now on show it; earlier ones keep the words they began with."

    def prepare(self, version, key):
        self.version, self.key = version, key
        try:
            self.standing = text_of(version, key)
        except KeyError:
            raise Http404 from None

    def form_kwargs(self):
        return {"beginning": str(self.standing["text"].text) if self.standing["changed"] else ""}

    def initial(self):
        return {"version": self.standing["number"], "text": self.standing["stands"], "what": OWN}

    def context(self):
        text = self.standing["text"]
        return {
            "caption": text.about,
            "lead": format_html("The document's own words: “{}”.", text.source),
            "back_url": url_of(self.version),
        }

    def submit(self, form):
        pathway_texts.change(
            self.version, self.key, actor=self.user, text=form.chosen(), number=form.cleaned_data["version"]
        )
        return url_of(self.version)
