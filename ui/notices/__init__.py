"""The Notices screen: what the city says to the public, who stands for it, and where it stands."""
