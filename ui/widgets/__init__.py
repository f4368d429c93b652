"""Things that two screens use."""
