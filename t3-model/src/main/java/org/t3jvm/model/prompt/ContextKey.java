package org.t3jvm.model.prompt;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import org.t3jvm.job.WeightFormat;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.Digest;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Backends;

/**
 * What a prompt's context depends on, to the last bit: the token ids, the text encoder's weights,
 * the backend with its device, kernels and precision, the machine that it runs on, and this program
 * itself.
 *
 * @param hex SHA-256 of all of it
 */
record ContextKey(String hex) {
  /** Raised when files of earlier versions must not be read any more. */
  private static final String VERSION = "t3jvm context 1";

  /** Bytes of each tensor that are looked at; files that differ, differ almost everywhere. */
  private static final long SAMPLE = 64;

  /**
   * The key of a prompt.
   *
   * @param text the text encoder's weights: their names, types and shapes, a piece of each, and the
   *     file's time
   * @param format what they are kept as
   * @throws IOException if a weight cannot be read
   */
  static ContextKey of(long[] ids, Checkpoint text, WeightFormat format, Backend backend)
      throws IOException {
    Digest digest = Digest.sha256();
    add(digest, VERSION);
    add(digest, modified(Path.of(program())));
    add(digest, format.name());
    add(digest, backend.identity());
    add(digest, Backends.named(backend.name()).availability().description());
    add(digest, System.getProperty("os.arch") + " " + System.getProperty("java.vm.version"));
    addWeights(digest, text);
    for (long id : ids) {
      digest.add(ByteBuffer.allocate(Long.BYTES).putLong(id).flip());
    }
    return new ContextKey(digest.hex());
  }

  private static void addWeights(Digest digest, Checkpoint text) throws IOException {
    for (TensorInfo info : text.entries().values()) {
      add(digest, info.toString());
      if (info.supported()) {
        Tensor tensor = text.tensor(info.name());
        long length = Math.min(SAMPLE, tensor.byteSize());
        long middle = (tensor.byteSize() - length) / 2;
        digest.add(tensor.segment().asSlice(middle, length).asByteBuffer());
      }
    }
    try {
      add(digest, modified(Path.of(text.description())));
    } catch (InvalidPathException e) {
      // Several files, described in words: the pieces of their tensors must do.
    }
  }

  /** Size and time of a file; nothing for what is none. */
  private static String modified(Path file) throws IOException {
    return Files.isRegularFile(file)
        ? Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis()
        : "";
  }

  /** Where this program's code lies; empty if that is no file. */
  private static String program() {
    CodeSource source = Backend.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? "" : Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return "";
    }
  }

  /** SHA-256 of a tensor's elements. */
  static String hash(Tensor tensor) {
    Digest digest = Digest.sha256();
    digest.add(tensor.segment().asByteBuffer());
    return digest.hex();
  }

  private static void add(Digest digest, String text) {
    digest.add(text.getBytes(StandardCharsets.UTF_8));
    digest.add(new byte[1]);
  }
}
