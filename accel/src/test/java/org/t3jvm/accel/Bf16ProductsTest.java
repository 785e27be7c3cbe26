package org.t3jvm.accel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.OpCases;

/**
 * Products and attention on every device here that can multiply BF16, against the reference's of
 * operands that were rounded before.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Bf16ProductsTest {
  private static final double ULP = 0x1p-8;

  /** Weights of an attention, rounded to BF16, and values of up to five deviations. */
  private static final double ATTENTION = 5 * ULP;

  private static final List<String> PRODUCTS = List.of("linear", "conv3d", "attention");

  private final Backend reference = Backends.named("reference").open(new BackendOptions(1));
  private final List<Backend> devices =
      Stream.of(new OpenClProvider(), new PtxProvider(), new CudaProvider())
          .filter(provider -> provider.availability() instanceof Availability.Usable)
          .flatMap(Bf16ProductsTest::opened)
          .toList();

  private static Stream<Backend> opened(BackendProvider provider) {
    try {
      return Stream.of(provider.open(new BackendOptions(1).with(Precision.BF16)));
    } catch (BackendException e) {
      System.out.println(e.getMessage());
      return Stream.empty();
    }
  }

  @AfterAll
  void close() {
    reference.close();
    devices.forEach(Backend::close);
  }

  @TestFactory
  Stream<DynamicTest> agreesWithTheReferenceOnRoundedOperands() {
    return devices.stream()
        .flatMap(
            device ->
                OpCases.all().stream()
                    .filter(opCase -> PRODUCTS.contains(opCase.op()) && !hasCodes(opCase))
                    .map(
                        opCase ->
                            DynamicTest.dynamicTest(
                                device.name() + ": " + opCase, () -> check(device, opCase))));
  }

  /** Weights that are codes times scales are rounded when they are multiplied out. */
  private static boolean hasCodes(OpCase opCase) {
    return opCase.parameters().values().stream().anyMatch(each -> each.dtype() == DType.I8);
  }

  private void check(Backend device, OpCase opCase) {
    Tensor exact = run(reference, opCase, opCase.inputs(), opCase.parameters());
    Tensor rounded = run(reference, opCase, rounded(opCase.inputs()), rounded(opCase.parameters()));
    Tensor actual = run(device, opCase, opCase.inputs(), opCase.parameters());
    boolean attention = opCase.op().equals("attention");
    for (long i = 0; i < exact.shape().elements(); i++) {
      double y = actual.getDouble(i);
      double near = rounded.getDouble(i);
      double limit = attention ? ATTENTION + ULP * Math.abs(near) : 0;
      // Products that the device does not round at all are as good as the reference's.
      if (!opCase.tolerance().accepts(near, y)
          && !opCase.tolerance().accepts(exact.getDouble(i), y)
          && !(Math.abs(y - near) <= limit)) {
        throw new AssertionError(
            "%s on %s, seed %d: element %d is %s, should be %s, or %s if operands are not rounded"
                .formatted(opCase, device.name(), opCase.seed(), i, y, near, exact.getDouble(i)));
      }
    }
  }

  private static Map<String, Tensor> rounded(Map<String, Tensor> tensors) {
    Map<String, Tensor> rounded = new HashMap<>();
    tensors.forEach((name, tensor) -> rounded.put(name, isBias(tensor) ? tensor : round(tensor)));
    return rounded;
  }

  /** Biases are added to the sums. */
  private static boolean isBias(Tensor tensor) {
    return tensor.shape().rank() == 1;
  }

  private static Tensor round(Tensor tensor) {
    return tensor.to(DType.BF16).to(tensor.dtype());
  }

  private static Tensor run(
      Backend backend, OpCase opCase, Map<String, Tensor> inputs, Map<String, Tensor> parameters) {
    try (Program program = backend.compile(opCase.graph(), Parameters.of(parameters))) {
      return Objects.requireNonNull(program.run(inputs).get(OpCase.OUTPUT));
    }
  }
}
