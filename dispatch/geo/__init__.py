"""Places: projection, areas, addresses, tile arithmetic, binning of points. No drawing here."""
