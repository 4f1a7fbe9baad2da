"""What floor 2's pages ask."""
