package org.t3jvm.accel.device;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.tensor.backend.KernelSource;

/**
 * A device that launches kernels on its banks of memory. Not for use by several threads at once.
 */
public interface Device {
  /** What it is. */
  DeviceInfo info();

  /** What it computes products and attention with. */
  KernelSource kernels();

  /** The banks it may have, smallest first within each kind; staging banks too. */
  List<Bank> banks();

  /** Gets kernels ready that later launches of the same kernels and banks need. */
  void prepare(Collection<Launch> launches);

  /**
   * Runs a kernel after those before it, now or later. Staging banks that it reads are uploaded
   * before, one that it writes is downloaded after.
   *
   * @throws DeviceException if the device fails, at this launch or at an earlier one
   */
  void run(Launch launch);

  /**
   * The host's copy of a staging bank, which no launch uses any more.
   *
   * @throws DeviceException if a launch before failed
   */
  MemorySegment staging(Bank bank);

  /**
   * Waits until all launches ran.
   *
   * @throws DeviceException if one failed
   */
  void finish();

  /** Whether uploads run beside launches of other elements. */
  default boolean sendsBesideLaunches() {
    return false;
  }

  /** Gives the memory of all banks back; they are allocated again when they are next used. */
  void release();

  /** What it did so far. */
  DeviceCounts counts();
}
