"""Roof: home, worklists, search, settings pages. Owns no case tables."""
