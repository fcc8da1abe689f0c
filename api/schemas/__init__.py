"""The shapes of requests and answers of the JSON interface; what the check and the readers say keeps their own shape."""
