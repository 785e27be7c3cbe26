package org.t3jvm.model.hub;

import java.util.List;
import org.t3jvm.loaders.text.Messages;
import tools.jackson.databind.JsonNode;

/**
 * A file of a repository.
 *
 * @param path relative to the repository's root, with {@code /}
 * @param size bytes
 * @param hash what its bytes hash to
 */
record HubFile(String path, long size, ContentHash hash) {
  private static final long LARGEST = 1L << 50;

  /**
   * A file of a server's listing.
   *
   * @throws HubException if the entry is not as it should be, or its path leads out of a folder
   */
  static HubFile parse(JsonNode entry) throws HubException {
    JsonNode lfs = entry.path("lfs");
    boolean large = lfs.isObject();
    String path = entry.path("path").asString("");
    JsonNode size = large ? lfs.path("size") : entry.path("size");
    String oid = (large ? lfs : entry).path("oid").asString("");
    requireInside(path);
    if (!size.isIntegralNumber() || !size.canConvertToLong() || size.asLong() < 0) {
      throw new HubException("the server lists '%s' without a size".formatted(path));
    }
    if (size.asLong() > LARGEST) {
      throw new HubException(
          "the server lists '%s' with %d bytes; no file is larger than a petabyte"
              .formatted(path, size.asLong()));
    }
    if (!oid.matches(large ? "[0-9a-fA-F]{64}" : "[0-9a-fA-F]{40}")) {
      throw new HubException("the server lists '%s' without a hash".formatted(path));
    }
    return new HubFile(path, size.asLong(), new ContentHash(large, oid));
  }

  private static void requireInside(String path) throws HubException {
    if (!Messages.printable(path).equals(path)) {
      throw new HubException(
          "the server lists a file %s, whose name has characters that cannot be shown; nothing was written"
              .formatted(Messages.quote(path)));
    }
    boolean strange = path.chars().anyMatch(c -> c == '\\' || c == ':');
    List<String> parts = List.of(path.split("/", -1));
    if (strange || parts.contains("") || parts.contains(".") || parts.contains("..")) {
      throw new HubException(
          "the server lists a file '%s', which would lie outside of the folder; nothing was written"
              .formatted(Messages.plain(path)));
    }
  }
}
