"""Handing a site to emergency management: states, timers, and one file for each channel."""
