"""A server of map tiles (XYZ) that somebody chose: its address, its terms, what was fetched, and fetching.

All of the fetching is done by a process of its own (helper.py), which asks for what is on the screen and for
nothing else. The process that draws the base map only reads what is kept.
"""
