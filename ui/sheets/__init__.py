"""The sheets of a site's acts: each says what it will do, to what, and does it on one key."""
