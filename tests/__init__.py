"""The tests mirror the house: one folder a floor, `house/` where the house inspects itself, `journeys/` by actor."""
