"""A real 311 server process and the storms it plays: what operators rehearse with and tests run against."""
