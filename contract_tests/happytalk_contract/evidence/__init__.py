"""All that was seen in a run, arranged for judging: recording, views, readings, predictions."""
