"""The bench: how fast the product is, against raw SQL for the same rows and the naive way (docs/bench.md)."""
