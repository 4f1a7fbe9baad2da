"""Floor 1: people who are known, concerns, risk assessments, the pathway, allocation, Form 87A, closing."""
