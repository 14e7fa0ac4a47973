// Everything here is a courtesy: each page works without any of it.
import { goOnAgain } from "./again.js";
import { autosave } from "./autosave.js";
import { startCountdown } from "./countdown.js";
import { chooseDisplay } from "./display.js";
import { focusStart } from "./focus.js";
import { follow } from "./follow.js";
import { listenForGaps, measureGaps } from "./gap.js";
import { keepWhatIsSent } from "./kept.js";
import { sendOnce } from "./once.js";
import { previewWhileTyping } from "./preview.js";
import { refreshWaiting } from "./refresh.js";
import { startResending } from "./resend.js";
import { revalidateOnReturn } from "./revalidate.js";
import { Screen } from "./screen.js";
import { pressByKeys } from "./shortcuts.js";
import { watchSignOut } from "./signout.js";
import { joinTabs } from "./tabs.js";
import { holdWhileSending } from "./underway.js";
import { warnUnsaved } from "./unsaved.js";
import { settleUnsent } from "./unsent.js";

// What belongs to the tab: once.
revalidateOnReturn();
sendOnce();
holdWhileSending();
keepWhatIsSent();
listenForGaps();
chooseDisplay();
pressByKeys();
watchSignOut();

// What belongs to one rendering: for every main element that is shown.
const showAnew = () => location.reload();
const screen = new Screen([
  warnUnsaved, joinTabs, autosave(showAnew), startCountdown, measureGaps, follow, goOnAgain, refreshWaiting, previewWhileTyping, focusStart,
]);
screen.mount(document.querySelector("main"));
settleUnsent();
startResending(showAnew);
