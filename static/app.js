// Everything here is a courtesy: each page works without any of it.
import { goOnAgain } from "./again.js";
import { startCountdown } from "./countdown.js";
import { follow } from "./follow.js";
import { measureGaps } from "./gap.js";
import { keepWhatIsSent } from "./kept.js";
import { sendOnce } from "./once.js";
import { previewWhileTyping } from "./preview.js";
import { refreshWaiting } from "./refresh.js";
import { revalidateOnReturn } from "./revalidate.js";
import { holdWhileSending } from "./underway.js";
import { warnUnsaved } from "./unsaved.js";
import { settleUnsent } from "./unsent.js";

revalidateOnReturn();
sendOnce();
holdWhileSending();
keepWhatIsSent();
warnUnsaved();
startCountdown();
measureGaps();
follow();
settleUnsent();
goOnAgain();
refreshWaiting();
previewWhileTyping();
document.querySelector("[data-focus]")?.focus();
