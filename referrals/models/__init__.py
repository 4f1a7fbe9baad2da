"""Floor 1's tables, one module a noun."""

from referrals.models.assessments import BehaviourCategory, RiskAssessment
from referrals.models.concerns import Behaviour, Concern, Involvement
from referrals.models.decisions import CategoryDecision, ThresholdDecision
from referrals.models.emergencies import EmergencyOpening
from referrals.models.holding import Agreement, Allocation, ClosingProposal, Offer
from referrals.models.meetings import MeetingDecision
from referrals.models.people import Person, PersonKey
from referrals.models.police import PoliceForm, PoliceReferral
from referrals.models.reassigning import Reassignment, ReassignmentRow
from referrals.models.referrals import Referral
from referrals.models.section47 import Section47, Section47Report
from referrals.models.transfers import BoroughTransfer
from referrals.models.urgent import Disclosure, PoliceCall, Protection

__all__ = [
    "Agreement",
    "Allocation",
    "Behaviour",
    "BehaviourCategory",
    "BoroughTransfer",
    "CategoryDecision",
    "ClosingProposal",
    "Concern",
    "Disclosure",
    "EmergencyOpening",
    "Involvement",
    "MeetingDecision",
    "Offer",
    "Person",
    "PersonKey",
    "PoliceCall",
    "PoliceForm",
    "PoliceReferral",
    "Protection",
    "Reassignment",
    "ReassignmentRow",
    "Referral",
    "RiskAssessment",
    "Section47",
    "Section47Report",
    "ThresholdDecision",
]
