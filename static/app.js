// Everything here is a courtesy: each page works without any of it.
import { goOnAgain } from "./again.js";
import { autosave } from "./autosave.js";
import { confirmSubmission } from "./confirm.js";
import { startCountdown } from "./countdown.js";
import { chooseDisplay } from "./display.js";
import { focusStart } from "./focus.js";
import { follow } from "./follow.js";
import { listenForGaps, measureGaps } from "./gap.js";
import { sendOnce } from "./once.js";
import { previewWhileTyping } from "./preview.js";
import { refreshWaiting } from "./refresh.js";
import { startResending } from "./resend.js";
import { revalidateOnReturn } from "./revalidate.js";
import { Screen } from "./screen.js";
import { reachScrolled } from "./scrolls.js";
import { pressByKeys } from "./shortcuts.js";
import { watchSignOut } from "./signout.js";
import { joinTabs } from "./tabs.js";
import { Travel } from "./travel.js";
import { holdWhileSending } from "./underway.js";
import { warnUnsaved } from "./unsaved.js";

// What belongs to one rendering: for every main element that is shown.
const showAnew = () => screen.way.renew();
const screen = new Screen([
  warnUnsaved, joinTabs, autosave(showAnew), startCountdown, measureGaps, follow, goOnAgain, refreshWaiting, previewWhileTyping, confirmSubmission, focusStart,
  reachScrolled,
]);

// What belongs to the tab: once. Who hears of a submission first may stop it.
const main = document.querySelector("main");
watchSignOut();
sendOnce();
const travel = main.dataset.attempt && document.body.dataset.owner ? new Travel(screen, main) : null;
if (travel) screen.way = travel;
revalidateOnReturn(travel);
holdWhileSending();
listenForGaps();
chooseDisplay();
pressByKeys();
screen.mount(main);
startResending(showAnew);
travel?.restore();
performance.mark("interactive");
