"""A synthetic borough of any size: stories walked by the services once, and told again as often as is asked for.

    mix         which stories there are, and how often each is told
    walking     walks one story, reads what the services wrote, and takes it back: a Pattern, rows with blanks
    patterns    a Pattern: which blanks its rows have, and how they are filled for one telling
    people      areas, teams and accounts; names, numbers and addresses that are nobody's
    loading     puts the rows into the database: by COPY on PostgreSQL, in batches on SQLite
    borough     all of it, in order

Demo and test mode only (docs/decisions/0033).
"""
