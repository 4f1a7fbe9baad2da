"""The words that a text field asks about once, and the names in which they are let be."""

from django.http import Http404
from django.urls import reverse

from hsb.core import wording
from hsb.core.models import PreferredWord
from hsb.core.pages import FormPage, Page
from hsb.people import selectors
from hsb.people.forms import ConfirmForm, WordForm
from hsb.people.views.bases import administration


class Words(Page):
    template_name = "people/words.html"
    title = "Words"

    def context(self):
        return administration("people:words") | selectors.word_list(state=self.request.GET.get("state", ""))


class AddWord(FormPage):
    title = "Add a word"
    form_class = WordForm
    done = "It was added to the list."

    def context(self):
        return {"back_url": reverse("people:words")}

    def submit(self, form):
        wording.add(actor=self.user, **form.cleaned_data)
        return reverse("people:words")


class EndWord(FormPage):
    title = "Take it off the list"
    form_class = ConfirmForm
    done = "It was taken off the list."

    def prepare(self, number):
        self.word = PreferredWord.objects.filter(number=number, ended_at__isnull=True).first()
        if self.word is None:
            raise Http404

    def form_kwargs(self):
        return {"button": "Take it off the list"}

    def context(self):
        return {
            "caption": self.word.word,
            "lead": "From now on it changes nothing in what is written. It stays to be read under what has ended.",
            "back_url": reverse("people:words"),
        }

    def submit(self, form):
        wording.end(self.word.number, actor=self.user)
        return reverse("people:words")
