/** Finished videos. */

import * as api from './api.js';
import { byId, make, reconcile } from './dom.js';
import { duration, shape, when } from './format.js';

const PAGE = 24;

let limit = PAGE;
let opened = null;

/** Prepares the gallery; `perform` runs a change, `again` fills the form. */
export function open(perform, again, changed) {
  const viewer = byId('viewer');
  const close = () => viewer.close();
  viewer.addEventListener('close', () => byId('viewer-video').removeAttribute('src'));
  viewer.addEventListener('click', (event) => event.target === viewer && close());
  byId('viewer-close').addEventListener('click', close);
  byId('viewer-again').addEventListener('click', () => {
    close();
    again(opened);
  });
  byId('viewer-delete').addEventListener('click', () => {
    close();
    perform(() => api.remove(opened.id));
  });
  byId('gallery-more').addEventListener('click', () => {
    limit += PAGE;
    changed();
  });
}

/** How many videos to show. */
export const count = () => Math.min(limit, 100);

/** Shows a page of videos, newest first. */
export function show(page) {
  byId('gallery-empty').hidden = page.data.length > 0;
  byId('gallery-more').hidden = !page.has_more || limit >= 100;
  reconcile(byId('gallery-list'), page.data, (video) => video.id, card, () => {});
}

function card(video) {
  const picture = make('div', { className: 'picture' });
  picture.append(
    make('img', { src: api.content(video.id, 'thumbnail'), alt: '', loading: 'lazy' }),
  );
  const button = make(
    'button',
    { type: 'button', className: 'card', onclick: () => view(video) },
    picture,
    make('strong', {}, video.prompt),
    make('span', { className: 'quiet' }, shape(video.job)),
  );
  const play = () => {
    const moving = make('video', { muted: true, loop: true, autoplay: true, playsInline: true });
    moving.src = api.content(video.id);
    picture.replaceChildren(moving);
  };
  const rest = () =>
    picture.replaceChildren(make('img', { src: api.content(video.id, 'thumbnail'), alt: '' }));
  button.addEventListener('mouseenter', play);
  button.addEventListener('mouseleave', rest);
  return make('li', {}, button);
}

function view(video) {
  opened = video;
  const { job } = video;
  byId('viewer-video').src = api.content(video.id);
  byId('viewer-prompt').textContent = video.prompt;
  byId('viewer-download').href = api.content(video.id);
  byId('viewer-download').download = `${video.id}.mp4`;
  const took =
    video.started_at && video.completed_at ? duration(video.completed_at - video.started_at) : '–';
  const settings = {
    Size: shape(job),
    Seed: job.sampling.seed,
    Steps: `${job.sampling.steps}, ${job.sampling.sampler}`,
    Guidance: job.sampling.cfg,
    Shift: job.sampling.shift,
    Attention: job.attention.kind === 't3' ? 'T3 windows' : 'Full',
    'Frames a second': job.size.fps,
    Made: when(video.completed_at),
    Took: took,
  };
  byId('viewer-settings').replaceChildren(
    ...Object.entries(settings).map(([name, value]) =>
      make('div', {}, make('dt', {}, name), make('dd', {}, String(value))),
    ),
  );
  byId('viewer').showModal();
  byId('viewer-video').play().catch(() => {});
}
