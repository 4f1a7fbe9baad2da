"""What floor 2 shows: page-shaped reads, plain data."""
