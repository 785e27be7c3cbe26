package org.t3jvm.model.batch;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the columns and properties of files of prompts are called. */
enum Field {
  PROMPT,
  NEGATIVE,
  SEED,
  HEIGHT,
  WIDTH,
  /** Width and height in one, such as {@code 832x480}. */
  SIZE,
  FRAMES,
  IMAGE,
  /** Settings that are those of the whole batch; a file that has them means what is not done. */
  WHOLE_BATCH;

  private static final Map<String, Field> NAMES =
      Stream.of(
              // Captions of clips to train on are called text.
              names(PROMPT, "prompt", "prompt_en", "text"),
              names(NEGATIVE, "negative", "negative_prompt", "neg_prompt", "n_prompt"),
              names(SEED, "seed", "base_seed"),
              names(HEIGHT, "height"),
              names(WIDTH, "width"),
              names(SIZE, "size", "resolution"),
              names(FRAMES, "frames", "num_frames", "frame_num", "video_length"),
              names(IMAGE, "image", "image_path"),
              names(WHOLE_BATCH, "steps", "num_inference_steps", "infer_steps", "sampler", "fps"),
              names(WHOLE_BATCH, "cfg", "guidance", "guidance_scale", "shift", "flow_shift"),
              names(WHOLE_BATCH, "num_steps", "sampling_steps", "sample_steps", "scheduler"),
              names(WHOLE_BATCH, "cfg_scale", "guide_scale", "sample_guide_scale", "sample_shift"),
              names(WHOLE_BATCH, "video", "strength", "lora", "loras", "model"))
          .flatMap(map -> map.entrySet().stream())
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private static Map<String, Field> names(Field field, String... names) {
    return Stream.of(names).collect(Collectors.toMap(name -> name, name -> field));
  }

  /** The field of a name; none for what does not decide about the video, such as a file's name. */
  static Optional<Field> of(String name) {
    String plain = name.strip().toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
    return Optional.ofNullable(NAMES.get(plain));
  }
}
