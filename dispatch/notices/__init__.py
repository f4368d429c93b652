"""What the city tells the public: drafts in each language, and what fills them."""
"""Notices of the city: their rules, where they hold, and how they read as CAP, feeds and plain words."""
