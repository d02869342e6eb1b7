"""Everything that imports TensorFlow. It runs as a process of its own, see :mod:`.main`."""
