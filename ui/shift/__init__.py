"""The screen on which one shift hands the room over to the next."""
