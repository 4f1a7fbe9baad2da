"""Foundation: records, the one door, the journal, access, time, tasks, drafts, places."""
