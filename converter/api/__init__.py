"""The JSON API: get the object, call one verb, answer by a schema."""
