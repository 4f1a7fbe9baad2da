"""The panel's four headings: the workflow document's victims, offenders (persons of concern), locations and themes, said
without a label on a child (A8, A16)."""

# By the letter of the entry's kind.
HEADINGS = {
    "V": "Who was harmed",
    "O": "Persons of concern",
    "L": "Locations",
    "T": "Themes and groups",
}
