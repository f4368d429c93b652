"""Weather from outside: NWS alerts and NHC advisories, by address or from a file, kept with their time.

Each seat reads for itself into its own folder, as it does with imported layers: the map must not go dark
because the seat that syncs, or the database, is away. Asked "has it changed", ten seats cost the service
little.
"""
