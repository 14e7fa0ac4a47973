package planted

// The planted bugs.
const (
	ReleaseWithoutOwner Name = "release_without_owner"
)

// Plants lists every planted bug.
var Plants = []Plant{
	{ReleaseWithoutOwner, "§6", "the session's lock is released without comparing its owner"},
}
