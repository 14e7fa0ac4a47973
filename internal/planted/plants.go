package planted

// The planted bugs.
const (
	ReleaseWithoutOwner Name = "release_without_owner"
	ExpireAtDeadline    Name = "expire_at_deadline"
	GraceTwice          Name = "grace_counted_twice"
	ExpireUnsure        Name = "expire_in_outage"
	RefuseUnsure        Name = "refuse_in_outage"
	ExtendNobody        Name = "outage_not_extended"
	ExtendTwice         Name = "extend_twice_after_outage"
	SettleFirst         Name = "outage_settled_before_extending"
	MarkOwnOnly         Name = "marking_forgotten"
)

// Plants lists every planted bug.
var Plants = []Plant{
	{ReleaseWithoutOwner, "§6", "the session's lock is released without comparing its owner"},
	{ExpireAtDeadline, "R9", "the server closes at the deadline, without waiting for grace and W"},
	{GraceTwice, "R8", "an answer counts until twice the grace after the deadline"},
	{ExpireUnsure, "R9", "an attempt expires although an outage took its end, before it is extended"},
	{RefuseUnsure, "R9", "a late answer is refused without asking whether an outage took the end of the time"},
	{ExtendNobody, "R9", "after an outage nobody is extended"},
	{ExtendTwice, "R9", "whoever looks after an outage extends the attempt, each under an id of its own"},
	{SettleFirst, "R9", "an outage counts as settled before the attempts are extended: who dies between loses them"},
	{MarkOwnOnly, "R13", "only the instance that lets an attempt run out marks it: the others wait for ever"},
}
