// The outbox: commands of this browser that no server has acknowledged yet. It outlives pages, tabs and the
// browser. An entry leaves it by an acknowledgement, by a rejection that the server keeps, or when its owner
// discards it, and by nothing else.
//
// An entry is { key, owner, attempt, position, page, kind, path, body, command_id, seq, rev, opening, at, label }:
// kind "draft" (body: JSON of the API) or "form" (body: urlencoded), key as keyOf makes it, at in milliseconds of the
// browser's clock. There is one entry for a key: the one with the highest seq of its page.
//
// A position that is shown once more while an entry of it is open goes on as that entry's page, with the next seq:
// as another page it would be in conflict with what the entry saves.

const NAME = "shiken";
const STORE = "outbox";
// A database that does not answer within this time cannot be had, in milliseconds.
const PATIENCE = 3000;
const LOCK = "shiken:page:";

// What the database has not taken, or not yet, by key; it goes with the tab.
const memory = new Map();
// The pages of this document that live, and those that do no more.
const living = new Set();
const left = new Set();

let opened = null;

export function keyOf(kind, page) {
  return kind === "draft" ? page : `${page}:${kind}`;
}

// put keeps an entry in place of an older one of its key. It tells whether the browser keeps it: otherwise it is
// kept by this document alone.
export async function put(entry) {
  // In the memory first: what is acknowledged before the database has answered leaves it.
  const older = memory.get(entry.key);
  if (!older || older.seq <= entry.seq) memory.set(entry.key, entry);
  try {
    await change(async (store) => {
      const there = await done(store.get(entry.key));
      if (!there || there.seq <= entry.seq) await done(store.put(entry));
    });
    if (memory.get(entry.key) === entry) memory.delete(entry.key);
    return true;
  } catch {
    return false;
  }
}

// settled removes an entry if it still is the command with this id. What its page had before it goes as well: the
// server would take no answer of it any more.
export async function settled(key, commandID) {
  await removing(async (get, remove) => {
    const entry = await get(key);
    if (entry?.command_id !== commandID) return;
    remove(key);
    const other = await get(keyOf(entry.kind === "draft" ? "form" : "draft", entry.page));
    if (other && other.seq < entry.seq) remove(other.key);
  });
}

// discard removes entries because their owner says so.
export async function discard(entries) {
  await removing(async (get, remove) => {
    for (const { key, command_id: id } of entries) {
      if ((await get(key))?.command_id === id) remove(key);
    }
  });
}

// of lists what is kept of an owner, the oldest first.
export async function of(owner) {
  const inMemory = [...memory.values()].filter((entry) => entry.owner === owner);
  const stored = await change((store) => done(store.index("owner").getAll(owner))).catch(() => []);
  return [...stored.filter((entry) => !memory.has(entry.key)), ...inMemory].sort((a, b) => a.at - b.at || a.seq - b.seq);
}

// removing looks for entries, and removes some, in the memory and in the database.
async function removing(judge) {
  await judge((key) => memory.get(key), (key) => memory.delete(key));
  await change((store) => judge((key) => done(store.get(key)), (key) => store.delete(key))).catch(() => {
    // What cannot be removed is sent once more, and replayed (R2).
  });
}

// change lets work read and write within one transaction, and is over when that is committed.
async function change(work) {
  const transaction = (await database()).transaction(STORE, "readwrite");
  const committed = new Promise((resolve, reject) => {
    transaction.addEventListener("complete", resolve);
    transaction.addEventListener("abort", () => reject(transaction.error));
  });
  const [result] = await inTime(Promise.all([work(transaction.objectStore(STORE)), committed]));
  return result;
}

// inTime gives up what a database that hangs would never end.
function inTime(promise) {
  let timer = null;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("the database does not answer")), PATIENCE); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

// database opens the database once; after a failure it is tried again with the next change.
function database() {
  opened ??= open().catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function open() {
  const request = indexedDB.open(NAME, 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore(STORE, { keyPath: "key" }).createIndex("owner", "owner");
  });
  const db = await inTime(done(request));
  const forget = () => { opened = null; };
  db.addEventListener("close", forget);
  db.addEventListener("versionchange", () => {
    db.close();
    forget();
  });
  return db;
}

// hold says that a page lives, until it is left or the signal says so: its entries are its own business. Where the
// browser has no locks entries may be sent twice, which does no harm (R2).
export function hold(page, signal) {
  let release = null;
  const take = () => {
    const until = new Promise((resolve) => { release = resolve; });
    navigator.locks?.request(LOCK + page, () => until);
  };
  take();
  living.add(page);
  left.delete(page);
  addEventListener("pagehide", () => release(), { signal });
  addEventListener("pageshow", (event) => { if (event.persisted) take(); }, { signal });
  signal.addEventListener("abort", () => {
    living.delete(page);
    left.add(page); // at once: the lock is free a little later
    release();
  });
}

// held gives the pages that live, in all tabs of this browser.
export async function held() {
  const { held: locks } = await navigator.locks?.query() ?? { held: [] };
  const pages = locks.filter(({ name }) => name.startsWith(LOCK)).map(({ name }) => name.slice(LOCK.length));
  return new Set([...pages.filter((page) => !left.has(page)), ...living]);
}
