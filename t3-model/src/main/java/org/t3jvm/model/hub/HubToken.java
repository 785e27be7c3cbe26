package org.t3jvm.model.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a token for repositories comes from. */
public final class HubToken {
  private static final long MAX_BYTES = 4096;

  private HubToken() {}

  /**
   * {@code HF_TOKEN}, else what the Hugging Face command line stored: the file {@code
   * HF_TOKEN_PATH}, or {@code token} in {@code HF_HOME}, or in {@code huggingface} of the user's
   * cache folder. A stored token is for the server that it was made for: it is not read where
   * another server is named on the command line.
   *
   * @param stored whether a stored token may be read
   * @throws IOException if the file cannot be read or holds more than a token
   */
  public static @Nullable String find(Map<String, String> environment, Path home, boolean stored)
      throws IOException {
    String given = environment.getOrDefault("HF_TOKEN", "").strip();
    if (!given.isEmpty()) {
      return given;
    }
    Path file = file(environment, home);
    if (!stored || !Files.isRegularFile(file)) {
      return null;
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new HubException(file + ": is too large for a token");
    }
    String token = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    return token.isEmpty() ? null : token;
  }

  private static Path file(Map<String, String> environment, Path home) {
    String path = environment.getOrDefault("HF_TOKEN_PATH", "");
    String folder = environment.getOrDefault("HF_HOME", "");
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (!path.isBlank()) {
      return Path.of(path);
    }
    return folder.isBlank()
        ? (cache.isBlank() ? home.resolve(".cache") : Path.of(cache)).resolve("huggingface/token")
        : Path.of(folder).resolve("token");
  }
}
