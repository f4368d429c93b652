"""The shift's hand-over: what a pack holds, counted and said; giving it and taking it."""
