import pytest

# What these compare is shown as a test's own comparison is.
pytest.register_assert_rewrite("tests.house.asked_of_everybody")
