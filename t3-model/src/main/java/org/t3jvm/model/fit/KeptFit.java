package org.t3jvm.model.fit;

/**
 * Where what FreeSwim keeps of each block's cross-attention lies (SPEC 20.5).
 *
 * @param blocks of the DiT
 * @param inMemory blocks whose values are in memory; those of the others are in a temporary file
 * @param blockBytes bytes of one block's values
 */
public record KeptFit(int blocks, int inMemory, long blockBytes) {
  /** As many blocks in memory as there is room for. */
  static KeptFit of(int blocks, long blockBytes, long room) {
    return new KeptFit(blocks, Math.clamp(room / blockBytes, 0, blocks), blockBytes);
  }

  /** Bytes in memory. */
  public long memory() {
    return inMemory * blockBytes;
  }

  /** Bytes on disk. */
  public long disk() {
    return (blocks - inMemory) * blockBytes;
  }

  /** For people. */
  public String description() {
    return "cross-attention kept: %s in memory%s"
        .formatted(
            Sizes.bytes(memory()),
            disk() == 0 ? "" : ", %s on disk".formatted(Sizes.bytes(disk())));
  }
}
