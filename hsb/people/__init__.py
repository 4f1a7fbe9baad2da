"""Ground: who works here, in which team, in which role, from when until when."""
