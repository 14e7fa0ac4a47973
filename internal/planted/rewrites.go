package planted

// A Rewrite is a bug of a script: a text of a file of static that stands there once, and what a tired engineer would
// have written in its place. The program is built from the changed file; nothing of it is in the product.
type Rewrite struct {
	Plant
	File     string // in the folder static
	From, To string
	Package  string // of the tests that notice it
	Tests    []string
}

// Rewrites lists the bugs that are planted in scripts: in autosave, outbox and what follows from them.
var Rewrites = []Rewrite{
	{
		Plant{"entry_leaves_unanswered", "R1", "browser: an autosave leaves the outbox though nobody answered"}, "autosave.js",
		`    if (["acknowledged", "rejected"].includes(outcome.is)) await settled(key, id);`, `    await settled(key, id);`,
		"handlers", []string{"TestOfflineIsKeptAndSavedOnce", "TestTextOutlivesTheTab"},
	},
	{
		Plant{"orphan_leaves_unanswered", "R1", "browser: what a page left behind leaves the outbox though nobody answered"}, "resend.js",
		`    const outcome = await judged(entry);`, `    const outcome = await judged(entry);
    await settled(entry.key, entry.command_id);`,
		"handlers", []string{"TestTextOutlivesTheTab"},
	},
	{
		Plant{"resent_under_new_id", "R2", "browser: an autosave that is sent again is another command"}, "autosave.js",
		`    const saving = send(entry.command, isLeaving)`,
		`    const saving = send({ ...entry.command, body: entry.command.body.replace(entry.command.command_id, newID()) }, isLeaving)`,
		"handlers", []string{"TestOfflineIsKeptAndSavedOnce"},
	},
	{
		Plant{"older_entry_replaces_newer", "R3", "browser: an older autosave takes the place of a newer one in the outbox"}, "outbox.js",
		`      if (!there || there.seq <= entry.seq) await done(store.put(entry));`, `      await done(store.put(entry));`,
		"static", []string{"TestOutboxKeepsTheNewestOfAPage"},
	},
	{
		Plant{"draft_goes_with_older_form", "R1", "browser: an acknowledged form takes an autosave with it that came after it"}, "outbox.js",
		`    if (other && other.seq < entry.seq) remove(other.key);`, `    if (other) remove(other.key);`,
		"static", []string{"TestOutboxKeepsTheNewestOfAPage"},
	},
	{
		Plant{"newer_entry_settled_by_older", "R1", "browser: an acknowledgement removes whatever the page has in the outbox by then"}, "outbox.js",
		`    if (entry?.command_id !== commandID) return;`, `    if (!entry) return;`,
		"static", []string{"TestOutboxKeepsTheNewestOfAPage"},
	},
	{
		Plant{"another_owners_entries_sent", "R12", "browser: whoever signs in sends what another has left in the outbox"}, "outbox.js",
		`store.index("owner").getAll(owner)`, `store.getAll()`,
		"static", []string{"TestOutboxKeepsTheNewestOfAPage"},
	},
	{
		Plant{"saved_said_when_sent", "R1", "browser: the page says that an answer is saved as soon as it is sent"}, "state.js",
		`    return this.entry !== null || this.screen !== this.saved;`,
		`    return this.flying?.content !== this.screen && (this.entry !== null || this.screen !== this.saved);`,
		"static", []string{"TestDraft"},
	},
	{
		Plant{"older_answer_says_saved", "R1", "browser: the answer to an earlier autosave counts as that to a later one"}, "state.js",
		`    if (entry.seq > this.seq) Object.assign(this, { saved: entry.content, seq: entry.seq });`,
		`    Object.assign(this, { saved: this.screen, seq: entry.seq });`,
		"static", []string{"TestDraft"},
	},
	{
		Plant{"leaving_sends_without_seq", "R3", "browser: what is sent while the page is left has no seq"}, "send.js",
		`  return { ...request, keepalive, signal: AbortSignal.timeout(PATIENCE), body };`,
		`  return { ...request, keepalive, signal: AbortSignal.timeout(PATIENCE), body: leaving ? body.replace(/"seq":\d+,/, "") : body };`,
		"handlers", []string{"TestLeavingSavesWhatIsOnTheScreen"},
	},
	{
		Plant{"leaving_sends_nothing", "R1", "browser: what is on the screen is not sent when the page is left"}, "autosave.js",
		`    if (!this.draft.held && !isSending()) this.save(true);`, `    if (!this.draft.held && !isSending()) this.plan();`,
		"handlers", []string{"TestLeavingSavesWhatIsOnTheScreen"},
	},
	{
		Plant{"too_large_to_leave", "R1", "browser: a long answer is sent in a way that browsers refuse when the page is left"}, "send.js",
		`  const keepalive = leaving && new Blob([body]).size < KEEPALIVE;`, `  const keepalive = leaving;`,
		"static", []string{"TestSendAsks"},
	},
	{
		Plant{"signed_out_drops_answer", "R1", "browser: what is sent while nobody is signed in counts as rejected, and leaves the outbox"}, "send.js",
		`  if (answer.status === 401) return { is: "signed-out" };`, `  if (answer.status === 401) return { is: "rejected", reason: "finished" };`,
		"static", []string{"TestSend"},
	},
	{
		Plant{"strangers_redirect_acknowledges", "R1", "browser: any redirect counts as the acknowledgement of a form"}, "send.js",
		`    return await isAnswered(entry) ? { is: "acknowledged", at: NaN } : FOREIGN;`, `    return { is: "acknowledged", at: NaN };`,
		"static", []string{"TestSend"},
	},
	{
		Plant{"stale_draft_forced", "R3", "browser: a stale autosave is sent again as if its page had seen what is saved"}, "autosave.js",
		`        draft.rejected(entry, reason);`,
		`        if (reason === "stale") this.form.elements.rev.value = String(Number(this.form.elements.rev.value) + 1);
        draft.rejected(entry, reason);
        if (reason === "stale") draft.go();`,
		"handlers", []string{"TestStaleDraftLeadsToTheChoice"},
	},
	{
		Plant{"late_answer_forgotten", "R15", "browser: nobody is told that what a page left behind was rejected"}, "resend.js",
		`    if (outcome.is === "rejected") await put({ ...entry, rejected: outcome.reason });`,
		`    if (outcome.is === "rejected") await settled(entry.key, entry.command_id);`,
		"handlers", []string{"TestKeptTooLongIsTold"},
	},
	{
		Plant{"kept_page_unchecked", "R3", "browser: a page that comes back as it was left is used as it is"}, "travel.js",
		`    else if (!isAsShown(main, standing)) this.renew();`, `    else isAsShown(main, standing);`,
		"handlers", []string{"TestAPageThatComesBackIsChecked"},
	},
	{
		Plant{"taken_back_unseen", "R10", "browser: a page whose exam was on another device shows what was saved before"}, "follow.js",
		`    else this.way.renew();
  }

  end() {
    super.end();`, `    else this.say("here", {});
  }

  end() {
    super.end();`,
		"handlers", []string{"TestWhatTheOtherDeviceSavedIsShown"},
	},
}
