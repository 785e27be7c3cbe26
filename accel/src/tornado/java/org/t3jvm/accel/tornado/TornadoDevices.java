package org.t3jvm.accel.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.nvidia.NvidiaLibraries;
import org.t3jvm.accel.sdk.DeviceSource;
import org.t3jvm.accel.sdk.Driver;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** The devices of TornadoVM's runtime. */
public final class TornadoDevices implements DeviceSource {
  private record Key(Driver driver, int index, long budget, boolean libraries) {}

  private static final Map<Key, Device> OPEN = new HashMap<>();

  /** For {@link java.util.ServiceLoader}. */
  public TornadoDevices() {}

  @Override
  public List<DeviceInfo> devices(Driver driver) {
    List<TornadoDevice> devices = found(driver);
    return IntStream.range(0, devices.size())
        .mapToObj(i -> Descriptions.of(devices.get(i), i))
        .toList();
  }

  @Override
  public Device open(
      Driver driver, int index, long budget, Optional<NvidiaLibraries.Found> libraries) {
    synchronized (OPEN) {
      return OPEN.computeIfAbsent(
          new Key(driver, index, budget, libraries.isPresent()),
          key -> new BankDevice(found(driver).get(index), index, budget, libraries));
    }
  }

  private static List<TornadoDevice> found(Driver driver) {
    try {
      List<TornadoDevice> devices = new ArrayList<>();
      TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
      for (int i = 0; i < runtime.getNumBackends(); i++) {
        TornadoBackend backend = runtime.getBackend(i);
        if (backend.getBackendType() == type(driver)) {
          devices.addAll(backend.getAllDevices());
        }
      }
      return devices;
    } catch (Throwable e) {
      throw Failures.of("TornadoVM cannot start", e);
    }
  }

  private static TornadoVMBackendType type(Driver driver) {
    return switch (driver) {
      case OPENCL -> TornadoVMBackendType.OPENCL;
      case PTX -> TornadoVMBackendType.PTX;
      case CUDA -> TornadoVMBackendType.CUDA;
    };
  }
}
