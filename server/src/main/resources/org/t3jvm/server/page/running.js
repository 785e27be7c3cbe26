/** The video that is being made. */

import * as api from './api.js';
import { byId, say } from './dom.js';
import { duration } from './format.js';

const STAGES = {
  text: 'Reading the prompt',
  encode: 'Reading the picture',
  denoise: 'Denoising',
  decode: 'Decoding',
};

let shown = null;
let source = null;

/** Shows a video, or none; `changed` is called when it ends. */
export function show(video, changed) {
  if (video?.id === shown) {
    return;
  }
  source?.close();
  shown = video?.id ?? null;
  byId('running').hidden = !video;
  if (!video) {
    return;
  }
  byId('running-prompt').textContent = video.prompt;
  byId('running-preview').hidden = true;
  byId('running-wait').hidden = false;
  byId('running-cancel').disabled = false;
  progress(video.run ?? { progress: 0 });
  if (video.previews) {
    picture(video.id, video.previews);
  }
  listen(video.id, changed);
}

function listen(id, changed) {
  source = api.events(id);
  const on = (type, take) =>
    source.addEventListener(type, (event) => shown === id && take(JSON.parse(event.data)));
  on('progress', progress);
  on('preview', (data) => picture(id, data.preview));
  on('warning', (data) => say(byId('notice'), data.message));
  on('status', changed);
  on('video', (video) => {
    progress(video.run ?? { progress: video.progress });
    if (video.status !== 'in_progress') {
      changed();
    }
  });
}

function progress(run) {
  byId('running-bar').value = run.progress;
  byId('running-step').textContent = run.stage
    ? `${STAGES[run.stage]}, step ${run.step} of ${run.steps}`
    : 'Getting ready';
  byId('running-left').textContent =
    run.seconds_left == null ? '' : `about ${duration(run.seconds_left)} left`;
}

/** The next picture replaces the one before when it is there, without a flash between. */
async function picture(id, number) {
  const next = new Image();
  next.src = `${api.content(id, 'preview')}&n=${number}`;
  try {
    await next.decode();
  } catch {
    return;
  }
  if (shown === id) {
    const image = byId('running-preview');
    image.src = next.src;
    image.dataset.number = number;
    image.hidden = false;
    byId('running-wait').hidden = true;
  }
}

/** Prepares the button. */
export function open(changed, failed) {
  byId('running-cancel').addEventListener('click', async () => {
    byId('running-cancel').disabled = true;
    try {
      await api.cancel(shown);
      byId('running-step').textContent = 'Stopping at the end of this block';
      changed();
    } catch (error) {
      failed(error);
    }
  });
}
