"""The wall: a second window for the big screen of the EOC, readable from where the room stands (U9)."""
