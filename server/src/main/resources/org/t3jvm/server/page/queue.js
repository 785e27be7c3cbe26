/** Videos that wait, and those that were stopped. */

import * as api from './api.js';
import { byId, make, reconcile } from './dom.js';
import { shape } from './format.js';

let act = async () => {};

/** Prepares the lists; `perform` runs a change and shows what came of it. */
export function open(perform) {
  act = perform;
}

function button(name, label, action) {
  return make('button', { type: 'button', 'data-name': name, 'aria-label': label, onclick: action });
}

function row(video, buttons) {
  for (const each of buttons) {
    each.textContent = each.dataset.name;
  }
  return make(
    'li',
    { className: 'row' },
    make(
      'div',
      { className: 'what' },
      make('strong', { title: video.prompt }, video.prompt),
      make('p', { className: 'quiet' }, shape(video.job)),
      video.error ? make('p', { className: 'error' }, video.error.message) : null,
    ),
    make('div', { className: 'buttons' }, ...buttons),
  );
}

/** Shows those that wait, next one first; `more` if there are others beside these. */
export function waiting(videos, more) {
  byId('queue').hidden = !videos.length;
  byId('queue-more').hidden = !more;
  reconcile(
    byId('queue-list'),
    videos,
    (video) => video.id,
    (video) => {
      // Its place among all that wait, which may be more than those that are shown.
      const place = () => Number(element.dataset.place);
      const element = row(video, [
        button('Up', `Earlier: ${video.prompt}`, () => act(() => api.move(video.id, place() - 1))),
        button('Down', `Later: ${video.prompt}`, () => act(() => api.move(video.id, place() + 1))),
        button('Cancel', `Cancel: ${video.prompt}`, () => act(() => api.cancel(video.id))),
      ]);
      return element;
    },
    (element, video) => {
      element.dataset.place = video.position;
      const [up, down] = element.querySelectorAll('button');
      up.disabled = video.position === 0;
      down.disabled = video === videos.at(-1) && !more;
    },
  );
}

/** Shows those that were cancelled or failed. */
export function stopped(videos) {
  byId('stopped').hidden = !videos.length;
  reconcile(
    byId('stopped-list'),
    videos,
    (video) => video.id + video.status,
    (video) =>
      row(video, [
        button('Resume', `Resume: ${video.prompt}`, () => act(() => api.resume(video.id))),
        button('Delete', `Delete: ${video.prompt}`, () => act(() => api.remove(video.id))),
      ]),
    () => {},
  );
}
