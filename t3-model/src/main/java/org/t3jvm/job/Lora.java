package org.t3jvm.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A LoRA file to lay over the DiT.
 *
 * @param file safetensors or {@code .pth}
 * @param scale what its change is multiplied by
 */
public record Lora(Path file, float scale) {
  public Lora {
    if (file == null) {
      throw new JobException("compute.loras.file is missing");
    }
    if (!Float.isFinite(scale)) {
      throw new JobException(
          "compute.loras %s: the scale is %s, must be a finite number".formatted(file, scale));
    }
  }

  /**
   * Reads {@code FILE} or {@code FILE:SCALE}. A file whose own name holds a colon is taken as it
   * is.
   *
   * @throws JobException if what follows the last colon is no number
   */
  public static Lora parse(String text) {
    int colon = text.lastIndexOf(':');
    // One letter before a colon is a drive.
    if (colon <= 1 || Files.exists(Path.of(text))) {
      return new Lora(Path.of(text), 1);
    }
    String scale = text.substring(colon + 1);
    try {
      return new Lora(Path.of(text.substring(0, colon)), Float.parseFloat(scale));
    } catch (NumberFormatException e) {
      throw new JobException(
          "compute.loras %s: there is no such file, and '%s' is no scale; give FILE or FILE:SCALE"
              .formatted(text, scale),
          e);
    }
  }

  /** As {@code style.safetensors:0.8}. */
  @Override
  public String toString() {
    return scale == 1 ? name() : String.format(Locale.ROOT, "%s:%s", name(), scale);
  }

  private String name() {
    return String.valueOf(file.getFileName());
  }
}
