"""One file for each command of `python -m dispatch` that has no other home."""
