"""Calls typed in for residents: taking one, where it is, what it may repeat, and many from a spreadsheet."""
