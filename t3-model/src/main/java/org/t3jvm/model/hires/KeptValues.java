package org.t3jvm.model.hires;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.vae.SpillFile;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * What the cross-attention of each block gave, F32 [tokens, dim], from one refresh to the next
 * (SPEC 20.5): of the first blocks in memory, of the others in a temporary file that is mapped.
 */
public final class KeptValues implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final @Nullable SpillFile file;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /**
   * Room for values that are still to be computed.
   *
   * @param blocks of the DiT
   * @param tokens shape [N, dim]
   * @param inMemory blocks whose values are not on disk
   * @throws IOException if the temporary file cannot be made
   */
  public KeptValues(int blocks, Shape tokens, int inMemory) throws IOException {
    long bytes = bytes(tokens);
    this.file = inMemory < blocks ? SpillFile.create("cross") : null;
    try {
      for (int i = 0; i < blocks; i++) {
        MemorySegment segment =
            file == null || i < inMemory
                ? arena.allocate(bytes, Tensor.ALIGNMENT)
                : file.map((i - inMemory) * bytes, bytes, arena);
        tensors.put(Dit.kept(i), Tensor.of(DType.F32, tokens, segment));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Bytes of one block's values. */
  public static long bytes(Shape tokens) {
    return tokens.elements() * Float.BYTES;
  }

  /** The values by the names that they have in graphs. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    arena.close();
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
