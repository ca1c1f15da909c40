package wire

// build is set by the linker (scripts/build.sh), in both programs of a build alike.
var build string

// Build is the number of the build that this program is of, "" where it was linked without one. A reader answers with its own, which it is not told.
func Build() string { return build }
