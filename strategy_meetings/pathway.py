"""The panel's four headings, in the workflow document's own words: what stands under them is said in ours (A8, A16)."""

# By the letter of the entry's kind.
HEADINGS = {
    "V": "Victims",
    "O": "Offenders (persons of concern)",
    "L": "Locations",
    "T": "Themes",
}
