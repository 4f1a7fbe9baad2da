"""Invented children and neutral words. Nobody is called like this; nothing here is graphic."""

from hsb.core.identifiers import nhs_check_digit, upn_check_letter
from hsb.core.states import PlaceKind

GIVEN = (
    "Clover", "Juniper", "Sorrel", "Bramble", "Tansy", "Linden", "Cedar", "Aspen", "Maple", "Yarrow",
    "Marigold", "Thistle", "Fennel", "Saffron", "Basil", "Laurel", "Heather", "Alder", "Briar", "Larch",
    "Poppy", "Ivy", "Rowan", "Clary", "Dill", "Teasel", "Bryony", "Sage", "Myrtle", "Orchid",
)  # fmt: skip
FAMILY = (
    "Madeup", "Pretend", "Storybook", "Invented", "Makebelieve", "Imaginary", "Fictional", "Notreal",
    "Examplar", "Sampleton", "Placeholder", "Fabled",
)  # fmt: skip
SCHOOLS = ("Elmfield Example School", "Quarry Lane Sample Academy", "St Nowhere's Primary", "Riverside Pretend College")
PRACTICES = ("Lantern Park Example Surgery", "Quayside Pretend Practice", "")
PLACES = (
    (PlaceKind.SCHOOL, SCHOOLS[0]),
    (PlaceKind.SCHOOL, SCHOOLS[1]),
    (PlaceKind.PARK, "Lantern Park"),
    (PlaceKind.HOME, ""),
    (PlaceKind.ONLINE, "A group chat"),
    (PlaceKind.TRANSPORT, "The 999 pretend bus"),
    (PlaceKind.CLUB, "Saturday swimming club"),
)
REPORTED = {
    "N": "A member of staff reported a game between two children of the same age. Both describe it in the same way.",
    "0": "School reported a single comment that was out of place in class. It stopped when an adult spoke.",
    "1": "School reported repeated comments and messages that the other child found uncomfortable. They went on after "
    "the child was asked to stop.",
    "2": "A parent reported contact that the other child had not agreed to and could not freely agree to. The other "
    "child told a teacher the same day.",
    "3": "The police and a parent reported an assault on another child. Both children are safe at home with adults.",
}
BEHAVIOUR = {
    "N": "A game of the same kind as other children of this age play.",
    "0": "A single comment in class.",
    "1": "Repeated comments and messages after being asked to stop.",
    "2": "Contact without the other child's agreement.",
    "3": "An assault on another child.",
}
RATIONALE = {
    "N": "Same age, shared and mutual, in the open, and it stopped easily: expected at this age.",
    "0": "A single instance, in the wrong setting, without pressure on anybody.",
    "1": "Repeated after being asked to stop; the other child did not welcome it; no force.",
    "2": "The other child could not agree freely; there was pressure and a difference in age and strength.",
    "3": "Force was used; the other child is hurt and frightened.",
}
SAFETY = "Both parents know. The children are in different classes and travel home with an adult."
SUPPORT = "A named adult at school, a check with the GP, and time to talk when the child wants it."


def numbers():
    """(NHS number, UPN, local number) after (NHS number, UPN, local number), each valid and nobody's.

    The NHS numbers are of the range that is never given to anybody, 999 000 0000 to 999 999 9999.
    """
    for count in range(1, 1_000_000):
        nine, twelve = f"999{count:06}", f"999{count:09}"
        if check := nhs_check_digit(nine):
            yield nine + check, upn_check_letter(twelve) + twelve, f"DEMO{count:05}"
