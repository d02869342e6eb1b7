"""Is the new model right? Structure, loading, numbers, compiler, device: one stage a file."""
