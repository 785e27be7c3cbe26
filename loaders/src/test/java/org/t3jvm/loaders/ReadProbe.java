package org.t3jvm.loaders;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.tensor.Tensor;

/**
 * Opens a file of any content and reads every element of it, and says what that took.
 *
 * @param allocated heap bytes that the thread allocated, garbage included, and off-heap copies
 * @param tensors how many tensors were read to the end
 * @param refusal the error that stopped it, if one did
 */
public record ReadProbe(
    long allocated, int tensors, @Nullable CheckpointException refusal, long checksum) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Reads {@code path}. Any failure but a {@link CheckpointException} comes through. */
  private static ReadProbe run(Path path) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    long copied = 0;
    int tensors = 0;
    long checksum = 0;
    CheckpointException refusal = null;
    try (Checkpoint file = Checkpoints.open(path)) {
      for (TensorInfo info : file.entries().values()) {
        if (info.supported()) {
          Tensor tensor = file.tensor(info.name());
          MemorySegment segment = tensor.segment();
          copied += segment.isMapped() ? 0 : segment.byteSize();
          for (long at = 0; at < segment.byteSize(); at++) {
            checksum = 31 * checksum + segment.get(ValueLayout.JAVA_BYTE, at);
          }
          tensors++;
        }
      }
    } catch (CheckpointException e) {
      refusal = e;
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before + copied;
    return new ReadProbe(allocated, tensors, refusal, checksum);
  }

  /**
   * Reads {@code path} and fails if that allocates more than twice the file's size plus {@code
   * constant}. A first reading that takes more is repeated, since it may have loaded classes.
   */
  public static ReadProbe within(Path path, long constant) {
    long limit = 2 * path.toFile().length() + constant;
    ReadProbe probe = run(path);
    if (probe.allocated > limit) {
      probe = run(path);
    }
    if (probe.allocated > limit) {
      throw new AssertionError(
          "%d bytes allocated, at most %d expected (%s)"
              .formatted(probe.allocated, limit, probe.refusal));
    }
    return probe;
  }
}
