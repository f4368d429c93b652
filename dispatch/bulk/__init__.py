"""One act at many sites: what it would do, doing it in one transaction, and taking all of it back."""
