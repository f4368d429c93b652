"""Files for people: counting and drawing. What a form says is forms'."""
