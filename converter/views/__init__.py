"""Pages and their fragments: get the object, call one verb, render."""
