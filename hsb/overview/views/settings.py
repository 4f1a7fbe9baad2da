"""The settings of the borough: read, and changed with a reason, by administrators."""

from django.http import Http404
from django.urls import reverse

from hsb.core import settings_in_force
from hsb.core.pages import FormPage, Page
from hsb.overview.forms.settings import SettingForm, initial_of
from hsb.overview.selectors import settings
from hsb.people.views.bases import administration


class Settings(Page):
    template_name = "overview/settings.html"
    title = "Settings of the borough"

    def context(self):
        return administration("overview:settings") | {
            "head": settings.HEAD,
            "groups": settings.groups(),
            "statutory_head": settings.STATUTORY_HEAD,
            "statutory": settings.statutory(),
        }


class ChangeSetting(FormPage):
    template_name = "overview/setting.html"
    form_class = SettingForm
    done = "The setting was changed. The whole service goes by it within half a minute."

    def prepare(self, key):
        self.key = key
        self.known = settings_in_force.SETTINGS.get(key)
        if self.known is None:
            raise Http404

    def get_title(self):
        return str(self.known.title)

    def form_kwargs(self):
        return {"key": self.key}

    def initial(self):
        return {**initial_of(self.key), "version": settings_in_force.changes(self.key)}

    def context(self):
        now = settings_in_force.value(self.key)
        return {
            "back_url": reverse("overview:settings"),
            "lead": f"{self.known.governs}.",
            "now": settings_in_force.in_words(self.key, now),
            "delivered": settings_in_force.in_words(self.key, self.known.default),
            "head": settings.HISTORY_HEAD,
            "history": settings.history(self.key),
        }

    def submit(self, form):
        settings_in_force.change(
            self.key,
            form.value(),
            actor=self.user,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
        return reverse("overview:settings")
