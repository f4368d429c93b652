"""Who is not being heard: reports by neighborhood against what was to be expected, and outreach."""
