"""The storm profile: which categories count, for how much, and what a change would do to the queue now."""
