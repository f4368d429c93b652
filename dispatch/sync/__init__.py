"""Keeping in step with the 311 server: pull, push, and what may be called when."""
