package org.t3jvm.model.golden;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backends;

/**
 * Every entry of the fixtures on devices that can start here, and on a stand-in of CUDA's driver.
 */
@Tag("process")
class DeviceGoldensTest {
  @AfterAll
  static void closeBackendsAndSumUp() {
    GoldenFixturesTest.closeBackendsAndSumUp();
  }

  @TestFactory
  Stream<DynamicContainer> fixtures() {
    Stream<String> devices =
        Stream.of("opencl", "ptx", "cuda")
            .filter(name -> Backends.named(name).availability() instanceof Availability.Usable);
    List<String> backends = Stream.concat(devices, Stream.of(GoldenFixturesTest.STAND_IN)).toList();
    return GoldenFixturesTest.fixtures(backends);
  }
}
