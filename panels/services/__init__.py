"""What people do on floor 3."""
