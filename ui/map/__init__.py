"""The map: base map, markers, layers, and choosing sites by pointing. Which sites, the selection says."""
