/** The form: makes a job of what people type, and shows what it takes. */

import * as api from './api.js';
import { byId, make, say } from './dom.js';
import { at, MAIN, MORE, put } from './fields.js';
import { bytes, duration } from './format.js';

const PLAN_PAUSE = 350;
const ALL = [...MAIN, ...MORE];

/** Files of an earlier video that the next one starts from, by the field that would bring others. */
let earlier = {};
let defaults = null;
let waiting = null;
let planning = null;

/** Builds the fields for a model and begins to plan. */
export function open(model, added) {
  defaults = model.defaults;
  MAIN.forEach((field) => byId('main-fields').append(element(field, model)));
  MORE.forEach((field) => byId('more-fields').append(element(field, model)));
  const form = byId('compose');
  form.addEventListener('input', replan);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit(added);
  });
  byId('prompt').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      form.requestSubmit();
    }
  });
  replan();
}

function element(field, model) {
  const wide = field.type === 'text' || field.type === 'file';
  const label = make('label', { className: wide ? 'field wide' : 'field', htmlFor: field.id });
  label.append(field.label, control(field, model));
  if (field.type === 'file') {
    label.append(make('span', { id: `${field.id}-earlier`, className: 'quiet', hidden: true }));
  }
  return label;
}

function control(field, model) {
  if (field.type === 'choice') {
    const options = field.id === 'lora' ? model.loras.map((name) => [name, name]) : [];
    const select = make('select', { id: field.id });
    for (const [value, text] of [...field.options, ...options]) {
      select.append(make('option', { value }, text));
    }
    return select;
  }
  const input = make('input', { id: field.id, type: field.type });
  for (const name of ['min', 'max', 'step', 'accept']) {
    if (name in field) {
      input[name] = field[name];
    }
  }
  if (field.type === 'number') {
    input.inputMode = 'decimal';
    input.placeholder = String(at(defaults, field.path) ?? '');
  }
  if (field.type === 'file') {
    input.addEventListener('change', () => forget(field.id));
  }
  return input;
}

function forget(id) {
  delete earlier[id];
  say(byId(`${id}-earlier`), null);
}

/** The job as the form has it, and its files. */
function read() {
  const job = { version: 1, text: { prompt: byId('prompt').value } };
  const files = {};
  for (const field of ALL) {
    const input = byId(field.id);
    if (field.type === 'file') {
      if (input.files.length) {
        files[field.id] = input.files[0];
      } else if (earlier[field.id]) {
        put(job, `start.${field.id}`, earlier[field.id]);
      }
    } else if (field.path.includes('.') && input.value !== '') {
      put(job, field.path, field.type === 'number' ? Number(input.value) : input.value);
    }
  }
  complete(job, files);
  return { job, files };
}

/** What belongs together is sent together, or not at all. */
function complete(job, files) {
  const cache = job.sampling?.cache;
  if (cache) {
    if (cache.kind) {
      cache.threshold ??= 0.05;
    } else {
      delete job.sampling.cache;
    }
  }
  if (job.start && !files.video && !job.start.video) {
    delete job.start.strength;
  }
  const lora = byId('lora').value;
  if (lora || job.compute) {
    const loras = lora ? [{ file: lora, scale: Number(byId('lora-scale').value || 1) }] : [];
    job.compute = { ...defaults.compute, ...job.compute, loras };
  }
}

/** Fills the form with an earlier video's settings. */
export function fill(video) {
  const { job } = video;
  byId('prompt').value = job.text.prompt;
  for (const field of ALL.filter((each) => each.type !== 'file')) {
    byId(field.id).value = String(at(job, field.path) ?? '').toLowerCase();
  }
  const lora = job.compute.loras[0];
  byId('negative').value = job.text.negative ?? '';
  byId('lora').value = lora?.file ?? '';
  byId('lora-scale').value = lora?.scale ?? '';
  for (const id of ['image', 'video']) {
    byId(id).value = '';
    forget(id);
    if (job.start?.[id]) {
      earlier[id] = video.id;
      say(byId(`${id}-earlier`), 'The one of the earlier video, unless another is chosen');
    }
  }
  replan();
  byId('prompt').focus();
}

function replan() {
  byId('plan').classList.add('old');
  clearTimeout(waiting);
  waiting = setTimeout(plan, PLAN_PAUSE);
}

async function plan() {
  planning?.abort();
  planning = new AbortController();
  const { signal } = planning;
  const { job, files } = read();
  const slow = setTimeout(() => note('Measuring this machine…'), 1500);
  try {
    show(await api.plan(job, files, signal));
  } catch (error) {
    if (!signal.aborted) {
      refuse(error);
    }
  } finally {
    clearTimeout(slow);
  }
}

function note(text) {
  byId('plan-note').textContent = text;
}

function show(plan) {
  mark(null);
  byId('plan').classList.remove('old');
  byId('plan').classList.toggle('tight', !plan.fits);
  byId('plan-time').textContent = duration(plan.seconds);
  byId('plan-memory').textContent = bytes(plan.memory);
  byId('plan-disk').textContent = bytes(plan.disk);
  note(plan.shortage ?? '');
  byId('start').disabled = !plan.fits;
}

function refuse(error) {
  mark(error.field);
  byId('plan').classList.add('tight');
  note(error.message);
  byId('start').disabled = error.status === 400;
}

/** Marks the field that is wrong. */
function mark(path) {
  for (const field of ALL) {
    byId(field.id).setAttribute('aria-invalid', String(path !== null && field.path === path));
  }
}

async function submit(added) {
  const { job, files } = read();
  const failure = byId('compose-error');
  if (!job.text.prompt.trim()) {
    say(failure, 'Say what the video shows.');
    byId('prompt').focus();
    return;
  }
  byId('start').disabled = true;
  try {
    say(failure, null);
    added(await api.submit(job, files));
  } catch (error) {
    mark(error.field);
    say(failure, error.message);
  } finally {
    byId('start').disabled = false;
  }
}
