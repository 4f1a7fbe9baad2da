"""Who asks: a reader of each kind, by e-mail address, the same in a simulated borough of any size."""

READERS = {}
