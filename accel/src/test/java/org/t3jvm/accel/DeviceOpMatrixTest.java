package org.t3jvm.accel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.t3jvm.accel.cuda.FakeCuda;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.OpCases;

/** Every case of the op matrix on every device that can start here, against the reference. */
@Tag("process")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeviceOpMatrixTest {
  private final Backend reference = Backends.named("reference").open(new BackendOptions(1));
  private final Map<String, Backend> devices = new LinkedHashMap<>();

  DeviceOpMatrixTest() {
    BackendOptions options = new BackendOptions(1).with(Precision.F32);
    TestDevices.usable().forEach(each -> devices.put(each.toString(), each.open(options)));
    devices.put("stand-in of CUDA", FakeCuda.backend(Precision.F32));
  }

  @AfterAll
  void close() {
    reference.close();
    devices.values().forEach(Backend::close);
  }

  @TestFactory
  Stream<DynamicTest> agreesWithTheReference() {
    if (devices.isEmpty()) {
      for (BackendProvider provider : Backends.all()) {
        System.out.println(provider.name() + ": " + provider.availability().description());
      }
    }
    return devices.entrySet().stream()
        .flatMap(
            device ->
                OpCases.all().stream()
                    .map(
                        opCase ->
                            DynamicTest.dynamicTest(
                                device.getKey() + ": " + opCase,
                                () -> check(device.getValue(), opCase))));
  }

  private void check(Backend device, OpCase opCase) {
    Tensor expected = run(reference, opCase, 1);
    Tensor actual = run(device, opCase, 2);
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (long i = 0; i < expected.shape().elements(); i++) {
      if (!opCase.tolerance().accepts(expected.getDouble(i), actual.getDouble(i))) {
        throw new AssertionError(
            "%s on %s, seed %d: element %d is %s, should be %s, %s"
                .formatted(
                    opCase,
                    device.name(),
                    opCase.seed(),
                    i,
                    actual.getDouble(i),
                    expected.getDouble(i),
                    opCase.tolerance()));
      }
    }
  }

  /** The result of the last of some runs of one program, which must all be the same. */
  private static Tensor run(Backend backend, OpCase opCase, int runs) {
    Parameters parameters = Parameters.of(opCase.parameters());
    try (Program program = backend.compile(opCase.graph(), parameters)) {
      Tensor last = result(program, opCase);
      for (int i = 1; i < runs; i++) {
        Tensor again = result(program, opCase);
        assertThat(again.segment().mismatch(last.segment()))
            .as("%s on %s, first different byte of another run", opCase, backend.name())
            .isEqualTo(-1);
        last = again;
      }
      return last;
    }
  }

  private static Tensor result(Program program, OpCase opCase) {
    return Objects.requireNonNull(program.run(opCase.inputs()).get(OpCase.OUTPUT));
  }
}
