package org.t3jvm.accel.cuda;

import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.accel.run.FakeDevice;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Precision;

/**
 * {@link FakeCuda} as backend {@code cuda}, for tests of other modules that have this one's tests
 * on their class path. Device 0 works, device 1 is lost in a run, device 2 computes nothing and is
 * large.
 */
public final class StandInProvider implements BackendProvider {
  private static final long MEMORY = 256L << 20;
  private static final long LARGE = 1L << 40;

  /** Past the text encoder and the first step of the embedded model's smallest videos. */
  private static final int LAUNCHES = 1500;

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public Availability availability() {
    return new Availability.Usable("a stand-in of CUDA's driver");
  }

  @Override
  public Backend open(BackendOptions options) {
    Precision precision = options.precision().orElse(Precision.F32);
    if (options.device() == 2) {
      return new DeviceBackend(
          new DeviceSpace(name(), new FakeDevice(LARGE), LARGE), precision, options.threads());
    }
    FakeCuda fake = new FakeCuda(MEMORY);
    if (options.device() == 1) {
      fake.loseAfter(LAUNCHES);
    }
    long budget = options.deviceMemory() > 0 ? options.deviceMemory() : MEMORY * 3 / 4;
    return new DeviceBackend(
        new DeviceSpace(name(), fake.device(budget), budget), precision, options.threads());
  }
}
