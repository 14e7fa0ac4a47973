// Everything here is a courtesy: each page works without any of it.
import { startCountdown } from "./countdown.js";
import { follow } from "./follow.js";
import { sendOnce } from "./once.js";
import { revalidateOnReturn } from "./revalidate.js";
import { holdWhileSending } from "./underway.js";
import { warnUnsaved } from "./unsaved.js";

revalidateOnReturn();
sendOnce();
holdWhileSending();
warnUnsaved();
startCountdown();
follow();
document.querySelector("[data-focus]")?.focus();
