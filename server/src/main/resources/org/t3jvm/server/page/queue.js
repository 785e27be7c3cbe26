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

/** Shows those that wait, next one first. */
export function waiting(videos) {
  byId('queue').hidden = !videos.length;
  reconcile(
    byId('queue-list'),
    videos,
    (video) => video.id,
    (video) => {
      const place = () => [...byId('queue-list').children].findIndex((e) => e.dataset.key === video.id);
      return row(video, [
        button('Up', `Earlier: ${video.prompt}`, () => act(() => api.move(video.id, place() - 1))),
        button('Down', `Later: ${video.prompt}`, () => act(() => api.move(video.id, place() + 1))),
        button('Cancel', `Cancel: ${video.prompt}`, () => act(() => api.cancel(video.id))),
      ]);
    },
    (element, video) => {
      const [up, down] = element.querySelectorAll('button');
      up.disabled = video === videos[0];
      down.disabled = video === videos.at(-1);
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
