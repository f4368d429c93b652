"""Handing a site to emergency management: the sheet and its preview as ICS 213."""
