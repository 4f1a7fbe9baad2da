"""Search: a POST keeps what was typed and goes on to an opaque id, so that no name stands in a URL or a log."""

from django.http import Http404
from django.urls import reverse

from hsb.core.pages import FormPage, Page
from hsb.overview.forms.search import SearchForm
from hsb.overview.selectors.search import COLUMNS, own_terms, results
from hsb.overview.services.search import keep_search
from hsb.people.states import CASE_ROLES


class Search(FormPage):
    template_name = "overview/search.html"
    title = "Search"
    form_class = SearchForm

    def submit(self, form):
        kept = keep_search(user=self.user, terms=form.cleaned_data["wanted"])
        return reverse("overview:search_results", args=[kept])


class SearchResults(Page):
    """The results, for the one who searched: to anybody else the id is not there."""

    template_name = "overview/search_results.html"

    def prepare(self, reference):
        self.reference, self.terms = reference, own_terms(self.user, reference)
        if self.terms is None:
            raise Http404

    def context(self):
        return {
            **self.found,
            "columns": COLUMNS,
            "typed": self.terms["typed"],
            "form": SearchForm(initial={"terms": self.terms["typed"]}),
            "may_log": self.user.has_role(*CASE_ROLES),
        }

    def get(self, request, *args, **kwargs):
        self.found = results(self.user, self.terms, self.reference)
        return self.show()

    def get_title(self):
        return self.found["title"]
