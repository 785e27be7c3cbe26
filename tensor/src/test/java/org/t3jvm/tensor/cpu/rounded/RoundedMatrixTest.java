package org.t3jvm.tensor.cpu.rounded;

import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.RoundedProducts;
import org.t3jvm.tensor.cpu.CpuBackend;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.graph.Op;

/**
 * The products of the op matrix at BF16, and linear maps at int8; other tests compare the kinds of
 * kernels with each other.
 */
@Tag("matrix")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoundedMatrixTest {
  private final Backend reference = Backends.named("reference").open(new BackendOptions(1));

  private final Map<String, Backend> backends =
      Map.of("fastest", new CpuBackend(2, Arithmetic.bFloat16(Tiles.best(TileKind.BF16))));

  private final Backend int8 =
      new CpuBackend(2, Arithmetic.int8(Tiles.best(TileKind.INT8), Tiles.best(TileKind.BF16)));

  @AfterAll
  void close() {
    reference.close();
    int8.close();
    backends.values().forEach(Backend::close);
  }

  private static boolean rounds(OpCase opCase) {
    Arithmetic arithmetic = Arithmetic.bFloat16(Tiles.best(TileKind.BF16));
    return opCase.graph().values().stream()
        .anyMatch(
            value ->
                value.op() instanceof Op.Product product
                    && arithmetic.tiles(product, value) != null);
  }

  @TestFactory
  Stream<DynamicTest> agreesWithTheReferenceOnRoundedOperands() {
    return backends.entrySet().stream()
        .flatMap(
            each ->
                RoundedProducts.cases()
                    .filter(RoundedMatrixTest::rounds)
                    .map(
                        opCase ->
                            DynamicTest.dynamicTest(
                                each.getKey() + ": " + opCase,
                                () ->
                                    RoundedProducts.check(
                                        each.getValue(), reference, opCase, true))));
  }

  /** {@link RoundedLinearTest} has the others: codes times scales are no BF16 or F16. */
  private static boolean isF32(OpCase opCase) {
    return opCase.parameters().values().stream().allMatch(each -> each.dtype() == DType.F32);
  }

  private static boolean isFinite(Tensor tensor) {
    return LongStream.range(0, tensor.shape().elements())
        .allMatch(i -> Double.isFinite(tensor.getDouble(i)));
  }

  @TestFactory
  Stream<DynamicTest> linearMapsAgreeWithTheReferenceOnQuantisedOperands() {
    return RoundedProducts.cases()
        .filter(opCase -> opCase.op().equals("linear") && rounds(opCase) && isF32(opCase))
        .filter(opCase -> opCase.inputs().values().stream().allMatch(RoundedMatrixTest::isFinite))
        .map(
            opCase ->
                DynamicTest.dynamicTest(
                    opCase.toString(), () -> RoundedProducts.checkInt8(int8, reference, opCase)));
  }
}
