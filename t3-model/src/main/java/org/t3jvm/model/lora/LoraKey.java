package org.t3jvm.model.lora;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a LoRA file's tensor, taken apart.
 *
 * @param module the layer that it changes, without prefixes: {@code blocks.0.self_attn.q}, or with
 *     underscores for dots where {@code flat}
 * @param flat whether dots of the module's name were lost, as kohya's tools write it
 * @param adapter the adapter's name where there is one, else empty
 * @param part what the tensor is
 */
record LoraKey(String module, boolean flat, String adapter, Part part) {
  /** What a tensor is in the change of a layer. */
  enum Part {
    /** A [rank, in], the factor that is applied first. */
    DOWN,
    /** B [out, rank]. */
    UP,
    /** A number that, over the rank, scales B A. */
    ALPHA,
    /** A change of the weight as a whole. */
    WEIGHT,
    /** A change of the bias as a whole. */
    BIAS
  }

  private static final List<String> PREFIXES =
      List.of("base_model.model.", "diffusion_model.", "transformer.");

  private static final String FLAT_PREFIX = "lora_unet_";

  private static final Pattern SUFFIX =
      Pattern.compile(
          "(?<module>.+?)\\.(?:"
              + "lora_(?<side>A|B|down|up)(?:\\.(?<adapter>[^.]+))?\\.weight"
              + "|(?<alpha>alpha)|diff(?<bias>_b)?)");

  /** The parts of a name; empty if it is none that a LoRA file has. */
  static Optional<LoraKey> parse(String name) {
    String rest = name;
    for (String prefix : PREFIXES) {
      rest = rest.startsWith(prefix) ? rest.substring(prefix.length()) : rest;
    }
    boolean flat = rest.startsWith(FLAT_PREFIX);
    Matcher matcher = SUFFIX.matcher(flat ? rest.substring(FLAT_PREFIX.length()) : rest);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String adapter = matcher.group("adapter");
    return Optional.of(
        new LoraKey(matcher.group("module"), flat, adapter == null ? "" : adapter, part(matcher)));
  }

  private static Part part(Matcher matcher) {
    String side = matcher.group("side");
    if (side != null) {
      return side.equals("A") || side.equals("down") ? Part.DOWN : Part.UP;
    }
    if (matcher.group("alpha") != null) {
      return Part.ALPHA;
    }
    return matcher.group("bias") == null ? Part.WEIGHT : Part.BIAS;
  }
}
