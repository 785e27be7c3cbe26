package org.t3jvm.loaders.gguf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tasks;
import org.t3jvm.tensor.Tensor;

/**
 * One GGUF file. A quantised tensor is decoded to F32 off the heap when it is asked for first, and
 * kept until it is released or the file is closed: F32 is the only dtype that holds every value
 * exactly. That takes 4 bytes a weight ({@link #decodedBytes}); {@code --weights q8}, which
 * releases each tensor when it has its codes, about one.
 */
public final class GgufFile implements Checkpoint {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long BLOCKS_OF_A_TASK = 1 << 10;

  private final MappedFile file;
  private final GgufHeader header;
  private final int threads;
  private final Map<String, TensorInfo> entries;
  private final Map<String, Decoded> decoded = new HashMap<>();

  /** A tensor in memory of its own. */
  private record Decoded(Tensor tensor, Arena memory) {}

  private GgufFile(MappedFile file, GgufHeader header, int threads) {
    this.file = file;
    this.threads = threads;
    this.header = header;
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    header.slots().forEach((name, slot) -> infos.put(name, slot.info()));
    this.entries = Collections.unmodifiableMap(infos);
  }

  /** Whether a file begins as GGUF does. */
  public static boolean is(MappedFile file) {
    return file.size() >= 4 && file.u32(0) == GgufHeader.MAGIC;
  }

  /**
   * Reads the header of a mapped file; the checkpoint then owns the mapping.
   *
   * @param threads that decode a tensor
   * @throws CheckpointException if the header is malformed or does not fit the file, or a tensor's
   *     type is not supported; the mapping stays open
   */
  public static GgufFile of(MappedFile file, int threads) throws CheckpointException {
    return new GgufFile(file, GgufHeader.read(file), threads);
  }

  @Override
  public String description() {
    return file.path().toString();
  }

  @Override
  public List<Path> files() {
    return List.of(file.path());
  }

  @Override
  public Map<String, TensorInfo> entries() {
    return entries;
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  @Override
  public Tensor tensor(String name) throws CheckpointException {
    file.requireOpen();
    TensorInfo info = info(name);
    GgufHeader.Slot slot = Objects.requireNonNull(header.slots().get(name));
    GgufType type = slot.type();
    MemorySegment stored = file.slice(header.start(slot), type.bytes(info.shape().elements()));
    if (!type.quantised()) {
      DType dtype = Objects.requireNonNull(info.type().dtype());
      return Tensor.of(dtype, info.shape(), stored);
    }
    synchronized (decoded) {
      Decoded made = decoded.get(name);
      if (made == null) {
        made = decode(info, type, stored);
        decoded.put(name, made);
      }
      return made.tensor;
    }
  }

  private Decoded decode(TensorInfo info, GgufType type, MemorySegment stored)
      throws CheckpointException {
    Arena memory = Arena.ofShared();
    Tensor tensor;
    try {
      tensor = Tensor.allocate(memory, DType.F32, info.shape());
    } catch (OutOfMemoryError e) {
      memory.close();
      throw file.error(
          "not enough memory for tensor %s %s of %s as F32; t3 convert --dtype bf16 or q8 makes a file that is used where it lies"
              .formatted(Messages.quote(info.name()), info.shape(), type),
          e);
    }
    long blocks = info.shape().elements() / type.blockElements();
    Tasks.run(
        threads,
        Math.toIntExact(Math.ceilDiv(blocks, BLOCKS_OF_A_TASK)),
        task -> {
          float[] values = new float[type.blockElements()];
          long end = Math.min(blocks, (task + 1) * BLOCKS_OF_A_TASK);
          for (long block = task * BLOCKS_OF_A_TASK; block < end; block++) {
            GgufBlocks.decode(type, stored, block * type.blockBytes(), values);
            MemorySegment.copy(
                values,
                0,
                tensor.segment(),
                FLOAT,
                block * type.blockElements() * Float.BYTES,
                values.length);
          }
        });
    return new Decoded(tensor, memory);
  }

  @Override
  public long decodedBytes() {
    return header.slots().values().stream()
        .filter(slot -> slot.type().quantised())
        .mapToLong(slot -> slot.info().shape().elements() * Float.BYTES)
        .sum();
  }

  @Override
  public void release(String name) {
    synchronized (decoded) {
      Decoded made = decoded.remove(name);
      if (made != null) {
        made.memory.close();
      }
    }
  }

  @Override
  public void close() {
    file.close();
    synchronized (decoded) {
      decoded.values().forEach(each -> each.memory.close());
      decoded.clear();
    }
  }
}
