// Follows long work on its own page: asks how far it is, and loads the page anew at its end.

const watched = document.querySelector('[data-watch]');
const bar = watched.querySelector('progress');
const EVERY = 1500;

async function look() {
  try {
    const answer = await fetch(watched.dataset.watch, { headers: { accept: 'application/json' } });
    const { running, done, all } = await answer.json();
    // Whatever else came of it (a sign-in that ended, too), the page says.
    if (!answer.ok || !running) return location.reload();
    bar.max = Math.max(all, 1);
    bar.value = done;
  } catch {
    // The line is down for a moment: look again later.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
