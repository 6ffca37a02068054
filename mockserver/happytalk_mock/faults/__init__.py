"""What goes wrong on purpose: faults and their effects, `Prefer`, and drifts.

Takes the honest answer from below and never makes one itself.
"""
