"""All that was seen in a run, arranged for judging: recording, views, readings, predictions, blame.

A conclusion is a typed value of `Evidence`, drawn once; no rule draws one for itself.
"""
