"""The core of Landfall: no Qt in here; it runs, tests and syncs without a screen."""

__version__ = "0.1.0"
