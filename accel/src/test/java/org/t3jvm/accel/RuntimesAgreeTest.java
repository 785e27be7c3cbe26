package org.t3jvm.accel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.DeviceRuntime;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.OpCases;

/** Cases of the op matrix by both runtimes of a backend, where there is an SDK: the same bits. */
@Tag("process")
class RuntimesAgreeTest {
  private static final int EVERY = 17;

  @TestFactory
  Stream<DynamicTest> oneCaseOfEachFewGivesTheSameBits() {
    List<TestDevices> usable = TestDevices.usable();
    List<TestDevices> both =
        usable.stream()
            .filter(
                each ->
                    usable.contains(new TestDevices(each.provider(), DeviceRuntime.DRIVER))
                        && usable.contains(new TestDevices(each.provider(), DeviceRuntime.TORNADO)))
            .toList();
    Assumptions.assumeFalse(both.isEmpty(), "no backend can start by both runtimes");
    BackendOptions options = new BackendOptions(1).with(Precision.F32);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < both.size(); i += 2) {
      Backend one = both.get(i).open(options);
      Backend other = both.get(i + 1).open(options);
      List<OpCase> cases = OpCases.forward();
      IntStream.range(0, cases.size() / EVERY)
          .mapToObj(k -> cases.get(k * EVERY))
          .map(
              each ->
                  DynamicTest.dynamicTest(one.name() + ": " + each, () -> agree(one, other, each)))
          .forEach(tests::add);
    }
    return tests.stream();
  }

  private static void agree(Backend one, Backend other, OpCase opCase) {
    assertThat(result(other, opCase).segment().mismatch(result(one, opCase).segment()))
        .as("%s, seed %d: first different byte", opCase, opCase.seed())
        .isEqualTo(-1);
  }

  private static Tensor result(Backend backend, OpCase opCase) {
    try (Program program = backend.compile(opCase.graph(), Parameters.of(opCase.parameters()))) {
      return Objects.requireNonNull(program.run(opCase.inputs()).get(OpCase.OUTPUT));
    }
  }
}
