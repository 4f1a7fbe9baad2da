"""What people can be to each other, as data: each kind with its inverse. Imports nothing of ours.

A kind says what the other is to somebody: "mother", and seen from the other side "child". The inverse knows nothing of
anybody's gender. What stands on a row is one of Kind; what a page says and asks is a code of SIDES, which has the
words of both sides.
"""

from typing import NamedTuple

from django.db.models import TextChoices


class Kind(TextChoices):
    """What `other` is to `person`, as it stands on a row."""

    MOTHER = "mother", "Mother"
    FATHER = "father", "Father"
    PARENT = "parent", "Parent"
    STEP_PARENT = "step_parent", "Step-parent"
    FOSTER_CARER = "foster_carer", "Foster carer"
    GRANDPARENT = "grandparent", "Grandparent"
    AUNT_UNCLE = "aunt_uncle", "Aunt or uncle"
    CARER = "carer", "Carer"
    SIBLING = "sibling", "Sibling"
    HALF_SIBLING = "half_sibling", "Half-sibling"
    STEP_SIBLING = "step_sibling", "Step-sibling"
    COUSIN = "cousin", "Cousin"
    OTHER_FAMILY = "other_family", "Other family"
    PARTNER = "partner", "Partner"
    FRIEND = "friend", "Friend"
    PEER = "peer", "Peer or associate"
    SCHOOLMATE = "schoolmate", "Schoolmate"
    NEIGHBOUR = "neighbour", "Neighbour"
    OTHER = "other", "Other"


K = Kind


class Circle(TextChoices):
    """Where somebody belongs in the list and on the drawing."""

    CARERS = "carers", "Parents and carers"
    SIBLINGS = "siblings", "Brothers and sisters"
    FAMILY = "family", "Other family"
    OTHERS = "others", "Friends and others"


class Side(NamedTuple):
    """One side of a kind. `flipped`: it is what `person` is to `other`, said on the other's page."""

    label: str
    kind: Kind
    flipped: bool
    circle: Circle


# What a kind is from the other side, where that is not the same word.
INVERSE = {
    K.MOTHER: "child",
    K.FATHER: "child",
    K.PARENT: "child",
    K.STEP_PARENT: "step_child",
    K.FOSTER_CARER: "fostered_child",
    K.GRANDPARENT: "grandchild",
    K.AUNT_UNCLE: "niece_nephew",
    K.CARER: "cared_for",
}
CARERS = (K.MOTHER, K.FATHER, K.PARENT, K.STEP_PARENT, K.FOSTER_CARER, K.CARER)
SIBLINGS = (K.SIBLING, K.HALF_SIBLING, K.STEP_SIBLING)
FAMILY = (K.GRANDPARENT, K.AUNT_UNCLE, K.COUSIN, K.OTHER_FAMILY)
CIRCLES = {
    **dict.fromkeys(CARERS, Circle.CARERS),
    **dict.fromkeys(SIBLINGS, Circle.SIBLINGS),
    **dict.fromkeys(FAMILY, Circle.FAMILY),
}
# Where parental responsibility is asked for: `other` can have it for `person`.
CAN_HAVE_RESPONSIBILITY = (*CARERS, K.GRANDPARENT, K.AUNT_UNCLE, K.OTHER_FAMILY)
# One person is one of these to another, never two of them at once.
PARENTS = (K.MOTHER, K.FATHER, K.PARENT)
# Say nothing without words of their own.
NEEDS_WORDS = (K.OTHER_FAMILY, K.OTHER)

SIDES = {
    **{kind.value: Side(kind.label, kind, False, CIRCLES.get(kind, Circle.OTHERS)) for kind in Kind},
    # "Child" is said of nobody's gender, and asked as "parent" from the other side.
    "child": Side("Child", K.PARENT, True, Circle.FAMILY),
    "step_child": Side("Step-child", K.STEP_PARENT, True, Circle.FAMILY),
    "fostered_child": Side("Child they foster", K.FOSTER_CARER, True, Circle.FAMILY),
    "grandchild": Side("Grandchild", K.GRANDPARENT, True, Circle.FAMILY),
    "niece_nephew": Side("Niece or nephew", K.AUNT_UNCLE, True, Circle.FAMILY),
    "cared_for": Side("Somebody they care for", K.CARER, True, Circle.FAMILY),
}


def seen_from(kind, flipped):
    """The code by which a row of that kind is called: on the page of its `person`, or (`flipped`) of its `other`."""
    return INVERSE.get(kind, kind) if flipped else kind


def choices():
    """(code, words) of everything that can be chosen, family first."""
    order = [*CARERS, *SIBLINGS, *FAMILY]
    rest = [code for code in SIDES if code not in order]
    family = [code for code in rest if SIDES[code].circle == Circle.FAMILY]
    return [(str(code), SIDES[code].label) for code in [*order, *family, *(c for c in rest if c not in family)]]


class DayKnown(TextChoices):
    """How sure a day is."""

    KNOWN = "known", "Known"
    ESTIMATED = "estimated", "Estimated"
    UNKNOWN = "unknown", "Not known"


class Together(TextChoices):
    """Whether two people live in one home."""

    YES = "yes", "Yes"
    PART = "part", "Part of the time"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not known"


IN_ONE_HOME = (Together.YES, Together.PART)
