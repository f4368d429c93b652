"""What each ICS form says, as data made from records. Drawing it is reports/pdf's."""
