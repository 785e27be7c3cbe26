/**
 * The settings of a video: what is asked for, and where it goes in the job. A field that is left
 * empty is the model's own, which it shows as its placeholder.
 */

const number = (id, label, path, more = {}) => ({ id, label, path, type: 'number', ...more });
const choice = (id, label, path, options, more = {}) => ({
  id,
  label,
  path,
  type: 'choice',
  options,
  ...more,
});

/** Fields that everybody sets. */
export const MAIN = [
  number('width', 'Width', 'size.width', { min: 1, step: 16 }),
  number('height', 'Height', 'size.height', { min: 1, step: 16 }),
  number('frames', 'Frames', 'size.frames', { min: 1, step: 4 }),
  number('seed', 'Seed', 'sampling.seed', { step: 1 }),
];

/** Fields that are folded away. */
export const MORE = [
  { id: 'negative', label: 'What it should not show', path: 'text.negative', type: 'text' },
  number('steps', 'Steps', 'sampling.steps', { min: 1, step: 1 }),
  choice('sampler', 'Solver', 'sampling.sampler', [
    ['euler', 'Euler'],
    ['unipc', 'UniPC'],
    ['dpm++', 'DPM++'],
  ]),
  number('cfg', 'Guidance', 'sampling.cfg', { step: 'any' }),
  number('shift', 'Shift', 'sampling.shift', { step: 'any' }),
  choice('attention', 'Attention', 'attention.kind', [
    ['', 'The model’s'],
    ['full', 'Full'],
    ['t3', 'T3 windows'],
  ]),
  number('fps', 'Frames a second', 'size.fps', { min: 1, step: 'any' }),
  choice('cache', 'Step cache', 'sampling.cache.kind', [
    ['', 'None'],
    ['teacache', 'TeaCache'],
    ['easycache', 'EasyCache'],
  ]),
  number('threshold', 'Its threshold', 'sampling.cache.threshold', { min: 0, step: 'any' }),
  choice('decoding', 'Decoding', 'decoding.mode', [
    ['exact', 'Exact'],
    ['tiled', 'Tiles, as upstream'],
  ]),
  choice('precision', 'Precision', 'compute.precision', [
    ['', 'The backend’s'],
    ['f32', 'F32'],
    ['bf16', 'BF16'],
    ['int8', 'INT8 (CPU only)'],
  ]),
  choice('lora', 'LoRA', 'lora', [['', 'None']]),
  number('lora-scale', 'Its scale', 'lora-scale', { step: 'any' }),
  { id: 'image', label: 'Start from a picture', type: 'file', accept: 'image/png,image/jpeg,image/webp' },
  choice('fit', 'Picture of another shape', 'start.imageFit', [
    ['stretch', 'Stretch'],
    ['cover', 'Crop'],
    ['contain', 'Black bars'],
  ]),
  { id: 'video', label: 'Start from a video', type: 'file', accept: 'video/*' },
  number('strength', 'How much of it gives way', 'start.strength', { min: 0, max: 1, step: 'any' }),
];

/** The value at a path such as `size.width`. */
export function at(job, path) {
  return path.split('.').reduce((value, name) => value?.[name], job);
}

/** Sets the value at a path. */
export function put(job, path, value) {
  const names = path.split('.');
  const last = names.pop();
  const group = names.reduce((object, name) => (object[name] ??= {}), job);
  group[last] = value;
}
