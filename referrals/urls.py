from django.urls import path

from referrals.views.lists import ReferralList

app_name = "referrals"
urlpatterns = [
    # Lists
    path("referrals/", ReferralList.as_view(), name="list"),
]
