"""From exchanges to outcomes: judging, folding findings of one fault, baselines."""
