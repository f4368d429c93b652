"""What was reported, counted once for all formats: every number is a filter over rows that travel with it."""
