package org.t3jvm.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.t3jvm.tensor.TensorAssert.assertThatTensor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.OpCases;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Every case of the op matrix on every usable backend, against the reference. */
@Tag("matrix")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpMatrixTest {
  private static final String REFERENCE = "reference";

  /** One that divides nothing evenly, beside one, where no work is shared at all. */
  private static final int[] THREADS = {3, 1};

  private final Backend reference = Backends.named(REFERENCE).open(new BackendOptions(1));

  /** The usable backends other than the reference, each opened with every number of threads. */
  private final Map<String, List<Backend>> backends = new LinkedHashMap<>();

  @BeforeAll
  void open() {
    for (BackendProvider provider : Backends.all()) {
      if (!provider.name().equals(REFERENCE)
          && provider.availability() instanceof Availability.Usable) {
        List<Backend> opened = new ArrayList<>();
        for (int threads : THREADS) {
          opened.add(provider.open(new BackendOptions(threads)));
        }
        backends.put(provider.name(), opened);
      }
    }
  }

  @AfterAll
  void close() {
    reference.close();
    backends.values().stream().flatMap(List::stream).forEach(Backend::close);
  }

  @Test
  void cpuIsUsable() {
    assertThat(backends).containsKey("cpu");
  }

  @Test
  void namesAreUnique() {
    Set<String> seen = new HashSet<>();
    assertThat(OpCases.all().stream().map(OpCase::name).filter(name -> !seen.add(name))).isEmpty();
  }

  /** A new op, or a new kind of one, must come with cases. */
  @Test
  void everyOpHasCases() {
    List<String> covered =
        OpCases.all().stream()
            .flatMap(opCase -> opCase.graph().values().stream())
            .map(OpMatrixTest::kind)
            .distinct()
            .toList();
    Stream<String> ops =
        records(Op.class)
            .filter(op -> op != Op.Norm.class && op != Op.Unary.class)
            .filter(op -> op != Op.Binary.class && op != Op.Reduce.class)
            .map(Class::getSimpleName);
    Stream<Enum<?>> kinds =
        Stream.<Enum<?>[]>of(
                Op.Norm.Kind.values(),
                Op.Unary.Kind.values(),
                Op.Binary.Kind.values(),
                Op.Reduce.Kind.values())
            .flatMap(Stream::of);
    assertThat(covered)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(ops, kinds.map(OpMatrixTest::name)).toList());
  }

  /** The records of a sealed interface, those of its families included. */
  private static Stream<Class<?>> records(Class<?> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Stream.of(type.getPermittedSubclasses()).flatMap(OpMatrixTest::records);
  }

  private static String kind(Value value) {
    return switch (value.op()) {
      case Op.Norm norm -> name(norm.kind());
      case Op.Unary unary -> name(unary.kind());
      case Op.Binary binary -> name(binary.kind());
      case Op.Reduce reduce -> name(reduce.kind());
      default -> value.op().getClass().getSimpleName();
    };
  }

  private static String name(Enum<?> kind) {
    return kind.getDeclaringClass().getEnclosingClass().getSimpleName() + " " + kind;
  }

  @TestFactory
  Stream<DynamicTest> agreesWithTheReference() {
    List<OpCase> cases = OpCases.all();
    return backends.entrySet().stream()
        .flatMap(
            entry ->
                cases.stream()
                    .map(
                        opCase ->
                            DynamicTest.dynamicTest(
                                entry.getKey() + ": " + opCase,
                                () -> check(opCase, entry.getValue()))));
  }

  private void check(OpCase opCase, List<Backend> opened) {
    Map<String, Tensor> inputs = opCase.inputs();
    Parameters parameters = Parameters.of(opCase.parameters());
    Tensor expected = run(reference, opCase, parameters, inputs, 1).getFirst();
    Tensor actual = null;
    for (int i = 0; i < opened.size(); i++) {
      Backend backend = opened.get(i);
      for (Tensor result : run(backend, opCase, parameters, inputs, 2)) {
        if (actual == null) {
          actual = result;
          assertThatTensor(result)
              .as("%s on %s, seed %d", opCase, backend.name(), opCase.seed())
              .isCloseTo(expected, opCase.tolerance());
        } else {
          assertThatTensor(result)
              .as("%s on %s, %d threads and again", opCase, backend.name(), THREADS[i])
              .hasBitsOf(actual);
        }
      }
    }
  }

  /** The results of some runs of one program. */
  private static List<Tensor> run(
      Backend backend, OpCase opCase, Parameters parameters, Map<String, Tensor> inputs, int runs) {
    try (Program program = backend.compile(opCase.graph(), parameters)) {
      List<Tensor> results = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        results.add(Objects.requireNonNull(program.run(inputs).get(OpCase.OUTPUT)));
      }
      return results;
    }
  }
}
