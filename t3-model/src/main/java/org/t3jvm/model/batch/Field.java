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
              names(PROMPT, "prompt", "prompt_en"),
              names(NEGATIVE, "negative", "negative_prompt"),
              names(SEED, "seed"),
              names(HEIGHT, "height"),
              names(WIDTH, "width"),
              names(SIZE, "size", "resolution"),
              names(FRAMES, "frames", "num_frames"),
              names(IMAGE, "image"),
              names(WHOLE_BATCH, "steps", "num_inference_steps", "infer_steps", "sampler", "fps"),
              names(WHOLE_BATCH, "cfg", "guidance", "guidance_scale", "shift", "flow_shift"),
              names(WHOLE_BATCH, "video", "strength", "lora"))
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
