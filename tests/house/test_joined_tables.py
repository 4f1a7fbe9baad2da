"""Whoever adds a table that names a person says what becomes of its rows when two records of one child are joined."""

from referrals import related


def test_every_table_that_names_a_person_or_a_record_has_a_line():
    assert sorted({each.name for each in related.relations()} - set(related.RULES)) == []


def test_every_line_names_a_table():
    assert sorted(set(related.RULES) - {each.name for each in related.relations()}) == []


def test_what_moves_is_called_in_words_and_is_in_no_table_that_is_only_added_to():
    from hsb.core.append_only import TABLES

    for each in related.moving():
        assert each.rule.one != each.rule.many
        assert each.model._meta.db_table not in TABLES, each.name
