from django.urls import path

from referrals.views.case import CaseOverview
from referrals.views.lists import ReferralList

app_name = "referrals"
urlpatterns = [
    # Lists
    path("referrals/", ReferralList.as_view(), name="list"),
    # The case: tabs, and a page for every verb
    path("referrals/<str:reference>/", CaseOverview.as_view(), name="case"),
]
