"""Parts of the generated documentation that need more than a report: used by the command ``docs`` alone."""
