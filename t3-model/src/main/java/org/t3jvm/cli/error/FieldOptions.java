package org.t3jvm.cli.error;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Options by the fields that they set: the library names fields, people type options. */
public final class FieldOptions {
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("text.prompt", "--prompt"),
          Map.entry("text.negative", "--negative"),
          Map.entry("size.height", "--height"),
          Map.entry("size.width", "--width"),
          Map.entry("size.frames", "--frames"),
          Map.entry("size.fps", "--fps"),
          Map.entry("sampling.steps", "--steps"),
          Map.entry("sampling.sampler", "--sampler"),
          Map.entry("sampling.cfg", "--cfg"),
          Map.entry("sampling.shift", "--shift"),
          Map.entry("sampling.seed", "--seed"),
          Map.entry("sampling.cache", "--cache"),
          Map.entry("attention.kind", "--attention"),
          Map.entry("attention.windows", "--windows"),
          Map.entry("start.image", "--image"),
          Map.entry("start.video", "--video"),
          Map.entry("start.strength", "--strength"),
          Map.entry("hires.kind", "--hires"),
          Map.entry("hires.baseHeight", "--base-height"),
          Map.entry("hires.baseWidth", "--base-width"),
          Map.entry("hires.strength", "--strength"),
          Map.entry("hires.shift", "--hires-shift"),
          Map.entry("hires.sampler", "--hires-sampler"),
          Map.entry("hires.cacheSteps", "--hires-cache"),
          Map.entry("hires.pooling", "--hires-pooling"),
          Map.entry("decoding.mode", "--vae-mode"),
          Map.entry("decoding.tiles", "--vae-mode tiled"),
          Map.entry("compute.backend", "--backend"),
          Map.entry("compute.precision", "--precision"),
          Map.entry("compute.kernels", "--kernels"),
          Map.entry("compute.weights", "--weights"),
          Map.entry("compute.loras", "--lora"),
          Map.entry("compute.lorasLow", "--lora-low"),
          Map.entry("options.threads", "--threads"),
          Map.entry("options.device", "--device"),
          Map.entry("options.deviceMemory", "--device-memory"),
          Map.entry("options.memory", "--memory"),
          Map.entry("files.folder", "--model"),
          Map.entry("files.dit", "--dit"),
          Map.entry("files.ditLow", "--dit-low"),
          Map.entry("files.t3", "--t3"),
          Map.entry("files.textEncoder", "--text-encoder"),
          Map.entry("files.vae", "--vae"),
          Map.entry("files.tokenizer", "--tokenizer"),
          Map.entry("prompts.start", "--start"),
          Map.entry("prompts.end", "--end"),
          Map.entry("prompts.groups", "--num-groups"),
          Map.entry("prompts.group", "--group"));

  /** A field that is not a part of a path or of a quoted name. */
  private static final Pattern FIELD =
      Pattern.compile("(?<![\\w./\\\\'\"-])([a-z]+\\.[a-zA-Z0-9]+)(?![\\w./\\\\'\"])");

  private FieldOptions() {}

  /** The field that an option sets, such as {@code sampling.steps} for {@code --steps}. */
  public static Optional<String> field(String option) {
    return OPTIONS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(option) && !entry.getKey().startsWith("options."))
        .filter(entry -> !entry.getKey().startsWith("files."))
        .filter(entry -> !entry.getKey().startsWith("prompts."))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** A message of the library with the options in place of the fields that it names. */
  public static String spell(String message) {
    return FIELD
        .matcher(message)
        .replaceAll(
            match -> Matcher.quoteReplacement(OPTIONS.getOrDefault(match.group(), match.group())));
  }
}
