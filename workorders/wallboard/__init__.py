"""One page for a screen on the wall: how the floor stands, without anything personal."""
