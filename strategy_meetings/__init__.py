"""Floor 2: strategy and review meetings, seats, outcomes per child, minutes, intel forms."""
