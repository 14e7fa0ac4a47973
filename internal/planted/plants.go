package planted

// The planted bugs that are asked for by Bug. Those of exam and sessionguard stand in Plants alone.
const (
	ExpireUnsure              Name = "expire_in_outage"
	RefuseUnsure              Name = "refuse_in_outage"
	ExtendNobody              Name = "outage_not_extended"
	ExtendTwice               Name = "extend_twice_after_outage"
	MarkOwnOnly               Name = "marking_forgotten"
	KeysRemembered            Name = "keys_remembered"
	ForeignAttempt            Name = "foreign_attempt"
	RightOptionsCounted       Name = "right_options_counted"
	UncheckedExplained        Name = "unchecked_explained"
	AcknowledgedBeforeCommit  Name = "acknowledged_before_commit"
	ArrivalAfterWait          Name = "arrival_after_wait"
	FailedCommitAcknowledged  Name = "failed_commit_acknowledged"
	FallbackIgnoresRevocation Name = "fallback_ignores_revocation"
	InstanceClock             Name = "instance_clock"
	PaperDrawnAgain           Name = "paper_drawn_again"
	RejectionToldSaved        Name = "rejection_told_saved"
	ReplayLedByCursor         Name = "replay_led_by_cursor"
	RevokedGoesOn             Name = "revoked_goes_on"
	RevokedWrites             Name = "revoked_writes"
	ClearedMalformed          Name = "cleared_is_malformed"
	SessionHoldsCursor        Name = "session_holds_cursor"
	VersionNotCompared        Name = "version_not_compared"
	LostReplyGivenAgain       Name = "lost_reply_given_again"
	SignInByInstanceClock     Name = "sign_in_by_instance_clock"
	DraftUnflags              Name = "draft_unflags"
)

