// Shows what the invigilators say. What is dismissed stays so on the attempt's pages in this browser:
// the server leaves out what the cookie lists.

// As many as a page shows, and as the cookie holds.
const MOST = 30;
// How much of a message's id the cookie holds.
const ID_LENGTH = 8;

export class Messages {
  constructor(root, say) {
    this.say = say;
    this.cookie = root.dataset.dismissed;
    this.path = root.dataset.attemptPath;
    this.section = root.querySelector("[data-messages]");
    this.list = root.querySelector("[data-message-list]");
    this.template = root.querySelector("[data-message-template]");
    for (const item of this.list.children) this.offer(item);
  }

  // show adds and removes until the list is what the server told, the newest first.
  show(messages) {
    const dismissed = this.dismissed();
    const wanted = messages.filter((m) => !dismissed.includes(m.id.slice(0, ID_LENGTH)));
    for (const item of [...this.list.children]) {
      if (!wanted.some((m) => m.id === item.dataset.message)) item.remove();
    }
    for (const m of wanted.reverse()) {
      if (this.list.querySelector(`[data-message="${CSS.escape(m.id)}"]`)) continue;
      this.list.prepend(this.made(m));
      this.say("message", { text: m.text });
    }
    this.tidy();
  }

  made(message) {
    const item = this.template.content.firstElementChild.cloneNode(true);
    item.dataset.message = message.id;
    item.querySelector("[data-message-text]").textContent = message.text;
    item.querySelector("[data-message-at]").textContent = message.at;
    this.offer(item);
    return item;
  }

  offer(item) {
    const button = item.querySelector("[data-dismiss]");
    button.hidden = false;
    button.addEventListener("click", () => this.dismiss(item));
  }

  dismiss(item) {
    const ids = [...this.dismissed(), item.dataset.message.slice(0, ID_LENGTH)].slice(-MOST);
    document.cookie = `${this.cookie}=${ids.join(".")}; path=${this.path}; samesite=lax`;
    const neighbour = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    neighbour?.querySelector("[data-dismiss]").focus();
    this.tidy();
  }

  dismissed() {
    const found = document.cookie.split("; ").find((c) => c.startsWith(`${this.cookie}=`));
    return found ? found.slice(this.cookie.length + 1).split(".") : [];
  }

  tidy() {
    this.section.hidden = this.list.children.length === 0;
  }
}
