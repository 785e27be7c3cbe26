package org.t3jvm.accel.run;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceCounts;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.BankSizes;
import org.t3jvm.tensor.backend.KernelSource;

/**
 * A device that computes nothing, remembers what it was asked for, and fails on request. All that
 * is fetched from it is {@link #FETCHED}.
 */
public final class FakeDevice implements Device {
  static final float FETCHED = 7;

  final List<Launch> launches = new ArrayList<>();

  /** The first element of all that was brought as F32. */
  final List<Float> brought = new ArrayList<>();

  DeviceKernel failing = DeviceKernel.SOFTMAX;
  boolean fails;
  KernelSource kernels = KernelSource.JAVA;
  int releases;
  private final List<Bank> banks = new ArrayList<>();
  private final Map<Bank, MemorySegment> staging = new HashMap<>();

  /** Whether it fails when it is waited for, and not at once. */
  boolean failsLater;

  private @Nullable DeviceException pending;

  /** What it was asked to run. */
  public List<Launch> launches() {
    return launches;
  }

  public FakeDevice(long budget) {
    banks.addAll(BankSizes.of(Bank.Kind.FLOATS, budget, budget));
    banks.addAll(BankSizes.of(Bank.Kind.WORDS, budget, budget));
    banks.add(new Bank(Bank.Kind.SCRATCH, 0, 1 << 23));
    banks.add(new Bank(Bank.Kind.SCRATCH, 1, 1 << 10));
    for (Bank.Kind kind : List.of(Bank.Kind.FLOAT_STAGING, Bank.Kind.WORD_STAGING)) {
      Bank bank = new Bank(kind, 0, 1 << 10);
      banks.add(bank);
      staging.put(bank, Arena.ofAuto().allocate(bank.bytes()));
    }
  }

  @Override
  public DeviceInfo info() {
    return new DeviceInfo(
        "a device of tests",
        "a driver",
        1 << 30,
        1 << 30,
        1 << 16,
        1024,
        true,
        false,
        false,
        false);
  }

  @Override
  public KernelSource kernels() {
    return kernels;
  }

  @Override
  public List<Bank> banks() {
    return banks;
  }

  @Override
  public void prepare(Collection<Launch> wanted) {}

  @Override
  public void run(Launch launch) {
    launches.add(launch);
    if (fails && launch.kernel() == failing) {
      DeviceException failure =
          new DeviceException(
              "kernel %s: out of resources".formatted(launch), new IllegalStateException(), launch);
      if (!failsLater) {
        throw failure;
      }
      pending = failure;
    }
    if (launch.kernel() == DeviceKernel.COPY) {
      MemorySegment to = staging.get(launch.banks().getFirst());
      MemorySegment from = staging.get(launch.banks().getLast());
      if (to != null) {
        for (long at = 0; at < to.byteSize(); at += Float.BYTES) {
          to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, FETCHED);
        }
      }
      if (from != null) {
        brought.add(from.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0));
      }
    }
  }

  @Override
  public MemorySegment staging(Bank bank) {
    finish();
    MemorySegment segment = staging.get(bank);
    if (segment == null) {
      throw new IllegalArgumentException(bank + " is no staging bank");
    }
    return segment;
  }

  @Override
  public void finish() {
    DeviceException failure = pending;
    pending = null;
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void release() {
    releases++;
  }

  @Override
  public DeviceCounts counts() {
    return new DeviceCounts(launches.size(), 0, 0);
  }
}
