"""Qt: draws records, calls the desk, decides nothing."""
