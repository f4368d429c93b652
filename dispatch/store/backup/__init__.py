"""A whole database as one file, and back: into an empty database of either kind, proved before it counts."""
