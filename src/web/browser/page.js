// What only a browser can do: show a password, copy, download, print, open a dialog. Every page works without it.

document.documentElement.classList.add('works');

/** For screen readers, which say nothing of a button that changes its name; and only of what changes in a place they know. */
function speak(text) {
  const place = document.createElement('p');
  place.role = 'status';
  place.className = 'unseen';
  document.body.append(place);
  setTimeout(() => {
    place.textContent = text;
  }, 100);
  setTimeout(() => place.remove(), 2000);
}

/** `button` stands in the place of its own success for two seconds. */
function tell(button, text) {
  const place = button.querySelector('span') ?? button;
  const before = place.textContent;
  if (before === text) return;
  speak(text);
  place.textContent = text;
  setTimeout(() => {
    place.textContent = before;
  }, 2000);
}

/** The text of the element with that id; of a list of codes, one a line. */
function textOf(id) {
  const element = document.getElementById(id);
  const lines = [...element.querySelectorAll('code')].map((code) => code.textContent);
  return lines.length > 0 ? `${lines.join('\n')}\n` : (element.dataset.text ?? element.textContent);
}

/** For a browser that forbids the clipboard: the person copies what is marked. */
function markText(id) {
  getSelection().selectAllChildren(document.getElementById(id));
}

function download(id, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([textOf(id)], { type: 'text/plain' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

document.addEventListener('click', async (event) => {
  const pressed = event.target.closest('[data-copy],[data-download],[data-print],[data-dialog]');
  if (!pressed) return;
  const { copy, done, download: from, filename, dialog } = pressed.dataset;
  if (copy) {
    try {
      await navigator.clipboard.writeText(textOf(copy));
      tell(pressed, done);
    } catch {
      markText(copy);
    }
  } else if (from) download(from, filename);
  else if (dialog) {
    // A second window or tab gets the page that the link names.
    const opened = document.getElementById(dialog);
    if (!opened || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    opened.showModal();
  } else print();
});

/** A second press drops the answer to the first: a code that was right would look used up. Later, the person means it. */
const AGAIN = 10_000;
let sent;
let at;
document.addEventListener('submit', (event) => {
  const { target: form, submitter, timeStamp } = event;
  // After a download the page stays, and a dialog that is closed sends nothing.
  if (event.defaultPrevented || 'stays' in form.dataset || submitter?.formMethod === 'dialog') return;
  if (form === sent && timeStamp - at < AGAIN) return event.preventDefault();
  sent = form;
  at = timeStamp;
});
// Back from the page that followed. It comes once the page is loaded, too, which may be after a first press.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) sent = null;
});
// Stopped before an answer came: who presses again means it.
self.navigation?.addEventListener('navigateerror', () => {
  sent = null;
});

// A link that looks and reads like a button is pressed like one.
document.addEventListener('keydown', (event) => {
  if (event.key !== ' ' || !event.target.matches('a[role=button]')) return;
  event.preventDefault();
  event.target.click();
});

// Live regions speak of what changes; a page that comes with its notice changes nothing. So the notice has the focus, unless
// something to fill in or to press has it: then it is read out after that, if that does not say it itself.
document.addEventListener('DOMContentLoaded', () => {
  const news = document.querySelector('main .notice[tabindex]');
  if (!news) return;
  const { activeElement: held, body } = document;
  if (held === body && !document.querySelector('main [autofocus]:not(dialog *)')) news.focus();
  else if (!news.id) speak(news.textContent);
});

const { show, showLabel, hide, hideLabel } = document.body.dataset;
for (const input of document.querySelectorAll('.secret > input')) {
  const toggle = document.createElement('button');
  const rest = document.createElement('span');
  rest.className = 'unseen';
  const turn = (shown) => {
    input.type = shown ? 'text' : 'password';
    const [seen, whole] = shown ? [hide, hideLabel] : [show, showLabel];
    // No aria-label: "Password" is to be the label of the field alone.
    rest.textContent = whole.slice(seen.length);
    toggle.replaceChildren(seen, rest);
  };
  toggle.type = 'button';
  toggle.className = 'reveal';
  toggle.addEventListener('click', () => turn(input.type === 'password'));
  turn(false);
  input.after(toggle);
  input.parentElement.classList.add('shows');
  // Sent as a password in any case, so that the browser offers to keep it and not to complete it as a text.
  input.form?.addEventListener('submit', () => turn(false));
}
