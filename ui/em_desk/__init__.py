"""What emergency management has been handed, by state, each with its clock."""
