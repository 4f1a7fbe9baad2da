"""Code lists of the children in need census and its neighbours, with their words (practice.md, section 8).

A code is what is stored and what goes into a return; a label is what people read. Not known is a code like any other.
Imports nothing of ours.
"""

from django.db.models import TextChoices


class Ethnicity(TextChoices):
    """Ethnicity of the children in need census."""

    WBRI = "WBRI", "White British"
    WIRI = "WIRI", "White Irish"
    WIRT = "WIRT", "Traveller of Irish heritage"
    WROM = "WROM", "Gypsy or Roma"
    WOTH = "WOTH", "Any other White background"
    MWBC = "MWBC", "White and Black Caribbean"
    MWBA = "MWBA", "White and Black African"
    MWAS = "MWAS", "White and Asian"
    MOTH = "MOTH", "Any other mixed background"
    AIND = "AIND", "Indian"
    APKN = "APKN", "Pakistani"
    ABAN = "ABAN", "Bangladeshi"
    CHNE = "CHNE", "Chinese"
    AOTH = "AOTH", "Any other Asian background"
    BCRB = "BCRB", "Black Caribbean"
    BAFR = "BAFR", "Black African"
    BOTH = "BOTH", "Any other Black background"
    OOTH = "OOTH", "Any other ethnic group"
    REFU = "REFU", "Refused"
    NOBT = "NOBT", "Not yet obtained"


class Disability(TextChoices):
    """Disabilities of the children in need census; UNKNOWN is our own: nobody has found out yet."""

    MOB = "MOB", "Mobility"
    HAND = "HAND", "Hand function"
    PC = "PC", "Personal care"
    INC = "INC", "Incontinence"
    COMM = "COMM", "Communication"
    LD = "LD", "Learning"
    HEAR = "HEAR", "Hearing"
    VIS = "VIS", "Vision"
    BEH = "BEH", "Behaviour"
    CON = "CON", "Consciousness"
    AUT = "AUT", "Autism or Asperger syndrome"
    DDA = "DDA", "Another disability under the Equality Act 2010"
    NONE = "NONE", "No disability"
    UNKNOWN = "UNK", "Not known"


# Each of these stands alone: beside another code it would say two things at once.
ALONE = (Disability.NONE, Disability.UNKNOWN)


class UPNUnknown(TextChoices):
    """Why a child has no unique pupil number on record (common basic data set CS051; UN8 to UN10 are not for us)."""

    UN1 = "UN1", "Under 6 years old, and none has been given yet"
    UN2 = "UN2", "Has never attended a maintained school in England"
    UN3 = "UN3", "Is educated outside England"
    UN4 = "UN4", "Newly in need, and the number is not known yet"
    UN5 = "UN5", "Sources do not agree on the child, so that no number can be matched"
    UN6 = "UN6", "Not looked after, and the number cannot be obtained"
    UN7 = "UN7", "Referred, and no further action was taken"


class LegalStatus(TextChoices):
    """Legal status of a child, in the codes of the looked-after return; NONE and UNKNOWN are our own.

    D1, freeing order, is left out: none has been made since 2005, and nobody who is a child today has one.
    """

    NONE = "NONE", "None of these"
    V2 = "V2", "Accommodated under section 20, a single period"
    V3 = "V3", "A series of short breaks, of which each stay is recorded"
    V4 = "V4", "A series of short breaks, of which the agreement is recorded"
    C1 = "C1", "Interim care order"
    C2 = "C2", "Full care order"
    E1 = "E1", "Placement order"
    L1 = "L1", "Under police protection"
    L2 = "L2", "Emergency protection order"
    L3 = "L3", "Under a child assessment order"
    J1 = "J1", "Remanded to local authority accommodation or youth detention"
    J2 = "J2", "In local authority accommodation under the Police and Criminal Evidence Act 1984"
    J3 = "J3", "Youth rehabilitation order with a residence or intensive fostering requirement"
    UNKNOWN = "UNK", "Not known"


class SEND(TextChoices):
    """Special educational needs provision, in the codes of the school census; U is our own."""

    N = "N", "No special educational provision"
    K = "K", "SEN support"
    E = "E", "Education, health and care plan"
    U = "U", "Not known"


class Language(TextChoices):
    """The child's first language; which other one is kept in words."""

    ENGLISH = "ENG", "English"
    SIGN = "BSL", "British Sign Language"
    OTHER = "OTH", "Another language"
    UNKNOWN = "UNK", "Not known"


class Absent(TextChoices):
    """What an empty answer means: there is none, or nobody knows."""

    NONE = "none", "None"
    UNKNOWN = "unknown", "Not known"


class Borough(TextChoices):
    """In whose area something happened; which other council's is kept in words (A35)."""

    OURS = "ours", "In this borough"
    OTHER = "other", "In another council's area"
    UNKNOWN = "unknown", "Not known"


class Responsible(TextChoices):
    """Which council is responsible for a child; which other one is kept in words (A35)."""

    OURS = "ours", "This borough"
    OTHER = "other", "Another council"
    UNKNOWN = "unknown", "Not known"


def not_known_yet():
    """The disabilities of somebody of whom nobody has asked."""
    return [Disability.UNKNOWN.value]


def disabilities_in_words(codes):
    """The labels of these codes, in the order of the list; a code from elsewhere stands as it is."""
    known = [Disability(code).label for code in Disability.values if code in codes]
    return known + [code for code in codes if code not in Disability.values]
