"""What the board's columns say beyond single sites: pure functions, nothing is written."""
