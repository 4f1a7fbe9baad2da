"""What floor 3's pages ask."""