// Plants lists every planted bug.
var Plants = []Plant{
	{"expire_at_deadline", "R9", "the server closes at the deadline, without waiting for grace and W"},
	{"grace_counted_twice", "R8", "an answer counts until twice the grace after the deadline"},
	{ExpireUnsure, "R9", "an attempt expires although an outage took its end, before it is extended"},
	{RefuseUnsure, "R9", "a late answer is refused without asking whether an outage took the end of the time"},
	{ExtendNobody, "R9", "after an outage nobody is extended"},
	{ExtendTwice, "R9", "whoever looks after an outage extends the attempt, each under an id of its own"},
	{MarkOwnOnly, "R13", "only the instance that lets an attempt run out marks it: the others wait for ever"},
	{KeysRemembered, "R13", "an instance marks with the keys that it read first, also after they were corrected"},
	{"revision_one_named", "R13", "a marking names the first revision of each key, whichever it used"},
	{"marked_twice", "R13", "what another has marked meanwhile is marked again"},
	{UncheckedExplained, "R12", "practice: an answered question shows its key before it is checked"},
	{RightOptionsCounted, "R12", "the page of a multiple choice is a byte longer for each right option"},
	{ForeignAttempt, "R12", "who knows the address of another's attempt gets in"},
	{"keys_released_while_open", "R12", "released keys are shown while somebody still writes the exam"},
	{"score_released_unasked", "R12", "the score is shown as soon as marking is done, whatever the exam says"},
	{AcknowledgedBeforeCommit, "R1", "a command is acknowledged while its commit is under way"},
	{ArrivalAfterWait, "R8", "a command arrives when its turn comes, not when its body was read"},
	{"checked_takes_answers", "§2", "after a check a save of another answer is acknowledged and dropped"},
	{"closed_takes_answers", "R7", "an attempt that was closed still takes answers, and submissions"},
	{"deadline_without_extension", "R16", "the deadline leaves out the extensions"},
	{"digest_without_salt", "R11", "the digest of a payload is made without its salt"},
	{DraftUnflags, "§7", "an autosave takes the flag away"},
	{"late_draft_applied", "R3", "an autosave that a later command of its page overtook is applied"},
	{"rejected_draft_dropped", "R15", "a rejected autosave is not kept"},
	{"draft_raises_rev", "§2", "an autosave with an equal answer raises rev"},
	{"equal_answer_conflicts", "§4", "a stale command with an equal answer is rejected"},
	{FailedCommitAcknowledged, "R1", "a commit of which nobody knows whether it was done is acknowledged"},
	{FallbackIgnoresRevocation, "§6", "while the session store is down, a sign-in that was ended is believed"},
	{"flag_drops_answer", "§7", "flagging does not save the answer"},
	{"flag_raises_rev", "§2", "flagging raises rev"},
	{"hash_skips_arrival", "R11", "an entry's hash leaves out its arrival"},
	{InstanceClock, "R8", "arrivals are told by the instance's clock"},
	{"left_unanswered", "R5", "linear: a question is left without an answer and without skip"},
	{"linear_by_two", "R5", "linear: a move leads on by two"},
	{"linear_goes_back", "R5", "linear: a question that was left takes commands again, and the cursor goes back"},
	{"no_grace", "R8", "an answer within the grace is refused"},
	{"opening_not_compared", "R7", "a command of an earlier opening takes effect after a reopen"},
	{"other_device_applied", "R10", "devices: one: what another device of the candidate sends is applied, and takes the attempt"},
	{"overtaken_applied", "R3", "a command that a later one of its page overtook is applied"},
	{"own_page_conflicts", "§4", "a page is in conflict with its own autosave"},
	{PaperDrawnAgain, "R14", "the options are put in a new order at each reading"},
	{"pause_costs_time", "R16", "the time of a pause is not given back"},
	{"questions_conflict", "R4", "an answer conflicts with answers to other questions"},
	{"receipt_of_entry_before", "R11", "the receipt names the entry before"},
	{"rejected_judged_again", "R2", "a rejected command that comes again is judged anew"},
	{"finished_said_to_reopened", "R7", "after a reopen commands are refused as finished"},
	{"paused_said_to_resumed", "§4", "an attempt that was paused once is refused as paused ever after"},
	{"closed_said_to_cursor", "R5", "linear: the last question is refused as closed when it is reached"},
	{"invalid_said_to_all_options", "§7", "a multiple choice with every option chosen is refused as no answer to the question"},
	{"time_up_by_old_deadline", "R8", "an answer is refused as too late by the deadline before the extension"},
	{"unanswered_said_to_skip", "R5", "linear: a move that skips knowingly is refused as unanswered"},
	{"rejection_dropped", "R15", "a rejected answer is not kept"},
	{RejectionToldSaved, "R1", "the API says success to a command that was rejected"},
	{"rejection_without_answer", "R15", "a rejection is kept without the answer"},
	{"release_without_owner", "§6", "the session's lock is released without comparing its owner"},
	{"replay_applied_again", "R2", "a command that comes again makes a second entry"},
	{ReplayLedByCursor, "R5", "a command is led to where the attempt stands, not to its own target"},
	{"reused_id_replayed", "R2", "an id that comes again with another content is told that it was applied"},
	{RevokedGoesOn, "§3", "a sign-in that was ended goes on"},
	{RevokedWrites, "§3", "what a sign-in that was ended sends is applied, and answered as signed out"},
	{ClearedMalformed, "§7", "the API takes a save of no answer for malformed"},
	{"save_keeps_rev", "§2", "an explicit save of an equal answer does not raise rev"},
	{SessionHoldsCursor, "§3", "the session, and not the attempt, says where a candidate stands"},
	{"stale_applied", "R3", "a stale command is applied"},
	{"stale_page_renewed", "§4", "a stale command with an equal answer renews its page's rev"},
	{"start_ignores_seen", "R10", "a start that is re-sent or delayed opens another attempt"},
	{"submitted_unseen", "R3", "an attempt is handed in with answers that the review page had not shown"},
	{"time_up_closes", "R9", "what the page sends at zero closes the attempt"},
	{VersionNotCompared, "R3", "an attempt that moved is written on what was read before"},
	{LostReplyGivenAgain, "R2", "a command whose outcome nobody knows is given again, under a new id"},
	{SignInByInstanceClock, "§3", "a sign-in begins by the clock of the instance that took it"},
	{"lost_session_signs_out", "§6", "a session that the store has lost signs its owner out"},
	{"unsaved_sign_in_without_cookie", "§6", "a sign-in whose session could not be saved is acknowledged without its cookie"},
}
