"""An invented conference of any size: everybody in it is made up, and the same seed gives the same people."""
