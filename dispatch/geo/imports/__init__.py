"""Map layers that people bring: read apart within limits, checked, kept in the seat's folder.

`reading` is a process of its own (`main.py --helper layer-import`); `apart` starts it and hears its answer.
"""
