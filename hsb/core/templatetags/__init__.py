"""Tags and filters: `govuk` draws components, `words` says days, times and numbers."""
