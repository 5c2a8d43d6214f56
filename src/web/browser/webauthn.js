// The button of a form with data-options starts the browser's own ceremony; its answer is posted by that form.

const LATE = 30_000;
/** Nobody says no as quickly as this: the browser has answered by itself. */
const AT_ONCE = 1_000;
const platform = self.PublicKeyCredential;
const able = platform?.parseRequestOptionsFromJSON && platform.parseCreationOptionsFromJSON;
const { credentials } = navigator;
/** What waits for the person: one ceremony at a time. */
let running = new AbortController();

for (const form of document.querySelectorAll('form[data-options]')) prepare(form);
for (const { dataset } of document.querySelectorAll('[data-accepted],[data-unknown]')) signal(dataset);

function prepare(form) {
  const { webauthn: kind, page } = form.dataset;
  const button = form.querySelector('button');
  const said = form.querySelector('.said');
  const email = document.querySelector('[autocomplete~=webauthn]');
  let options = JSON.parse(form.dataset.options);
  let since = performance.now();
  const age = () => performance.now() - since;
  const isOld = () => age() > options.timeout - LATE;
  const say = (name) => {
    said.textContent = form.dataset[name] ?? '';
  };
  const setBusy = (busy) => {
    button.disabled = busy;
    form.toggleAttribute('aria-busy', busy);
    say(busy ? 'busy' : '');
  };

  if (!able) {
    // Beside a password it is only in the way.
    if (email) return form.remove();
    button.disabled = true;
    return say('unsupported');
  }

  /** Whoever leaves a page open for long is asked anew: the server takes no challenge older than five minutes. */
  async function renew() {
    if (!isOld()) return;
    const text = await (await fetch(page)).text();
    const there = new DOMParser().parseFromString(text, 'text/html');
    const next = there.querySelector(`form[data-webauthn=${kind}]`);
    // The sign-in has ended in the meantime: the page itself says so.
    if (!next) throw location.assign(page);
    options = JSON.parse(next.dataset.options);
    since = performance.now();
  }

  async function answer(extra) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    await renew();
    const credential =
      kind === 'create'
        ? await create(signal)
        : await credentials.get({
            publicKey: platform.parseRequestOptionsFromJSON(options),
            signal,
            ...extra,
          });
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  }

  /**
   * Chromium makes no passkey on a key in a port that can't check who holds it, and refuses at once instead of making a
   * key for the second step alone, which is all that such a one is to be (R19): then exactly that is asked for.
   */
  async function create(signal) {
    const publicKey = platform.parseCreationOptionsFromJSON(options);
    const begun = performance.now();
    try {
      return await credentials.create({ publicKey, signal });
    } catch (error) {
      if (error?.name !== 'NotAllowedError' || performance.now() - begun > AT_ONCE) throw error;
      publicKey.authenticatorSelection.residentKey = 'discouraged';
      return credentials.create({ publicKey, signal });
    }
  }

  /** In the list of the e-mail field, until something else is chosen; not what was refused a moment ago, again and again. */
  async function offer() {
    if (email && !('tried' in form.dataset) && (await platform.isConditionalMediationAvailable?.()))
      answer({ mediation: 'conditional' }).catch(() => {});
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    setBusy(true);
    try {
      await answer();
    } catch (error) {
      const slow = age() >= options.timeout;
      setBusy(false);
      // While it was busy it could not hold the focus: whoever has no mouse is where they were.
      if (document.activeElement === document.body) button.focus();
      say(
        { InvalidStateError: 'known', NotAllowedError: slow ? 'slow' : 'cancelled', AbortError: 'cancelled' }[
          error?.name
        ] ?? 'failed',
      );
      offer();
    }
  });
  // Back from the page that followed: nothing is running any more.
  addEventListener('pageshow', ({ persisted }) => persisted && setBusy(false));
  document.addEventListener(
    'visibilitychange',
    () => !document.hidden && !button.disabled && isOld() && offer(),
  );
  offer();
  // As the field of a code has it, where there is nothing to type.
  if (kind === 'get' && !email) button.focus();
}

/** The browser forgets what was removed here; not every browser can be told. */
function signal({ accepted, unknown }) {
  if (accepted) platform?.signalAllAcceptedCredentials?.(JSON.parse(accepted)).catch(() => {});
  if (unknown) platform?.signalUnknownCredential?.(JSON.parse(unknown)).catch(() => {});
}
