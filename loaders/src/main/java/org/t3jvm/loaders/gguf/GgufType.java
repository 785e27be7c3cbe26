package org.t3jvm.loaders.gguf;

import java.util.Arrays;
import java.util.Map;
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

  /** Names of types that cannot be read, as files are called by them. */
  private static final Map<Long, String> OTHERS =
      Map.ofEntries(
          Map.entry(3L, "Q4_1"),
          Map.entry(6L, "Q5_0"),
          Map.entry(7L, "Q5_1"),
          Map.entry(9L, "Q8_1"),
          Map.entry(10L, "Q2_K"),
          Map.entry(11L, "Q3_K"),
          Map.entry(15L, "Q8_K"),
          Map.entry(16L, "IQ2_XXS"),
          Map.entry(17L, "IQ2_XS"),
          Map.entry(18L, "IQ3_XXS"),
          Map.entry(19L, "IQ1_S"),
          Map.entry(20L, "IQ4_NL"),
          Map.entry(21L, "IQ3_S"),
          Map.entry(22L, "IQ2_S"),
          Map.entry(23L, "IQ4_XS"),
          Map.entry(24L, "I8"),
          Map.entry(25L, "I16"),
          Map.entry(26L, "I32"),
          Map.entry(27L, "I64"),
          Map.entry(29L, "IQ1_M"));

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

  /** The name of a type that cannot be read, or its number. */
  static String nameOf(long id) {
    return OTHERS.getOrDefault(id, Long.toString(id));
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
