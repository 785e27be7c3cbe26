/** The server's API. */

/** What the server refuses. */
export class Refusal extends Error {
  constructor(status, error) {
    super(error?.message ?? `the server answered ${status}`);
    this.status = status;
    this.field = error?.param ?? null;
  }
}

let locked = () => {};

/** Has `listener` called when the server wants its token. */
export function onLocked(listener) {
  locked = listener;
}

async function call(path, options = {}) {
  const response = await fetch(path, options);
  if (response.status === 401) {
    locked();
  }
  const text = await response.text();
  const json = text ? JSON.parse(text) : null;
  if (!response.ok) {
    throw new Refusal(response.status, json?.error);
  }
  return json;
}

function send(path, body, options = {}) {
  return call(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    ...options,
  });
}

/** A job with its files, if it has any. */
function sendJob(path, job, files, options) {
  if (!Object.keys(files).length) {
    return send(path, job, options);
  }
  const form = new FormData();
  form.append('job', JSON.stringify(job));
  for (const [name, file] of Object.entries(files)) {
    form.append(name, file);
  }
  return call(path, { method: 'POST', body: form, ...options });
}

export const model = async () => (await call('/v1/models')).data[0];
export const queue = () => call('/v1/queue');
export const plan = (job, files, signal) => sendJob('/v1/plan', job, files, { signal });
export const submit = (job, files) => sendJob('/v1/jobs', job, files, {});
export const cancel = (id) => call(`/v1/videos/${id}/cancel`, { method: 'POST' });
export const resume = (id) => call(`/v1/videos/${id}/resume`, { method: 'POST' });
export const remove = (id) => call(`/v1/videos/${id}`, { method: 'DELETE' });
export const move = (id, position) => send(`/v1/videos/${id}/move`, { position });
export const login = (token) => send('/login', { token });

/** The first page of the videos of a status; `order` is `asc` for the oldest first. */
export function list(status, limit, order = 'desc') {
  return call(`/v1/videos?status=${status}&limit=${limit}&order=${order}`);
}

/** Where a video's file is, or one of its pictures. */
export function content(id, variant) {
  return `/v1/videos/${id}/content${variant ? `?variant=${variant}` : ''}`;
}

/** Events of a video; `close()` ends them. */
export const events = (id) => new EventSource(`/v1/videos/${id}/events`);
