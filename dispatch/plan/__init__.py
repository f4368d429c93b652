"""The storm plan: its items, when they are due, and what an advisory does to them."""
