"""The house's own files, to look into."""

from django.conf import settings

FLOORS = ("hsb", "referrals", "strategy_meetings", "panels")


def ours(pattern, *folders):
    """Every file of that pattern in the floors (or in `folders`), as paths, in order."""
    return sorted(
        path
        for folder in folders or FLOORS
        for path in (settings.BASE_DIR / folder).rglob(pattern)
        if "__pycache__" not in path.parts
    )


def short(path):
    """The path as one would say it: from the top of the house."""
    return str(path.relative_to(settings.BASE_DIR))
