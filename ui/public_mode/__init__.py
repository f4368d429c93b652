"""Storm mode for the public on the screen: rows and words of its sheet, and the bar over all screens."""
