"""Rows that do not reach their goals yet (docs/speed.md says why), and how far they may be from them.

`make bench` fails for each of them. `--known-short`, as CI runs it, fails only where one is further from its goal than
here: what was gained is not lost again unseen. A row that reaches its goal leaves this list.
"""

# Row -> its worst figure may be so many times past its goal, in a small run beside nothing else.
HOW_FAR = {}


def is_known(figure):
    """Whether the figure is past its goal, and no further than is known."""
    return not figure.passes and figure.badness <= HOW_FAR.get(figure.row, 0)
