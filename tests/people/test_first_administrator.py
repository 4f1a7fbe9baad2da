import pytest
from django.core.management import CommandError, call_command

from hsb.people.models import User


def test_the_first_administrator_gets_a_one_time_password(db, capsys):
    call_command("first_administrator", "first@example.org", "First Person")

    user = User.objects.get(email="first@example.org")
    password = capsys.readouterr().out.split()[-1]
    assert user.has_role("administrator")
    assert user.check_password(password)


def test_there_is_only_one_first_administrator(dee):
    with pytest.raises(CommandError, match="There is an administrator already"):
        call_command("first_administrator", "second@example.org", "Second Person")

    assert not User.objects.filter(email="second@example.org").exists()


def test_something_that_is_no_address_is_refused_in_a_sentence(db):
    with pytest.raises(CommandError, match="Give an e-mail address"):
        call_command("first_administrator", "First Person", "first@example.org")
