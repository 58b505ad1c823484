"""Three plug-ins for redactor: a recognizer, a format, a register."""
