"""Floor 3's pages."""
