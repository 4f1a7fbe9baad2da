"""What the panel's tests begin with: three children at work, and documents in a folder that goes away."""

import pytest

from tests import cast
from tests.strategy_meetings import meeting_road


@pytest.fixture(autouse=True)
def files(settings, tmp_path_factory):
    """One folder for all tests of a process: a road that is put back finds its documents there."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            **settings.STORAGES["default"],
            "OPTIONS": {"location": str(tmp_path_factory.getbasetemp() / "files")},
        },
    }


@pytest.fixture
def children(front_door, dot, dev, willow, amara, aspen):
    """The referrals of Robin and Ash, who displayed, and of Sky, who was harmed: with Amara of Willow."""
    return meeting_road.allocated(dot, dev, willow, amara)


@pytest.fixture
def robin(children):
    return children[0]


@pytest.fixture
def sky(children):
    return children[2]


@pytest.fixture
def cy(aspen):
    """Coordinates the panel too."""
    return cast.user("Cy", (aspen, "coordinator"))
