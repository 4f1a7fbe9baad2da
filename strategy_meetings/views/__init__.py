"""Floor 2's pages."""
