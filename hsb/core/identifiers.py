"""Numbers that identify a child elsewhere: how they are written, and whether one can be real.

Pure functions: text in, tidied text or a truth value out. None says that the number belongs to anybody.
"""

import re

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
NHS_NUMBER_LENGTH = 10
POSTCODE = re.compile(
    r"(GIR0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9](?:[0-9]|[ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW])[0-9][ABD-HJLNP-UW-Z]{2})"
)


# As much of one as is known: the first part, or with the number after it.
PART_OF_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9]?")


def without_spaces(text):
    """The text without spaces, hyphens and the invisible spaces that come with a paste."""
    return re.sub(r"[\s\-\u2010-\u2015\u200b\u00a0]+", "", text)


def is_nhs_number(digits):
    """Whether ten digits carry a valid modulus 11 check digit.

    Source: NHS Data Dictionary, NHS NUMBER: weights 10 to 2 on the first nine digits; 11 minus the remainder
    is the tenth; 11 is written 0 and 10 is never issued.
    """
    if len(digits) != NHS_NUMBER_LENGTH or not (digits.isascii() and digits.isdigit()):
        return False
    return nhs_check_digit(digits[:9]) == digits[9]


def nhs_check_digit(nine):
    """The tenth digit that belongs to nine; "" where there is none, for 10 is never issued."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    check = (11 - total % 11) % 11
    return str(check) if check < 10 else ""


def spaced_nhs_number(digits):
    """The number as people read it aloud: 943 476 5919."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def is_upn(text):
    """Whether a unique pupil number (a check letter and twelve digits, capitals) has the right check letter.

    A temporary one has a letter for the last digit. Source: DfE, Unique pupil numbers: guide for schools and local
    authorities: digits by weights 2 to 13, modulus 23, read from an alphabet without I, O and S; a letter counts as
    its place in that alphabet.
    """
    if not re.fullmatch(rf"[A-Z][0-9]{{11}}[0-9{UPN_LETTERS}]", text):
        return False
    return text[0] == upn_check_letter(text[1:])


def upn_check_letter(twelve):
    """The letter that stands before twelve digits, of which the last may be a letter."""
    values = [int(each) if each.isdigit() else UPN_LETTERS.index(each) for each in twelve]
    total = sum(value * weight for weight, value in enumerate(values, start=2))
    return UPN_LETTERS[total % len(UPN_LETTERS)]


def tidy_postcode(text):
    """The postcode in capitals with its one space, or "" where it cannot be one.

    Source: Royal Mail's format as published in BS 7666; it does not say that the postcode exists.
    """
    squeezed = without_spaces(text).upper()
    return f"{squeezed[:-3]} {squeezed[-3:]}" if POSTCODE.fullmatch(squeezed) else ""


def tidy_part_of_postcode(text):
    """A postcode or its first part in capitals ("AA3", "AA3 1", "AA3 1AB"), or "" where it cannot be one."""
    squeezed = without_spaces(text).upper()
    if whole := tidy_postcode(text):
        return whole
    return " ".join(text.upper().split()) if PART_OF_POSTCODE.fullmatch(squeezed) else ""
