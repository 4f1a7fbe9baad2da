// What makes the pages quicker to use; every one of them works without it.
// What somebody types stays in this tab's memory and on the server: never in the browser's storage.

const WARN_BEFORE = 2 * 60 * 1000;
const AUTOSAVE_AFTER = 1500;
const SECOND_CLICK_AFTER = 8000;

/** Starts everything. `components`: where the script of the design system's components is. */
export async function start(components) {
  guardAgainstSecondClick();
  keepWhatWasTyped();
  warnBeforeTimeout();
  autosave();
  openFoldedTextForPrint();
  copyTexts();
  bringNames();
  try {
    await (await import(components)).startComponents();
  } catch {
    // It could not be fetched, or is the empty file that stands in for it: the page is complete without.
  }
}

function say(text) {
  const place = document.getElementById("hsb-announcement");
  if (place) place.textContent = text;
}

function timeNow() {
  const now = new Date();
  const hour = now.getHours();
  return `${hour % 12 || 12}:${String(now.getMinutes()).padStart(2, "0")}${hour < 12 ? "am" : "pm"}`;
}

// --- Names of colleagues: hundreds of them, asked for when somebody comes to the box ------------------------------

function bringNames() {
  const bring = async (box) => {
    const list = box?.getAttribute("list");
    if (!box?.dataset.names || document.getElementById(list)) return;
    const offered = Object.assign(document.createElement("datalist"), { id: list });
    document.body.append(offered);
    try {
      const { names } = await (await fetch(box.dataset.names)).json();
      offered.append(...names.map((value) => Object.assign(document.createElement("option"), { value })));
    } catch {
      offered.remove(); // The next time, perhaps; a name that is typed is found all the same.
    }
  };
  document.addEventListener("focusin", (event) => bring(event.target));
  bring(document.activeElement);
}

// --- A double click sends once; the server's own key is the real guard ------------------------------------------

function guardAgainstSecondClick() {
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.method !== "post" || form.closest("dialog")) return;
    if (Date.now() - (sent.get(form) ?? 0) < SECOND_CLICK_AFTER) {
      event.preventDefault();
      say("This is already being sent.");
      return;
    }
    sent.set(form, Date.now());
  });
  // Coming back with the browser's own button: the form may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach((form) => sent.delete(form));
  });
}

// --- Text that was typed and not yet sent -------------------------------------------------------------------------

const unsent = new Set();

function keepWhatWasTyped() {
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.method === "post" && !form.matches(".hsb-header__search")) unsent.add(form);
  });
  document.addEventListener("submit", (event) => {
    if (navigator.onLine === false) {
      event.preventDefault();
      event.stopImmediatePropagation();
      showNotice(event.target, "You are offline, so nothing was sent. What you typed is still on this page. Try again when you are connected.");
    } else if (!event.defaultPrevented) {
      unsent.delete(event.target);
    }
  }, true);
  window.addEventListener("beforeunload", (event) => {
    if (unsent.size) event.preventDefault();
  });
}

function showNotice(form, text) {
  let notice = form.querySelector(".hsb-plain-notice");
  if (!notice) {
    notice = document.createElement("p");
    notice.className = "hsb-plain-notice";
    notice.setAttribute("role", "alert");
    form.append(notice);
  }
  notice.textContent = text;
}

// --- Two minutes before the session is locked ------------------------------------------------------------------------

