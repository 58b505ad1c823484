"""The command. The only place that catches RedactorError."""
