"""What floor 1's pages ask. Forms never write."""
