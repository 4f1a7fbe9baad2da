"""What people do at the roof. Never sees a request."""
