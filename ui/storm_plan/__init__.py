"""The Storm plan screen: four days before to two weeks after on one line, and what is to be done in order."""
