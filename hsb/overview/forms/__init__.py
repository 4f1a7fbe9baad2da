"""What the roof asks."""
