"""What people do on floor 2: the only writers of its tables."""
