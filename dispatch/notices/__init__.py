"""Notices of the city: their drafts, their rules, where they hold, and how they read."""
