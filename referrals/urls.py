from django.urls import path

from referrals.views.allocation import NameWorker, RefuseAllocation, StartWork
from referrals.views.case import CaseChronology, CaseOverview, WhoLooked
from referrals.views.closing import Close, ProposeClosing, Reopen, ReturnToService
from referrals.views.decide import Decide, DecideReassessment
from referrals.views.lists import ReferralList
from referrals.views.meeting import DecideMeeting, RequestMeeting
from referrals.views.police import PoliceCall, PoliceReferral
from referrals.views.restrict import Bar, LiftBar, LiftRestriction, NameReader, Restrict
from referrals.views.steps import AnswerOffer, StepDown, StepUp, StepUpUrgently, WithdrawOffer
from referrals.views.urgent import FollowUpProtection, Protection

app_name = "referrals"
urlpatterns = [
    # Lists
    path("referrals/", ReferralList.as_view(), name="list"),
    # The case: tabs, and a page for every verb
    path("referrals/<str:reference>/", CaseOverview.as_view(), name="case"),
    path("referrals/<str:reference>/chronology/", CaseChronology.as_view(), name="chronology"),
    path("referrals/<str:reference>/who-looked/", WhoLooked.as_view(), name="who_looked"),
    path("referrals/<str:reference>/decide/", Decide.as_view(), name="decide"),
    path("referrals/<str:reference>/decide-reassessment/", DecideReassessment.as_view(), name="decide_reassessment"),
    path("referrals/<str:reference>/name-worker/", NameWorker.as_view(), name="name_worker"),
    path("referrals/<str:reference>/start-work/", StartWork.as_view(), name="start_work"),
    path("referrals/<str:reference>/refuse-allocation/", RefuseAllocation.as_view(), name="refuse_allocation"),
    path("referrals/<str:reference>/step-up/", StepUp.as_view(), name="step_up"),
    path("referrals/<str:reference>/step-up-urgently/", StepUpUrgently.as_view(), name="step_up_urgently"),
    path("referrals/<str:reference>/step-down/", StepDown.as_view(), name="step_down"),
    path("referrals/<str:reference>/answer-offer/", AnswerOffer.as_view(), name="answer_offer"),
    path("referrals/<str:reference>/withdraw-offer/", WithdrawOffer.as_view(), name="withdraw_offer"),
    path("referrals/<str:reference>/propose-closing/", ProposeClosing.as_view(), name="propose_closing"),
    path("referrals/<str:reference>/close/", Close.as_view(), name="close"),
    path("referrals/<str:reference>/return-to-service/", ReturnToService.as_view(), name="return_to_service"),
    path("referrals/<str:reference>/reopen/", Reopen.as_view(), name="reopen"),
    path("referrals/<str:reference>/protection/", Protection.as_view(), name="protection"),
    path("referrals/<str:reference>/follow-up-protection/", FollowUpProtection.as_view(), name="follow_up_protection"),
    path("referrals/<str:reference>/police-call/", PoliceCall.as_view(), name="police_call"),
    path("referrals/<str:reference>/police-referral/", PoliceReferral.as_view(), name="police_referral"),
    path("referrals/<str:reference>/request-meeting/", RequestMeeting.as_view(), name="request_meeting"),
    path("referrals/<str:reference>/decide-meeting/", DecideMeeting.as_view(), name="decide_meeting"),
    path("referrals/<str:reference>/restrict/", Restrict.as_view(), name="restrict"),
    path("referrals/<str:reference>/lift-restriction/", LiftRestriction.as_view(), name="lift_restriction"),
    path("referrals/<str:reference>/name-reader/", NameReader.as_view(), name="name_reader"),
    path("referrals/<str:reference>/bar/", Bar.as_view(), name="bar"),
    path("referrals/<str:reference>/lift-bar/", LiftBar.as_view(), name="lift_bar"),
]
