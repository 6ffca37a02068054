"""Contract tests that tell when the HappyTalk (해피톡) API departs from its documentation."""
