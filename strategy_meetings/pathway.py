"""The panel's four headings: the document's victims, offenders (persons of concern), locations and themes, said without
labels (A8, A16)."""

# By the letter of the entry's kind.
HEADINGS = {
    "V": "Who was harmed",
    "O": "Persons of concern",
    "L": "Locations",
    "T": "Themes and groups",
}
