"""Where each floor's pages hang. The rule of every URL stands in hsb/url_rules.py."""

from django.urls import include, path

urlpatterns = [
    path("", include("hsb.core.urls")),
    path("", include("hsb.overview.urls")),
    path("account/", include("allauth.urls")),
    path("people/", include("hsb.people.urls")),
    path("", include("panels.urls")),
    path("", include("strategy_meetings.urls")),
    path("", include("referrals.urls")),
]
handler500 = "hsb.core.views.server_error"
