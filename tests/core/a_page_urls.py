"""The pages of a_page beside the real ones, and their rules."""

from django.urls import include, path

from hsb.url_rules import RULES as REAL_RULES
from hsb.url_rules import SIGNED_IN
from tests.core.a_page import BrokenPage, NotePage, WritingPage

ours = [
    path("a-note/", NotePage.as_view(), name="note"),
    path("broken/", BrokenPage.as_view(), name="broken"),
    path("writing/", WritingPage.as_view(), name="writing"),
    path("no-rule/", NotePage.as_view(), name="no_rule"),
]
urlpatterns = [path("", include((ours, "test"))), path("", include("hsb.urls"))]
RULES = REAL_RULES | {f"test:{name}": SIGNED_IN for name in ("note", "broken", "writing")}
handler500 = "hsb.core.views.server_error"
