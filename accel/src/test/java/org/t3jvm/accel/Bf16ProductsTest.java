package org.t3jvm.accel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.t3jvm.accel.cuda.FakeCuda;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.accel.slots.AttentionSlots.AttentionBf16;
import org.t3jvm.accel.slots.ProductSlots.GemmBf16;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.RoundedProducts;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Products and attention on every device here that can multiply BF16, against the reference's of
 * operands that were rounded before.
 */
@Tag("process")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Bf16ProductsTest {
  private static final double ULP = 0x1p-8;

  /** Six roundings of elements of one deviation. */
  private static final double CHAIN = 8 * ULP;

  private static final long SEED = 11;

  /** Of the device whose launches are split, and which cases run there. */
  private static final long PARTS_MEMORY = 128 << 20;

  private static final int PARTS_EVERY = 41;

  private final Backend reference = Backends.named("reference").open(new BackendOptions(1));
  private final List<Backend> devices =
      Stream.concat(
              Stream.of(FakeCuda.backend(Precision.BF16)),
              Stream.of(new OpenClProvider(), new PtxProvider(), new CudaProvider())
                  .filter(provider -> provider.availability() instanceof Availability.Usable)
                  .flatMap(
                      provider ->
                          Stream.of(KernelSource.values()).flatMap(each -> opened(provider, each))))
          .toList();

  private static Stream<Backend> opened(BackendProvider provider, KernelSource kernels) {
    try {
      return Stream.of(
          provider.open(
              new BackendOptions(
                  1, 0, 0, Optional.of(kernels), Optional.of(Precision.BF16), Optional.empty())));
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
                RoundedProducts.cases()
                    .map(
                        opCase ->
                            DynamicTest.dynamicTest(
                                device.name() + ": " + opCase,
                                () -> RoundedProducts.check(device, reference, opCase))));
  }

  /** One work group a launch, and launches split wherever a group has more than one item. */
  @Test
  void workGroupsThatTakeItemsInTurnComputeTheSameInParts() {
    FakeCuda cuda = new FakeCuda(PARTS_MEMORY);
    cuda.limit(65_535, 1);
    AtomicInteger asked = new AtomicInteger();
    Device device = ofFewGroups(cuda.device(PARTS_MEMORY / 2), asked);
    try (Backend parts =
        new DeviceBackend(new DeviceSpace("cuda", device, PARTS_MEMORY / 2), Precision.BF16, 1)) {
      List<OpCase> cases = RoundedProducts.cases().toList();
      for (int i = 0; i < cases.size(); i += PARTS_EVERY) {
        RoundedProducts.check(parts, reference, cases.get(i));
      }
    }
    long launched =
        cuda.launches(DeviceKernel.GEMM_BF16.entry())
            + cuda.launches(DeviceKernel.ATTENTION_BF16.entry());
    assertThat(launched).as("launches, of %s asked for", asked).isGreaterThan(2L * asked.get());
  }

  private static Device ofFewGroups(Device device, AtomicInteger asked) {
    return (Device)
        Proxy.newProxyInstance(
            Device.class.getClassLoader(),
            new Class<?>[] {Device.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("run")) {
                arguments[0] = ofFewGroups((Launch) arguments[0], asked);
              }
              return method.invoke(device, arguments);
            });
  }

  private static Launch ofFewGroups(Launch launch, AtomicInteger asked) {
    int slot =
        switch (launch.kernel()) {
          case GEMM_BF16 -> GemmBf16.GROUPS;
          case ATTENTION_BF16 -> AttentionBf16.GROUPS;
          default -> -1;
        };
    if (slot < 0) {
      return launch;
    }
    asked.incrementAndGet();
    return launch.with(slot, 1).part(launch.grid().ofGroups(1, 1, 1), 0, 0, 0);
  }

  @TestFactory
  Stream<DynamicTest> keepsAsBf16WhatOnlyProductsRead() {
    return devices.stream()
        .map(device -> DynamicTest.dynamicTest(device.name(), () -> checkChain(device)));
  }

  /** Results of products that others take: stored as BF16, and read so. */
  private void checkChain(Backend device) {
    Random random = new Random(SEED);
    Map<String, Tensor> inputs = Map.of("x", normal(random, 64, 32));
    Map<String, Tensor> parameters =
        Map.of("w", normal(random, 32, 32), "b", normal(random, 32), "s", normal(random, 32));
    Tensor expected = RoundedProducts.run(reference, chain(true), inputs, parameters);
    Tensor actual = RoundedProducts.run(device, chain(false), inputs, parameters);
    for (long i = 0; i < expected.shape().elements(); i++) {
      double near = expected.getDouble(i);
      // A sum on the edge between two numbers of BF16 may be rounded to either.
      if (!(Math.abs(actual.getDouble(i) - near) <= CHAIN + 2 * ULP * Math.abs(near))) {
        throw new AssertionError(
            "chain on %s, seed %d: element %d is %s, should be %s"
                .formatted(device.name(), SEED, i, actual.getDouble(i), near));
      }
    }
  }

  /**
   * @param rounds whether operands of products are rounded by ops of the graph
   */
  private static Graph chain(boolean rounds) {
    Tracer g = new Tracer();
    Value w = g.parameter("w", DType.F32, Shape.of(32, 32));
    Value b = g.parameter("b", DType.F32, Shape.of(32));
    Value s = g.parameter("s", DType.F32, Shape.of(32));
    UnaryOperator<Value> round = v -> rounds ? g.cast(g.cast(v, DType.BF16), DType.F32) : v;
    Value weight = round.apply(w);
    Value x = g.layerNorm(g.input("x", DType.F32, Shape.of(64, 32)), null, null, 1e-6f);
    Value hidden = g.linear(round.apply(g.modulate(x, s, b)), weight, b);
    Value q = g.linear(round.apply(hidden), weight, null);
    Value v = g.linear(round.apply(g.geluTanh(q)), weight, b);
    Value k = g.layerNorm(v, null, null, 1e-6f);
    Value attended =
        g.attention(
            round.apply(k),
            round.apply(k),
            round.apply(v),
            2,
            0.25f,
            new AttentionPattern.Full(),
            null);
    Value y = g.linear(round.apply(g.affine(attended, 0.1f, 0)), weight, s);
    g.output(OpCase.OUTPUT, g.layerNorm(y, null, null, 1e-6f));
    return g.graph();
  }

  private static Tensor normal(Random random, long... dims) {
    Tensor tensor = Tensor.allocate(DType.F32, Shape.of(dims));
    for (long i = 0; i < tensor.shape().elements(); i++) {
      tensor.setDouble(i, random.nextGaussian());
    }
    return tensor;
  }
}
