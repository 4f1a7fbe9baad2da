"""Floor 3: mapping meetings and the peer map; MACE panels, sift, agenda, panel actions."""
