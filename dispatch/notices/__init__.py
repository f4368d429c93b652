"""What the city tells the public: drafts in each language, their rules, where they hold, and how they read as
CAP, feeds and plain words."""
"""Notices of the city: their drafts, their rules, where they hold, and how they read."""
