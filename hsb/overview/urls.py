from django.urls import path

from hsb.overview.views.asking import AskAccess, AskAccessByReference
from hsb.overview.views.emergency import BreakGlass
from hsb.overview.views.home import Home
from hsb.overview.views.messages import Messages
from hsb.overview.views.search import Search, SearchResults
from hsb.overview.views.settings import ChangeSetting, Settings
from hsb.overview.views.work import MyWork, TeamWork

app_name = "overview"
urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("messages/", Messages.as_view(), name="messages"),
    path("my-work/", MyWork.as_view(), name="my_work"),
    path("team-work/", TeamWork.as_view(), name="team_work"),
    path("settings/", Settings.as_view(), name="settings"),
    path("settings/<str:key>/", ChangeSetting.as_view(), name="setting"),
    path("search/", Search.as_view(), name="search"),
    path("search/<uuid:reference>/", SearchResults.as_view(), name="search_results"),
    path("search/<uuid:reference>/emergency/<str:hit>/", BreakGlass.as_view(), name="break_glass"),
    path("search/<uuid:reference>/ask-access/<str:hit>/", AskAccess.as_view(), name="ask_access"),
    path("ask-access/<str:reference>/", AskAccessByReference.as_view(), name="ask_access_by_reference"),
]
