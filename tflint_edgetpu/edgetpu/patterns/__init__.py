"""Groups of operators that together are one thing an exporter wrote, one file a pattern."""
