"""System checks of the foundation."""

from datetime import timedelta

from django.core import checks

from hsb.core import calendar, clock

# The published list ends; after that every weekday would silently count as a working day.
WARN_AHEAD = timedelta(days=180)


@checks.register()
def bank_holidays_reach_far_enough(app_configs, **kwargs):
    if calendar.horizon() - clock.today() > WARN_AHEAD:
        return []
    return [
        checks.Warning(
            f"The list of bank holidays ends on {calendar.horizon():%d %B %Y}.",
            hint="Upgrade govuk-bank-holidays, or add the days to the setting extra_bank_holidays.",
            id="hsb.W001",
        )
    ]
