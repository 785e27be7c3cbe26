package org.t3jvm.loaders.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.t3jvm.loaders.StoredType;

/** The element types of GGUF files that can be read. */
enum GgufType {
  F32(0, 1, 4, StoredType.F32),
  F16(1, 1, 2, StoredType.F16),
  BF16(30, 1, 2, StoredType.BF16),
  F64(28, 1, 8, StoredType.F64),
  Q4_0(2, 32, 18, StoredType.F32),
  Q8_0(8, 32, 34, StoredType.F32),
  Q4_K(12, 256, 144, StoredType.F32),
  Q5_K(13, 256, 176, StoredType.F32),
  Q6_K(14, 256, 210, StoredType.F32);

  private final int id;
  private final int blockElements;
  private final int blockBytes;
  private final StoredType loaded;

  GgufType(int id, int blockElements, int blockBytes, StoredType loaded) {
    this.id = id;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
    this.loaded = loaded;
  }

  /** The type of a number in a file; empty if it is none of these. */
  static Optional<GgufType> of(long id) {
    return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
  }

  /** All names, for messages. */
  static String names() {
    return Arrays.stream(values()).map(GgufType::name).collect(Collectors.joining(", "));
  }

  int blockElements() {
    return blockElements;
  }

  int blockBytes() {
    return blockBytes;
  }

  /** What tensors of this type load as. */
  StoredType loaded() {
    return loaded;
  }

  /** True for blocks that are to be decoded; other types are used where they lie. */
  boolean quantised() {
    return blockElements > 1;
  }

  /** Bytes of {@code elements}; -1 if they are no whole number of blocks or too many. */
  long bytes(long elements) {
    long blocks = elements / blockElements;
    boolean whole = elements % blockElements == 0;
    return whole && blocks <= Long.MAX_VALUE / blockBytes ? blocks * blockBytes : -1;
  }
}
