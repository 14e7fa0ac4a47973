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
const told = document.querySelector("[data-focus]");
told?.focus();
// Where one page of work follows another, the hands stay on the keyboard. A phone would open its own.
if (!told && !matchMedia("(pointer: coarse)").matches) {
  document.querySelector("[data-start]")?.focus({ preventScroll: true });
}
