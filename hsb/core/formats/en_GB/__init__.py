"""British English, as the service writes it."""
