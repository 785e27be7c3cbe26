package org.t3jvm.model.train.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.Digest;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.tensor.Tensor;

/**
 * Encoded clips and captions on disk, one safetensors file each under a hash of all that it depends
 * on. A file appears when it is whole, and one that is damaged is never used.
 */
final class EncodedCache {
  /** Raised when files of earlier versions must not be read any more. */
  private static final String VERSION = "t3jvm encoded 1";

  private static final String TENSOR = "tensor";
  private static final String KEY = "key";
  private static final String HASH = "sha256";

  private final Path folder;

  /** A cache in a folder, which is made if it is not there. */
  EncodedCache(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** The key of something that depends on these texts. */
  static String key(String... of) {
    return Digest.sha256((VERSION + "\n" + String.join("\n", of)).getBytes(StandardCharsets.UTF_8));
  }

  /** A copy of the tensor under a key; empty if there is none, or a damaged one. */
  Optional<Tensor> find(String key) {
    Path file = file(key);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(key));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * A copy of the tensor under a key.
   *
   * @throws IOException naming the file if it is missing or damaged
   */
  Tensor read(String key) throws IOException {
    Path file = file(key);
    try (Checkpoint kept = Checkpoints.open(file)) {
      Tensor stored = kept.tensor(TENSOR);
      Tensor copy = Tensor.allocate(stored.dtype(), stored.shape());
      copy.copyFrom(stored);
      if (!key.equals(kept.metadata().get(KEY)) || !hash(copy).equals(kept.metadata().get(HASH))) {
        throw new IOException("'%s' is damaged; delete it and start again".formatted(file));
      }
      return copy;
    }
  }

  /**
   * Keeps a tensor under a key.
   *
   * @throws IOException naming the file if it cannot be written
   */
  void keep(String key, Tensor tensor) throws IOException {
    Path file = file(key);
    Files.createDirectories(file.resolveSibling(""));
    SafetensorsWriter.write(
        file,
        List.of(TensorInfo.of(TENSOR, tensor)),
        name -> tensor,
        Map.of(KEY, key, HASH, hash(tensor)));
  }

  /** Keys are hashes; a folder of all files would be listed for each that is added. */
  private Path file(String key) {
    return folder.resolve(key.substring(0, 2)).resolve(key + ".safetensors");
  }

  private static String hash(Tensor tensor) {
    Digest digest = Digest.sha256();
    ByteBuffer bytes = tensor.segment().asByteBuffer();
    digest.add(bytes);
    return digest.hex();
  }
}
