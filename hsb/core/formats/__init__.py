"""Date formats of our own (FORMAT_MODULE_PATH)."""
