"""What floor 3's pages read."""
