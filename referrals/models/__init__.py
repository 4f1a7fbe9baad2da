"""Floor 1's tables, one module a noun."""

from referrals.models.access_requests import AccessRequest
from referrals.models.aim import AimAssessment
from referrals.models.assessments import BehaviourCategory, RiskAssessment
from referrals.models.brook import BrookFinding
from referrals.models.case_documents import CaseDocument
from referrals.models.coming_of_age import DecisionAt18, WhatFollows
from referrals.models.concerns import Behaviour, Concern, Involvement
from referrals.models.consent import ConsentAnswer
from referrals.models.decisions import BehaviourAtMeeting, CategoryDecision, DecisionRecord, ThresholdDecision
from referrals.models.emergencies import EmergencyOpening
from referrals.models.holding import Agreement, Allocation, ClosingProposal, Offer
from referrals.models.joining import JoinedRow, PersonJoin, PersonLock
from referrals.models.markers import Marker, MarkerReview, MarkerTelling
from referrals.models.meetings import MeetingDecision
from referrals.models.notes import CaseNote, NoteCorrection, NoteTelling
from referrals.models.notifications import PoliceNotification
from referrals.models.pathway_texts import PathwayText
from referrals.models.people import PastAddress, PastSchool, Person, PersonKey
from referrals.models.plans import Plan, PlanDocument, PlanLine, PlanLineReview, PlanReview
from referrals.models.police import PoliceForm, PoliceFormAddress, PoliceReferral, RefusalStep
from referrals.models.readers import Reader
from referrals.models.reassigning import Reassignment, ReassignmentRow
from referrals.models.referrals import Referral
from referrals.models.relationships import Relationship
from referrals.models.section47 import Section47, Section47Report
from referrals.models.service_assessments import EarlyHelpAssessment, FamilyAssessment
from referrals.models.sharing import Disclosure, PaperTelling
from referrals.models.significant import EventCorrection, SignificantEvent
from referrals.models.submitted import SubmittedWork
from referrals.models.transfers import BoroughTransfer
from referrals.models.urgent import PoliceCall, Protection

__all__ = [
    "AccessRequest",
    "Agreement",
    "AimAssessment",
    "Allocation",
    "Behaviour",
    "BehaviourAtMeeting",
    "BehaviourCategory",
    "CaseNote",
    "CaseDocument",
    "BoroughTransfer",
    "BrookFinding",
    "CategoryDecision",
    "ClosingProposal",
    "Concern",
    "ConsentAnswer",
    "DecisionAt18",
    "DecisionRecord",
    "Disclosure",
    "EarlyHelpAssessment",
    "EmergencyOpening",
    "EventCorrection",
    "FamilyAssessment",
    "Involvement",
    "Marker",
    "MarkerReview",
    "MarkerTelling",
    "JoinedRow",
    "MeetingDecision",
    "NoteCorrection",
    "NoteTelling",
    "Offer",
    "PaperTelling",
    "PastAddress",
    "PastSchool",
    "PathwayText",
    "Person",
    "PersonJoin",
    "PersonKey",
    "PersonLock",
    "Plan",
    "PlanDocument",
    "PlanLine",
    "PlanLineReview",
    "PlanReview",
    "PoliceCall",
    "PoliceForm",
    "PoliceFormAddress",
    "PoliceNotification",
    "PoliceReferral",
    "Protection",
    "Reader",
    "Reassignment",
    "ReassignmentRow",
    "Referral",
    "RefusalStep",
    "Relationship",
    "RiskAssessment",
    "Section47",
    "Section47Report",
    "SignificantEvent",
    "SubmittedWork",
    "ThresholdDecision",
    "WhatFollows",
]