function warnBeforeTimeout() {
  const dialog = document.getElementById("hsb-timeout");
  if (!dialog?.showModal) return;
  const text = dialog.querySelector("[data-timeout-text]");
  const title = dialog.querySelector("h2");
  const stay = dialog.querySelector("[data-timeout-stay]");
  const idle = Number(dialog.dataset.idleMinutes) * 60 * 1000;
  const close = dialog.querySelector("[data-timeout-close]");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("hsb-session") : null;
  // The server's clock counts: a laptop's may be wrong, so only the time that is left is taken from it.
  let endsAt = Date.now() + Date.parse(dialog.dataset.endsAt) - Date.parse(dialog.dataset.now);
  let timer;

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(check, Math.max(0, Math.min(endsAt - WARN_BEFORE - Date.now(), 2 ** 31 - 1)));
  }
  function check() {
    const left = endsAt - Date.now();
    if (left > WARN_BEFORE) {
      if (dialog.open) dialog.close();
      wait();
    } else if (left > 0) {
      if (!dialog.open) {
        title.textContent = "You will be signed out soon";
        text.textContent = `You will be signed out at ${clock(endsAt)}, because you have not sent anything for a while. What you have typed stays on this page.`;
        stay.hidden = false;
        close.hidden = true;
        dialog.showModal();
      }
      clearTimeout(timer);
      timer = setTimeout(check, Math.min(left, 5000));
    } else {
      locked();
    }
  }
  function locked() {
    title.textContent = "Your session is locked";
    text.textContent = "What you typed is still on this page. If you send it now, it is kept as your draft while you sign in again.";
    stay.hidden = true;
    close.hidden = false;
    if (!dialog.open) dialog.showModal();
    close.focus();
  }
  function clock(at) {
    const day = new Date(at);
    const hour = day.getHours();
    return `${hour % 12 || 12}:${String(day.getMinutes()).padStart(2, "0")}${hour < 12 ? "am" : "pm"}`;
  }
  stay.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    text.textContent = "Asking the service to keep you signed in.";
    try {
      const answer = await fetch(stay.form.action, { method: "POST", body: new FormData(stay.form), redirect: "error", cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      endsAt = Date.now() + idle;
      tabs?.postMessage(endsAt);
      dialog.close();
      say("You are still signed in.");
      wait();
    } catch {
      text.textContent = navigator.onLine === false
        ? "You are offline, so the service could not be asked. What you typed is still on this page."
        : "You are no longer signed in. What you typed is still on this page: send it, and it is kept as your draft while you sign in again.";
      close.hidden = false;
    }
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (stay.hidden) dialog.close();
    else stay.form.requestSubmit();
  });
  // Another tab of the same session was used: this one lasts as long as that one.
  tabs?.addEventListener("message", (event) => {
    endsAt = Math.max(endsAt, event.data);
    check();
  });
  tabs?.postMessage(endsAt);
  document.addEventListener("visibilitychange", () => document.hidden || check());
  // A draft was saved: that counts as being there.
  document.addEventListener("hsb:saved", () => {
    endsAt = Math.max(endsAt, Date.now() + idle);
    tabs?.postMessage(endsAt);
    wait();
  });
  wait();
}

// --- Drafts save themselves, and say when ---------------------------------------------------------------------------------

function autosave() {
  for (const form of document.querySelectorAll("form[data-autosave-url], [data-autosave-url] form")) {
    const address = form.closest("[data-autosave-url]").dataset.autosaveUrl;
    const saved = document.createElement("p");
    saved.className = "hsb-saved";
    saved.setAttribute("aria-live", "polite");
    form.append(saved);
    let timer;
    let running = false;
    let again = false;
    let gone = new AbortController();

    const save = async () => {
      if (running) {
        again = true;
        return;
      }
      running = true;
      again = false;
      try {
        const answer = await fetch(address, { method: "POST", body: typedIn(form), redirect: "error", headers: { Accept: "application/json" }, signal: gone.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json().catch(() => ({}));
        saved.textContent = `Saved at ${told.saved_at ?? timeNow()}`;
        if (!again) unsent.delete(form);
        document.dispatchEvent(new Event("hsb:saved"));
      } catch {
        saved.textContent = `Not saved at ${timeNow()}. What you typed is still on this page; it will be tried again when you go on typing.`;
      } finally {
        running = false;
        if (again) save();
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(save, AUTOSAVE_AFTER);
    });
    // What is sent now is no draft any more: a save under way must not bring it back afterwards.
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      clearTimeout(timer);
      again = false;
      gone.abort();
      gone = new AbortController();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && unsent.has(form)) save();
    });
  }
}

/** The form as it stands, without files, with the path of the page whose draft it is. */
function typedIn(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  data.set("page", location.pathname);
  return data;
}

// --- Print shows what is folded ---------------------------------------------------------------------------------------------

function openFoldedTextForPrint() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((details) => (details.open = true));
  });
  window.addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));
}

// --- A text to take elsewhere ------------------------------------------------------------------------------------------------

/** Shows the buttons that copy a text of the page; without them it is marked and copied by hand. */
function copyTexts() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const text = document.getElementById(button.dataset.copies);
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.value);
        say("The text is copied.");
      } catch {
        text.select();
        say("The text is marked: copy it with your keyboard.");
      }
    });
  }
}
