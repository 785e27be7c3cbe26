package org.t3jvm.accel.drivers;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceCounts;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.tensor.backend.KernelSource;

/** A device that records which kernels it was given. */
final class LaunchRecorder implements Device {
  private final Device device;
  private final Set<DeviceKernel> launched = EnumSet.noneOf(DeviceKernel.class);

  LaunchRecorder(Device device) {
    this.device = device;
  }

  /** The kernels since the last call, transfers aside. */
  Set<DeviceKernel> take() {
    Set<DeviceKernel> taken =
        launched.isEmpty() ? EnumSet.noneOf(DeviceKernel.class) : EnumSet.copyOf(launched);
    launched.clear();
    return taken;
  }

  @Override
  public void run(Launch launch) {
    if (launch.banks().stream().noneMatch(bank -> bank.kind().isStaging())) {
      launched.add(launch.kernel());
    }
    device.run(launch);
  }

  @Override
  public DeviceInfo info() {
    return device.info();
  }

  @Override
  public KernelSource kernels() {
    return device.kernels();
  }

  @Override
  public List<Bank> banks() {
    return device.banks();
  }

  @Override
  public void prepare(Collection<Launch> launches) {
    device.prepare(launches);
  }

  @Override
  public MemorySegment staging(Bank bank) {
    return device.staging(bank);
  }

  @Override
  public void finish() {
    device.finish();
  }

  @Override
  public void release() {
    device.release();
  }

  @Override
  public boolean sendsBesideLaunches() {
    return device.sendsBesideLaunches();
  }

  @Override
  public DeviceCounts counts() {
    return device.counts();
  }
}
