"""Snapshots counted and written by a process of their own, so that the console stays smooth."""
