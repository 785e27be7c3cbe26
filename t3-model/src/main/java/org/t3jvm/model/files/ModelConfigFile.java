package org.t3jvm.model.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The DiT's {@code config.json}: only what its tensors' shapes do not tell. */
public final class ModelConfigFile {
  private ModelConfigFile() {}

  /**
   * The number of attention heads: {@code num_heads}, or {@code num_attention_heads} in diffusers'
   * files; empty if neither is there.
   *
   * @throws IOException naming the file if it is no JSON object or the number is not positive
   */
  public static OptionalInt heads(Path file) throws IOException {
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(file);
    } catch (JacksonException e) {
      throw new IOException("'%s' is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
    for (String name : new String[] {"num_heads", "num_attention_heads"}) {
      JsonNode heads = root.get(name);
      if (heads != null) {
        if (!heads.isIntegralNumber() || heads.asInt() < 1) {
          throw new IOException(
              "'%s': %s is %s, must be a positive integer".formatted(file, name, heads));
        }
        return OptionalInt.of(heads.asInt());
      }
    }
    return OptionalInt.empty();
  }
}
