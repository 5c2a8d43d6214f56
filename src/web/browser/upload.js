// Sends a form with a file so that one can see how far it is, and stop it. Without this script the browser sends it itself.

for (const form of document.querySelectorAll('form[data-upload]')) watch(form);

function watch(form) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const { size } = form.querySelector('input[type=file]').files[0];
    const { upload, tooLarge } = form.dataset;
    if (size > Number(upload)) tell(form, tooLarge);
    else send(form);
  });
}

function send(form) {
  const { sent, checking, broken, stopped, stop, progress } = form.dataset;
  const request = new XMLHttpRequest();
  const bar = Object.assign(document.createElement('progress'), { max: 100, value: 0, ariaLabel: progress });
  const button = Object.assign(document.createElement('button'), {
    type: 'button',
    className: 'button secondary',
    textContent: stop,
  });
  const box = document.createElement('div');
  box.className = 'sending';
  box.append(bar, button);
  const line = tell(form, '');
  form.querySelector('.actions').hidden = true;
  form.append(box);
  button.focus();

  const giveUp = (text) => {
    box.remove();
    form.querySelector('.actions').hidden = false;
    form.querySelector('.primary').focus();
    tell(form, text);
  };
  button.addEventListener('click', () => request.abort());
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    const percent = Math.floor((loaded / total) * 100);
    if (percent === bar.value && percent > 0) return;
    bar.value = percent;
    const size = sizeOf(total);
    // Read out now and then only.
    line.setAttribute('aria-live', percent % 10 === 0 ? 'polite' : 'off');
    line.textContent =
      loaded === total ? checking : sent.replace('{percent}', percent).replace('{size}', size);
  });
  request.addEventListener('error', () => giveUp(broken));
  request.addEventListener('abort', () => giveUp(stopped));
  request.addEventListener('load', () => show(form, request, () => giveUp(broken)));
  request.open('POST', form.action);
  request.responseType = 'document';
  request.send(new FormData(form));
}

/** The page that came back, as if the browser had gone there: after a success it is another one. */
function show(form, { response, responseURL }, fail) {
  const main = response?.querySelector('main');
  if (!main) return fail();
  const moved = responseURL !== form.action;
  // A page in another frame, such as the sign-in, is not for this one.
  if (moved && !new URL(responseURL).pathname.startsWith('/store/manage/'))
    return location.assign(responseURL);
  const { files } = form.querySelector('input[type=file]');
  document.title = response.title;
  document.querySelector('main').replaceWith(main);
  if (moved) {
    history.pushState(null, '', responseURL);
    addEventListener('popstate', () => location.reload());
    scrollTo(0, 0);
    main.tabIndex = -1;
    (main.querySelector('.notice[tabindex]') ?? main).focus();
    return;
  }
  // The same form with its complaints: what was chosen needn't be chosen again.
  for (const again of main.querySelectorAll('form[data-upload]')) {
    again.querySelector('input[type=file]').files = files;
    watch(again);
    (again.querySelector('[aria-invalid]') ?? main.querySelector('.notice[tabindex]'))?.focus();
  }
}

/** One line under the form, for how it goes. */
function tell(form, text) {
  let line = form.querySelector('.how');
  if (!line) {
    line = document.createElement('p');
    line.className = 'how';
    line.setAttribute('role', 'status');
    form.append(line);
  }
  line.textContent = text;
  return line;
}

/** As the pages write sizes. */
function sizeOf(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < 3) {
    value /= 1000;
    unit++;
  }
  const style = { style: 'unit', unit: units[unit], unitDisplay: unit === 0 ? 'long' : 'short' };
  const locale = { en: 'en-GB', es: 'es-ES' }[document.documentElement.lang];
  return new Intl.NumberFormat(locale, {
    ...style,
    maximumFractionDigits: value < 100 && unit > 1 ? 1 : 0,
  }).format(value);
}
