"""How bad a report is and why: pure functions over the data in `resources/triage`. No storage here."""
