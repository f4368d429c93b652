"""The Queue: list, map, detail and volume strip, all four one selection."""
