"""What residents are told: only what is true and proven."""
