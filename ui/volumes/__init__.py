"""The supervisor's screen of volumes: what comes, what is open, how long things take."""
