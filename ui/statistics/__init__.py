"""The supervisor's statistics: alarms and the console itself; what residents heard."""
