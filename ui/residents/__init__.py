"""The Residents screen: what the city says to residents, and by which rules."""
