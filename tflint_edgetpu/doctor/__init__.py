"""What on this machine keeps conversion, verification or an Edge TPU from working: one file a check.

A check is ``check(machine) -> list[Line]``: it reads :class:`~tflint_edgetpu.doctor.machine.Machine` and
nothing else, imports nothing it asks about, and says of each thing: ok, a problem, or absent.
"""
