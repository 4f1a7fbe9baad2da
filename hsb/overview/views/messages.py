"""What the service told somebody, in the service itself."""

from django.http import HttpResponseRedirect

from hsb.core import outbox
from hsb.core.pages import Page
from hsb.overview.selectors.messages import COLUMNS, messages_of


class Messages(Page):
    template_name = "overview/messages.html"
    title = "Messages"
    http_method_names = ["get", "head", "post", "options"]

    def context(self):
        return {"columns": COLUMNS, **messages_of(self.user)}

    def post(self, request, *args, **kwargs):
        outbox.mark_read(self.user)
        return HttpResponseRedirect(request.path)
