"""Public records: collected for a request, redacted in a copy, packed; legal holds and retention."""
