package org.t3jvm.accel.queue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.t3jvm.accel.foreign.DriverException;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;

/**
 * The queue of a device: what is put in runs in that order, but for what is sent beside it, which
 * runs in an order of its own. Every command gives an event, to be released by whoever gets it.
 * Buffers and events are addresses of the driver. All methods throw {@link DriverException}; not
 * for use by several threads at once.
 */
public interface CommandQueue {
  /** Device memory until it is released. */
  MemorySegment allocate(long bytes);

  void release(MemorySegment buffer);

  /** Memory of the host that transfers are fast from and to, for the rest of the process. */
  MemorySegment hostMemory(long bytes);

  /** What one launch of a kernel may take. */
  LaunchLimits limits(DeviceKernel kernel);

  /** Gets a kernel ready. */
  void prepare(DeviceKernel kernel);

  /** Sends memory of the host, which must stay as it is until the event. */
  MemorySegment write(MemorySegment buffer, long at, MemorySegment from);

  /**
   * What sending is.
   *
   * @param sent the command after which the host's memory may change
   * @param placed the launch that puts it where launches take it, if that is another command
   */
  record Sending(MemorySegment sent, Optional<MemorySegment> placed) {}

  /** As {@link #write}, beside the launches where the device can, after what was sent before. */
  Sending send(MemorySegment buffer, long at, MemorySegment from);

  /** Whether what is sent is put where launches take it beside the launches. */
  boolean sendsBesideLaunches();

  /** Has what is sent from now on wait for a launch. */
  void sendAfter(MemorySegment launch);

  /** Has launches and what is read from now on wait for what was sent. */
  void launchAfter(MemorySegment sent);

  /** Fetches into memory of the host, which is there after the event. */
  MemorySegment read(MemorySegment buffer, long at, MemorySegment to);

  /**
   * Runs a kernel.
   *
   * @param arguments the buffers of ints and of floats, then the operands' in the order of {@link
   *     DeviceKernel#arguments}
   */
  MemorySegment launch(Launch launch, List<MemorySegment> arguments);

  /** Has the device start on what is queued. */
  void flush();

  /** Waits until a command ran, and fails if it did. */
  void await(MemorySegment command);

  /** Whether a command failed. */
  boolean failed(MemorySegment command);

  void releaseEvent(MemorySegment command);
}
