package org.t3jvm.model.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.io.TextFile;
import org.t3jvm.loaders.text.Messages;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a trainer wrote about a LoRA's scale beside its tensors: in the header's {@code
 * lora_adapter_metadata} (diffusers), in {@code ss_network_alpha} (kohya), or in the file {@code
 * adapter_config.json} beside it (PEFT).
 *
 * @param alpha of every layer, if it is said
 * @param alphas of single layers, by the end of the layer's name, or behind a {@code ^} by all of
 *     it; the first that fits counts
 * @param rootRank whether alpha is over the square root of the rank ({@code use_rslora}) instead of
 *     the rank
 * @param wholeRank what alpha is over where PEFT stored a LoKr whole, without a rank to see
 * @param source where this was said, for messages
 */
record AdapterConfig(
    OptionalDouble alpha,
    Map<String, Double> alphas,
    boolean rootRank,
    OptionalLong wholeRank,
    String source) {
  /** Says nothing: without alpha among its tensors a LoRA counts as it is. */
  static final AdapterConfig NONE =
      new AdapterConfig(OptionalDouble.empty(), Map.of(), false, OptionalLong.empty(), "");

  private static final String HEADER_KEY = "lora_adapter_metadata";
  private static final String KOHYA_KEY = "ss_network_alpha";
  private static final String TRANSFORMER = "transformer.";
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern NAME = Pattern.compile("\\^?[\\w.-]+");

  AdapterConfig {
    alphas = Collections.unmodifiableMap(new LinkedHashMap<>(alphas));
  }

  /**
   * What is said about a LoRA file.
   *
   * @param beside the {@code adapter_config.json} beside it, which need not exist
   * @throws IOException if it is no JSON, or an alpha is not a finite number
   */
  static AdapterConfig of(Checkpoint file, Path beside) throws IOException {
    String header = file.metadata().get(HEADER_KEY);
    if (header != null) {
      return parse(header, "%s: metadata %s".formatted(file.description(), HEADER_KEY), HEADER_KEY);
    }
    if (Files.isRegularFile(beside)) {
      return parse(TextFile.read(beside, MAX_BYTES), beside.toString(), LoraSource.CONFIG);
    }
    String kohya = file.metadata().get(KOHYA_KEY);
    if (kohya == null || kohya.equals("None")) {
      return NONE;
    }
    String where = "%s: metadata %s".formatted(file.description(), KOHYA_KEY);
    double alpha = number(JsonMapper.shared().getNodeFactory().stringNode(kohya), where);
    return new AdapterConfig(
        OptionalDouble.of(alpha), Map.of(), false, OptionalLong.empty(), KOHYA_KEY);
  }

  private static AdapterConfig parse(String json, String where, String source)
      throws CheckpointException {
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw new CheckpointException(
          "%s: is not JSON: %s"
              .formatted(where, Messages.plain(String.valueOf(e.getOriginalMessage()))),
          e);
    }
    String form = field(root, "peft_type").asString("");
    boolean lycoris = form.equals("LOHA") || form.equals("LOKR");
    String alphaName = lycoris ? "alpha" : "lora_alpha";
    JsonNode alpha = field(root, alphaName);
    long rank = field(root, "r").asLong(0);
    Map<String, Double> alphas = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : field(root, "alpha_pattern").properties()) {
      alphas.put(layer(each.getKey(), where), number(each.getValue(), where + ": alpha_pattern"));
    }
    return new AdapterConfig(
        alpha.isMissingNode() || alpha.isNull()
            ? OptionalDouble.empty()
            : OptionalDouble.of(number(alpha, where + ": " + alphaName)),
        alphas,
        field(root, "use_rslora").asBoolean(false),
        form.equals("LOKR") && rank > 0 ? OptionalLong.of(rank) : OptionalLong.empty(),
        source);
  }

  /** PEFT takes regular expressions, of which files have names with dots escaped or not. */
  private static String layer(String pattern, String where) throws CheckpointException {
    String name = pattern.replace("\\.", ".").replaceFirst("\\$$", "");
    if (!NAME.matcher(name).matches()) {
      throw new CheckpointException(
          "%s: alpha_pattern has %s, must be a layer's name, such as blocks.0.self_attn.q"
              .formatted(where, Messages.quote(pattern)));
    }
    return name;
  }

  /** Diffusers puts the name of the adapted part before a field's. */
  private static JsonNode field(JsonNode root, String name) {
    JsonNode prefixed = root.path(TRANSFORMER + name);
    return prefixed.isMissingNode() ? root.path(name) : prefixed;
  }

  private static double number(JsonNode node, String where) throws CheckpointException {
    double value = node.asDouble(Double.NaN);
    if (!Double.isFinite(value)) {
      throw new CheckpointException(
          "%s is %s, must be a finite number".formatted(where, Messages.plain(node.toString())));
    }
    return value;
  }

  /** Alpha of a layer; empty if nothing is said about it. */
  OptionalDouble alpha(String module) {
    for (Map.Entry<String, Double> each : alphas.entrySet()) {
      String end = each.getKey();
      boolean fits =
          end.startsWith("^")
              ? module.replaceFirst("^base_model\\.model\\.", "").equals(end.substring(1))
              : module.equals(end) || module.endsWith("." + end);
      if (fits) {
        return OptionalDouble.of(each.getValue());
      }
    }
    return alpha;
  }

  /** What alpha is divided by for a layer of this rank. */
  double divisor(long rank) {
    return rootRank ? Math.sqrt((double) rank) : (double) rank;
  }
}
