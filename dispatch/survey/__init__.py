"""Surveys of others: what a row of a file says, and which site it is about. Pure; the desk stores it."""
