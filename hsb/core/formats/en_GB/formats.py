"""23 November 2026. Django has no lower-case am and pm: templates say times with the filter `clock` instead."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "g:iA"
DATETIME_FORMAT = "j F Y, g:iA"
SHORT_DATETIME_FORMAT = "j M Y, g:iA"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
