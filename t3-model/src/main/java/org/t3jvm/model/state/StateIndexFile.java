package org.t3jvm.model.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.io.Digest;
import org.t3jvm.model.json.RecordJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code state.json}: a JSON object whose last property is the SHA-256 of all bytes before it, so
 * that no change to it goes unseen.
 */
final class StateIndexFile {
  static final String NAME = "state.json";

  private static final long MAX_BYTES = 16L << 20;
  private static final String HASH = "sha256";
  private static final String SEAL = ",\"" + HASH + "\":\"";
  private static final String END = "\"}\n";
  private static final int HASH_LENGTH = 64;
  private static final int SEAL_LENGTH = SEAL.length() + HASH_LENGTH + END.length();

  private StateIndexFile() {}

  /** Puts {@code index} in place of the one that is there, in one step. */
  static void write(Path folder, StateIndex index) throws IOException {
    String json = RecordJson.mapper().writeValueAsString(index);
    byte[] open = json.substring(0, json.length() - 1).getBytes(StandardCharsets.UTF_8);
    try (AtomicFile file = AtomicFile.create(folder.resolve(NAME))) {
      file.write(open);
      file.write(seal(open));
      file.commit();
    }
  }

  private static byte[] seal(byte[] open) {
    return (SEAL + Digest.sha256(open) + END).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads and checks a folder's index.
   *
   * @param version of this program
   * @throws IOException naming the folder, if it holds no state, a damaged one, or one of another
   *     version
   */
  static StateIndex read(Path folder, String version) throws IOException {
    Path file = StateFiles.plain(folder, NAME);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          Files.isDirectory(folder)
              ? "%s: no step of a run is kept in it, there is no %s; begin the video anew, with the generate command that was given"
                  .formatted(folder, NAME)
              : "%s: no state of a run, there is no such folder".formatted(folder));
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(
          "%s: %s has %d bytes, a state's at most %d"
              .formatted(folder, NAME, Files.size(file), MAX_BYTES));
    }
    byte[] bytes = Files.readAllBytes(file);
    byte[] open = Arrays.copyOf(bytes, Math.max(0, bytes.length - SEAL_LENGTH));
    byte[] end = Arrays.copyOfRange(bytes, open.length, bytes.length);
    if (!Arrays.equals(end, seal(open))) {
      throw new IOException(
          "%s: the state is damaged, %s does not hold what was written to it"
              .formatted(folder, NAME));
    }
    try {
      JsonNode tree = RecordJson.mapper().readTree(bytes);
      int format = tree.path("format").asInt(0);
      String writer = tree.path("settings").path("record").path("t3").asString("unknown");
      if (format != StateIndex.FORMAT || !writer.equals(version)) {
        throw new IOException(
            "%s: the state is from another version, t3 %s in format %d, and this is t3 %s with format %d; finish it with resume of the version that made it"
                .formatted(folder, writer, format, version, StateIndex.FORMAT));
      }
      ((ObjectNode) tree).remove(HASH);
      return RecordJson.mapper().treeToValue(tree, StateIndex.class);
    } catch (JacksonException | NullPointerException | ClassCastException e) {
      throw new IOException("%s: %s is no state of a run".formatted(folder, NAME), e);
    }
  }
}
