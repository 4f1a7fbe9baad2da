"""Two thousand invented children, and the slips with which people type them again; the same ones every time."""

import random
import re
from datetime import date, timedelta


def words_in(text):
    return text.split()


GIVEN = words_in("""
    Aaliyah Abdul Abigail Adaeze Aidan Aisha Aleksander Amelia Amina Amit Anastasia Andrei Aoife Arjun Ayodele
    Beatrice Benjamin Blessing Callum Caoimhe Catherine Chidi Chloe Christian Daniel Deepika Diego Ebony Efua
    Eleanor Elif Emeka Farah Fatima Finlay Francesca Gabriel Gethin Grace Hamza Hannah Harpreet Hussein Ibrahim
    Imogen Ines Isaac Ivan Jacob Jakub Jasmine Joseph Kateryna Khadija Kofi Kwame Layla Liam Llewellyn Lucia
    Magdalena Malik Manpreet Maryam Matthew Mehmet Mohammed Nadia Naomi Nathaniel Ngozi Niamh Nikolai Oluwaseun
    Omar Patrick Philip Priya Rachel Rhiannon Rosalind Samira Sebastian Shanice Siobhan Stephen Suleiman Tariq
    Temitope Theodore Thuy Victoria Wojciech Xanthe Yusuf Zachary Zainab Zuzanna
""")
FAMILY = words_in("""
    Abara Achterberg Adeyemi Ahmadzai Akhtar Andersson Appiah Baptiste Begum Bielawski Birchwood Boateng Bourne
    Campbell Chakraborty Chaudhry Christodoulou Clarke Coleridge Cunningham Dąbrowski Davies Demir Dhillon
    Dimitrov Donoghue Edwards Eze Fashola Fernandes Fitzgerald Gebremariam Ghosh Goldsmith Gonçalves Griffiths
    Hargreaves Hassan Hernández Hossain Hughes Iqbal Ivanov Jankowski Jayasuriya Jeffries Kaczmarek Karimi Kipling
    Kowalczyk Kuznetsov Lawrence Llewelyn MacDonald Mahmood Marchetti Matthews McCarthy Mensah Mitchell Moreira
    Mukherjee Nakamura Nguyen Nicholson O'Brien Obuya Ogunleye Okonkwo Osei Papadopoulos Patel Pereira Phillips
    Popescu Quigley Rahman Richardson Rodrigues Schneider Shevchenko Siddiqui Stephenson Szymański Taylor
    Teklehaimanot Thompson Tuohy Uzun Vasquez Wainwright Whitehead Wickramasinghe Wright Xuereb Yıldırım Yeboah
    Zhang Zieliński
""")
HEARD_AND_SPELT = (
    ("ph", "f"), ("f", "ph"), ("c", "k"), ("k", "c"), ("y", "i"), ("i", "y"), ("ie", "ei"), ("s", "z"), ("z", "s"),
    ("h", ""), ("ee", "ea"), ("ou", "oo"), ("v", "w"), ("j", "g"), ("ai", "ay"), ("e", ""), ("th", "t"), ("o", "u"),
)  # fmt: skip
LETTERS = "abcdefghijklmnoprstuvwyz"
FIRST_BIRTH = date(2008, 1, 1)
DAYS = 18 * 365


def children(number, seed=20261123):
    """`number` of (given name, family name, date of birth); some have two given names, some a double family name."""
    chance = random.Random(seed)
    return [_child(chance) for _ in range(number)]


def _child(chance):
    given = chance.choice(GIVEN) + (f" {chance.choice(GIVEN)}" if chance.random() < 0.12 else "")
    family = chance.choice(FAMILY) + (f"-{chance.choice(FAMILY)}" if chance.random() < 0.08 else "")
    return given, family, FIRST_BIRTH + timedelta(days=chance.randrange(DAYS))


def misspelt(chance, given, family):
    """The names with one slip, or with two in a quarter of the cases."""
    for _ in range(chance.choice((1, 1, 1, 2))):
        given, family = _slip(chance, given, family)
    return given, family


def _slip(chance, given, family):
    kind = chance.random()
    if kind < 0.35:
        return given, _mistyped(chance, family.lower())
    if kind < 0.60:
        return _mistyped(chance, given.lower()), family
    if kind < 0.75:
        return given, _respelt(chance, family.lower())
    if kind < 0.88:
        return _respelt(chance, given.lower()), family
    if kind < 0.94:
        return chance.choice(given.split()), chance.choice(family.split("-"))
    return family, given


def _mistyped(chance, word):
    at = chance.randrange(len(word))
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + chance.choice(LETTERS) + word[at:],
            word[:at] + chance.choice(LETTERS) + word[at + 1 :],
            word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
        )
    )


def _respelt(chance, word):
    ways = [(heard, spelt) for heard, spelt in HEARD_AND_SPELT if heard in word]
    if not ways:
        return _mistyped(chance, word)
    heard, spelt = chance.choice(ways)
    at = chance.choice([found.start() for found in re.finditer(heard, word)])
    return word[:at] + spelt + word[at + len(heard) :]


def mistaken(chance, day):
    """The date with a usual slip: day and month swapped, a day, ten days or a year too early or late."""
    ways = [day + timedelta(days=chance.choice((-10, -1, 1, 10)))]
    if day.day <= 12 and day.day != day.month:
        ways.append(date(day.year, day.day, day.month))
    if (day.month, day.day) != (2, 29):
        ways.append(day.replace(year=day.year + chance.choice((-1, 1))))
    return chance.choice(ways)
