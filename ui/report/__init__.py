"""The Report screen: a period as it will print, each number with its rows, files for the county."""
