package org.t3jvm.accel.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.OpenClProvider;
import org.t3jvm.accel.cuda.FakeCuda;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.memory.BankSizes;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.OpCases;
import org.t3jvm.tensor.cases.RoundedProducts;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.RowParts;

/**
 * Values that no bank holds, here those above half of a case's largest one: in parts of their rows.
 */
@Tag("process")
class DividedValuesTest {
  private static final long MEMORY = 128 << 20;

  /** Cases of each op on OpenCL, and on the stand-in, which is slow. */
  private static final int CASES = 12;

  private static final int CASES_ON_STAND_IN = 2;
  private static final int EVERY_BF16 = 67;

  /** All ops of which a value may be divided that is computed or read. */
  private static final List<String> DIVISIBLE =
      List.of(
          "linear",
          "attention",
          "conv3d",
          "norm",
          "rmsFactor",
          "rope",
          "softmax",
          "silu",
          "affine",
          "clamp",
          "add",
          "modulate",
          "gatedResidual",
          "embedding",
          "cast",
          "permute",
          "slice",
          "concat",
          "upsample",
          "broadcast");

  @Test
  void everyOpGivesTheSameBitsOnOpenCl() {
    OpenClProvider provider = new OpenClProvider();
    Assumptions.assumeTrue(
        provider.availability() instanceof Availability.Usable, "no OpenCL device");
    try (Backend backend = provider.open(new BackendOptions(1).with(Precision.F32))) {
      Device device = ((DeviceBackend) backend).space().device();
      assertThat(divided(device, CASES)).containsAll(DIVISIBLE);
    }
  }

  @Test
  void opsGiveTheSameBitsOnTheStandInOfCuda() {
    assertThat(divided(new FakeCuda(2 * MEMORY).device(MEMORY), CASES_ON_STAND_IN)).isNotEmpty();
  }

  /** The ops of the cases in which more was launched than for values in one place. */
  private static Set<String> divided(Device device, int most) {
    Set<String> ops = new TreeSet<>();
    for (OpCase opCase : someOfEachOp(most)) {
      long before = device.counts().launches();
      Tensor whole = run(device, opCase, BankSizes.LARGEST);
      long between = device.counts().launches();
      Tensor parts = run(device, opCase, most(opCase.graph()));
      assertThat(parts.segment().mismatch(whole.segment()))
          .as("%s, seed %d: first different byte", opCase, opCase.seed())
          .isEqualTo(-1);
      if (device.counts().launches() - between > between - before) {
        opCase.graph().values().forEach(value -> ops.add(value.op().opName()));
      }
    }
    return ops;
  }

  private static List<OpCase> someOfEachOp(int most) {
    Map<String, List<OpCase>> byOp = new TreeMap<>();
    for (OpCase opCase : OpCases.all()) {
      byOp.computeIfAbsent(opCase.graph().values().getLast().op().opName(), op -> new ArrayList<>())
          .add(opCase);
    }
    List<OpCase> some = new ArrayList<>();
    for (List<OpCase> cases : byOp.values()) {
      int count = Math.min(most, cases.size());
      IntStream.range(0, count)
          .forEach(i -> some.add(cases.get((i + 1) * cases.size() / count - 1)));
    }
    return some;
  }

  private static long most(Graph graph) {
    return Math.max(
        1,
        RowParts.of(graph).stream().mapToLong(value -> value.shape().elements()).max().orElse(1)
            / 2);
  }

  private static Tensor run(Device device, OpCase opCase, long most) {
    DeviceSpace space = new DeviceSpace("parts", device, MEMORY, most);
    try (DeviceBackend backend = new DeviceBackend(space, Precision.F32, 1);
        Program program = backend.compile(opCase.graph(), Parameters.of(opCase.parameters()))) {
      return Objects.requireNonNull(program.run(opCase.inputs()).get(OpCase.OUTPUT));
    }
  }

  @Test
  void productsOfBf16AgreeWithTheReference() {
    Device device = new FakeCuda(2 * MEMORY).device(MEMORY);
    List<OpCase> cases = RoundedProducts.cases().toList();
    try (Backend reference = Backends.named("reference").open(new BackendOptions(1))) {
      for (int i = 0; i < cases.size(); i += EVERY_BF16) {
        DeviceSpace space = new DeviceSpace("parts", device, MEMORY, most(cases.get(i).graph()));
        try (DeviceBackend backend = new DeviceBackend(space, Precision.BF16, 1)) {
          RoundedProducts.check(backend, reference, cases.get(i));
        }
      }
    }
  }
}
