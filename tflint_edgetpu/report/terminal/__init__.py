"""The report for a person: what is wrong, what it costs, how to fix it, what to do first."""
