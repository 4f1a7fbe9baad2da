"""A page with a form and the ways it can go, for the tests of what every page does (served by a_page_urls)."""

from django.db import connection

from hsb.core import forms
from hsb.core.pages import FormPage, Page
from hsb.core.refusals import AlreadyMoved, Changed, Denied, NotReady

# What the page's service would have kept; and the version of the row as it stands now.
SAVED = []
ROW = {"version": 1, "note": "What stood there before."}


class NoteForm(forms.VersionedForm, forms.CaseForm):
    note = forms.LongTextField(label="Note", ask="Enter a note")
    groups = forms.forms.MultipleChoiceField(
        label="Groups",
        required=False,
        choices=[("a", "First"), ("b", "Second")],
        widget=forms.forms.CheckboxSelectMultiple,
    )


class NotePage(FormPage):
    """What the posted note says decides how the service answers."""

    form_class = NoteForm
    title = "Write a note"
    done = "The note was saved."

    def initial(self):
        return {"version": ROW["version"]}

    def submit(self, form):
        note = form.cleaned_data["note"]
        if form.cleaned_data["version"] != ROW["version"]:
            raise Changed(reference="HSB-2026-00001", version=ROW["version"], who="Bea", now={"note": ROW["note"]})
        if note == "too early":
            raise NotReady("Do this first.", "And that.")
        if note == "forbidden":
            raise Denied
        if note == "moved":
            raise AlreadyMoved(reference="HSB-2026-00001", state="Closed", who="Bea")
        SAVED.append(note)
        return "/a-note/saved/"


class BrokenPage(Page):
    def context(self):
        raise RuntimeError("Robin Sample lives at 1 Invented Road")


class WritingPage(Page):
    """A GET that writes, which no page of ours may."""

    def context(self):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_user SET name = name")
        return {}
