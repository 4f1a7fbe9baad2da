"""The demo borough: plainly invented people, built through the services with the clock moved."""
