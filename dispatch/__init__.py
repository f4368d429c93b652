"""The core of Landfall: no Qt in here; it runs, tests and syncs without a screen."""
