"""Photos of a storm's sites with what is known of each, so that they still prove something years later."""
