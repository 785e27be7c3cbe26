package org.t3jvm.accel.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.t3jvm.accel.cuda.FakeCuda;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.RoundedProducts;

/** Products and attention by the libraries, on the stand-in of CUDA by its driver alone. */
@Tag("process")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LibraryDeviceTest {
  private static final long MEMORY = 128L << 20;
  private static final long BUDGET = MEMORY / 4 * 3;
  private static final int EVERY = 29;

  private final FakeCublasLt cublasLt = new FakeCublasLt();
  private final Backend reference = Backends.named("reference").open(new BackendOptions(1));
  private final Device device = device();
  private final Backend backend =
      new DeviceBackend(new DeviceSpace("cuda", device, BUDGET), Precision.BF16, 1);

  private Device device() {
    FakeCudnn cudnn = new FakeCudnn();
    cudnn.works = FakeCudnn.ALL;
    FakeCuda cuda = new FakeCuda(MEMORY);
    return cuda.device(
        BUDGET,
        Optional.of(
            new NvidiaLibraries.Found(cublasLt.stubs, cudnn.stubs, cuda.functions(), "of tests")));
  }

  @AfterAll
  void close() {
    backend.close();
    reference.close();
    assertThat(device.kernels()).isEqualTo(KernelSource.LIBRARY);
    assertThat(cublasLt.streams).isNotEmpty().containsOnly(16L);
  }

  @TestFactory
  Stream<DynamicTest> agreesWithTheReferenceOnRoundedOperands() {
    List<OpCase> cases = RoundedProducts.cases().toList();
    return IntStream.range(0, cases.size() / EVERY)
        .mapToObj(i -> cases.get(i * EVERY))
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.toString(), () -> RoundedProducts.check(backend, reference, each)));
  }
}
