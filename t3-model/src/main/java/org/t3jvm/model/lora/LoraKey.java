package org.t3jvm.model.lora;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a LoRA file's tensor, taken apart.
 *
 * @param module the layer that it changes, with whatever prefix the file has
 * @param adapter the adapter's name where there is one, else empty
 * @param part what the tensor is
 */
record LoraKey(String module, String adapter, Part part) {
  /** What a tensor is in the change of a layer. */
  enum Part {
    /** A [rank, in], the factor that is applied first. */
    DOWN,
    /** B [out, rank]. */
    UP,
    /** What B adds beside the product, a change of the layer's bias. */
    UP_BIAS,
    /** A number that, over the rank, scales B A. */
    ALPHA,
    /** A change of the weight as a whole. */
    WEIGHT,
    /** A change of the bias as a whole. */
    BIAS,
    /** A change of the modulation as a whole. */
    MODULATION,
    /** DoRA: the norm of each row of the changed weight. */
    MAGNITUDE,
    /** The core of a Tucker decomposition between A and B. */
    MID,
    /** LoHa: (W1A W1B) * (W2A W2B), each with a core between where it is a Tucker decomposition. */
    HADA_W1_A,
    HADA_W1_B,
    HADA_W2_A,
    HADA_W2_B,
    HADA_T1,
    HADA_T2,
    /** LoKr: the Kronecker product of W1 and W2, each whole or as a product of two factors. */
    LOKR_W1,
    LOKR_W1_A,
    LOKR_W1_B,
    LOKR_W2,
    LOKR_W2_A,
    LOKR_W2_B,
    LOKR_T2;

    /** The form that a change with this tensor has; none if it stands beside any of them. */
    Set<Form> forms() {
      return switch (this) {
        case DOWN, UP, UP_BIAS, MID -> Set.of(Form.LORA);
        case HADA_W1_A, HADA_W1_B, HADA_W2_A, HADA_W2_B, HADA_T1, HADA_T2 -> Set.of(Form.LOHA);
        case LOKR_W1, LOKR_W1_A, LOKR_W1_B, LOKR_W2, LOKR_W2_A, LOKR_W2_B, LOKR_T2 ->
            Set.of(Form.LOKR);
        case ALPHA, WEIGHT, BIAS, MODULATION, MAGNITUDE -> Set.of();
      };
    }
  }

  /** What a change of factors is made of. */
  enum Form {
    LORA,
    LOHA,
    LOKR
  }

  private static final Map<String, Part> WHOLE =
      Map.of(
          "alpha", Part.ALPHA,
          "diff", Part.WEIGHT,
          "diff_b", Part.BIAS,
          "diff_m", Part.MODULATION,
          "w_norm", Part.WEIGHT,
          "b_norm", Part.BIAS,
          "dora_scale", Part.MAGNITUDE);

  private static final Pattern SUFFIX =
      Pattern.compile(
          "(?<module>.+?)(?:"
              + "\\.lora_(?<side>A|B|down|up)(?:\\.(?<adapter>[^.]+))?\\.(?<kind>weight|bias)"
              + "|[._]lora\\.(?<dotted>down|up)\\.weight"
              + "|\\.lora_magnitude_vector(?:\\.(?<magnitude>[^.]+))??(?<end>\\.weight)?"
              + "|\\.(?<factor>hada_(?:w[12]_[ab]|t[12])|lokr_(?:w[12](?:_[ab])?|t2))"
              + "|\\.lora_(?<mid>mid)\\.weight"
              + "|\\.(?<whole>alpha|diff|diff_b|diff_m|[wb]_norm|dora_scale))");

  /** The parts of a name; empty if it is none that a LoRA file has. */
  static Optional<LoraKey> parse(String name) {
    Matcher matcher = SUFFIX.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String adapter = matcher.group("adapter");
    String magnitude = matcher.group("magnitude");
    String named = adapter != null ? adapter : magnitude != null ? magnitude : "";
    return Optional.of(new LoraKey(matcher.group("module"), named, part(matcher)));
  }

  /** Why a name that {@link #parse} does not take is none of a change that can be merged. */
  static String reason(String name) {
    if (name.matches(".*\\.(hada_t[12]|lokr_t[12]|lora_mid\\.weight)")) {
      return "a Tucker core, for convolutions, which is not supported";
    }
    return name.matches(".*\\.oft_(blocks|diag|R)(\\..*)?")
        ? "OFT, which is not supported"
        : "not a LoRA tensor's name";
  }

  private static Part part(Matcher matcher) {
    String whole = matcher.group("whole");
    if (whole != null) {
      return WHOLE.getOrDefault(whole, Part.WEIGHT);
    }
    if (matcher.group("mid") != null) {
      return Part.MID;
    }
    String factor = matcher.group("factor");
    if (factor != null) {
      return Part.valueOf(factor.toUpperCase(Locale.ROOT));
    }
    String side = matcher.group("side") == null ? matcher.group("dotted") : matcher.group("side");
    if (side == null) {
      return Part.MAGNITUDE;
    }
    if (side.equals("A") || side.equals("down")) {
      return Part.DOWN;
    }
    return "bias".equals(matcher.group("kind")) ? Part.UP_BIAS : Part.UP;
  }
}
