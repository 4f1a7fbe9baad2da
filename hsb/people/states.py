"""The services a team can belong to, and the roles a person can hold in a team. Imports nothing of ours."""

from django.db.models import TextChoices


class Service(TextChoices):
    FRONT_DOOR = "front_door", "Front door"
    EARLY_HELP = "early_help", "Early Help"
    STATUTORY = "statutory", "Statutory social work"
    SPECIALIST = "specialist", "Specialist (CSE and HSB)"
    PANEL = "panel", "Panel"
    GOVERNANCE = "governance", "Governance"


class Role(TextChoices):
    """Social worker and Early Help worker are both practitioners: the team's service tells which."""

    PRACTITIONER = "practitioner", "Practitioner"
    MANAGER = "manager", "Manager"
    CHAIR = "chair", "Specialist chair"
    MINUTE_TAKER = "minute_taker", "Minute taker"
    COORDINATOR = "coordinator", "Panel coordinator"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


CASE_ROLES = (Role.PRACTITIONER, Role.MANAGER)


class AgencyKind(TextChoices):
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    POLICE = "police", "Police"
    HEALTH = "health", "Health"
    EDUCATION = "education", "Education"
    YOUTH_JUSTICE = "youth_justice", "Youth justice"
    VOLUNTARY = "voluntary", "Voluntary sector"
    OTHER = "other", "Other"


class Tool(TextChoices):
    """Tools that only a trained user may record (practice.md B18, A25, A26)."""

    BROOK = "brook", "Brook Sexual Behaviours Traffic Light Tool"
    AIM3 = "aim3", "AIM3"
    AIM_UNDER_12 = "aim_under_12", "AIM Under 12s"


class AccountEvent(TextChoices):
    """What happened to an account that no field of it shows: kept as the reason of an old version (decision 0007)."""

    PASSWORD_GIVEN = "password_given", "One-time password given"
    PASSWORD_CHOSEN = "password_chosen", "Password chosen by its owner"
    SECOND_FACTOR_REMOVED = "second_factor_removed", "Second factor removed"
