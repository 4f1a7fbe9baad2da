"""Page-shaped reads of floor 1: rows said in words in Python, plain data out."""
