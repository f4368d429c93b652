"""Storm mode for the public: which categories residents can report under at the 311 server, and back."""
