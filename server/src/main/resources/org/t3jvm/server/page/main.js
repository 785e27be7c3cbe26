/** Puts the page together, and asks the server every now and then what has changed. */

import * as api from './api.js';
import { byId, say } from './dom.js';
import * as form from './form.js';
import * as gallery from './gallery.js';
import * as queue from './queue.js';
import * as running from './running.js';

const PAUSE = 2000;
const STOPPED = 20;

let timer = null;

function failed(error) {
  say(byId('notice'), error.status === 401 ? null : error.message);
}

/** Runs a change, and shows what came of it. */
async function perform(change) {
  try {
    await change();
    say(byId('notice'), null);
  } catch (error) {
    failed(error);
  }
  await refresh();
}

/** Asks for everything that is shown, and again after a while. */
async function refresh() {
  clearTimeout(timer);
  try {
    const [state, now, waiting, cancelled, broken, done] = await Promise.all([
      api.queue(),
      api.list('in_progress', 1),
      api.list('queued', 100, 'asc'),
      api.list('cancelled', STOPPED),
      api.list('failed', STOPPED),
      api.list('completed', gallery.count()),
    ]);
    say(byId('notice'), state.paused);
    running.show(now.data[0], refresh);
    queue.waiting(waiting.data.sort((a, b) => a.position - b.position), waiting.has_more);
    queue.stopped([...cancelled.data, ...broken.data].sort((a, b) => (a.id < b.id ? 1 : -1)));
    gallery.show(done);
  } catch (error) {
    failed(error instanceof TypeError ? new Error('The server does not answer.') : error);
  }
  if (!document.hidden) {
    timer = setTimeout(refresh, PAUSE);
  }
}

function login() {
  const dialog = byId('login');
  if (!dialog.open) {
    dialog.showModal();
  }
}

byId('login-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    await api.login(byId('login-token').value);
    location.reload();
  } catch (error) {
    say(byId('login-error'), error.message);
  }
});

document.addEventListener('visibilitychange', () => !document.hidden && refresh());
api.onLocked(login);

try {
  const model = await api.model();
  byId('model').textContent = model.id;
  queue.open(perform);
  running.open(refresh, failed);
  gallery.open(perform, form.fill, refresh);
  form.open(model, refresh);
  refresh();
} catch (error) {
  failed(error);
}
