package org.t3jvm.model.lora;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.layout.Naming;

/**
 * Finds the weights of a DiT that a LoRA file's modules mean: original or diffusers names, behind
 * any prefix, also with underscores for dots as kohya's tools write them.
 */
final class LoraTargets {
  private static final String WEIGHT = ".weight";

  /** Layers that only image-to-video models have, or that belong to the text encoder. */
  private static final List<String> OTHER_MODELS =
      List.of(
          "k_img",
          "v_img",
          "img_emb",
          "add_k_proj",
          "add_v_proj",
          "norm_added_k",
          "image_embedder");

  /** What stands before flat names: no word of it makes another network's layer of one of ours. */
  private static final Pattern FLAT_PREFIX =
      Pattern.compile(
          "(?:(?:lora|lycoris|loha|lokr|unet|dit|wan|diffusion|transformer|model|net|pipe|prior)_+)*");

  private static final List<String> TEXT_ENCODER = List.of("lora_te", "text_encoder", "text_model");

  private final Set<String> weights;
  private final Map<String, String> flat = new HashMap<>();

  /**
   * @param weights names of the DiT's tensors
   */
  LoraTargets(Set<String> weights) {
    this.weights = weights;
    for (String name : weights) {
      flat.put(flatten(name), name);
      flat.put(flatten(Naming.DIT_DIFFUSERS.mapping().toTheirs(name)), name);
    }
  }

  /** The name of the tensor that a key's tensor changes, or null if the DiT has none. */
  @Nullable String of(LoraKey key) {
    if (key.part() == LoraKey.Part.MODULATION) {
      return firstSuffix(key.module() + ".modulation");
    }
    String layer = layer(key.module());
    boolean bias = key.part() == LoraKey.Part.BIAS || key.part() == LoraKey.Part.UP_BIAS;
    if (layer == null || !bias) {
      return layer;
    }
    String name = moduleOf(layer) + ".bias";
    return weights.contains(name) ? name : null;
  }

  /** What a tensor of no layer of the DiT is for; null if that is not known either. */
  static @Nullable String otherModel(String module) {
    if (TEXT_ENCODER.stream().anyMatch(module::contains)) {
      return "of a text encoder";
    }
    return OTHER_MODELS.stream().anyMatch(module::contains) ? "for images" : null;
  }

  private static String moduleOf(String weight) {
    return weight.endsWith(WEIGHT)
        ? weight.substring(0, weight.length() - WEIGHT.length())
        : weight;
  }

  private static String flatten(String weight) {
    return moduleOf(weight).replace('.', '_');
  }

  private @Nullable String layer(String module) {
    if (TEXT_ENCODER.stream().anyMatch(module::contains)) {
      return null;
    }
    String plain = module.replace("._orig_mod.", ".").replace(".module.", ".");
    String dotted = firstSuffix(plain);
    return dotted != null || plain.indexOf('.') >= 0 ? dotted : firstFlatSuffix(plain);
  }

  /** The longest end of a dotted path that names a tensor. */
  private @Nullable String firstSuffix(String path) {
    for (int at = 0; at >= 0; at = next(path, '.', at)) {
      String end = path.substring(at);
      for (String name : List.of(end + WEIGHT, end)) {
        String ours = Naming.DIT_DIFFUSERS.mapping().toOurs(name);
        if (weights.contains(name) || weights.contains(ours)) {
          return weights.contains(name) ? name : ours;
        }
      }
    }
    return null;
  }

  private @Nullable String firstFlatSuffix(String path) {
    for (int at = 0; at >= 0; at = next(path, '_', at)) {
      String name = flat.get(path.substring(at));
      if (name != null) {
        return FLAT_PREFIX.matcher(path.substring(0, at)).matches() ? name : null;
      }
    }
    return null;
  }

  /** Where the next segment begins; -1 if there is none. */
  private static int next(String path, char separator, int at) {
    int found = path.indexOf(separator, at);
    return found < 0 ? -1 : found + 1;
  }
}
