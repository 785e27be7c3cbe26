package org.t3jvm.model.warm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Which programs are given again, and what becomes of those that are not in use. */
class WarmProgramsTest {
  private static final Parameters NONE = Parameters.of(Map.of());

  /** {@code y = x * scale + (1, 2, ...)} of n elements. */
  private static Graph affine(int n, float scale) {
    return affine(n, scale, 1);
  }

  private static Graph affine(int n, float scale, float first) {
    float[] added = new float[n];
    for (int i = 0; i < n; i++) {
      added[i] = first + i;
    }
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(n));
    Value sum = g.add(g.affine(x, scale, 0), g.constant(Tensor.ofFloats(Shape.of(n), added)));
    g.output("y", sum);
    return g.graph();
  }

  private static float[] run(Program program, float... x) {
    Map<String, Tensor> outputs = program.run(Map.of("x", Tensor.ofFloats(Shape.of(x.length), x)));
    return Objects.requireNonNull(outputs.get("y")).toFloats();
  }

  private static Backend cpu() {
    return Backends.named("cpu").open(new BackendOptions(1));
  }

  /** Compiles programs that note what is done to them. */
  private static final class NotedBackend implements Backend {
    private final Backend backend = cpu();
    private final List<String> notes = new ArrayList<>();

    @Override
    public String name() {
      return backend.name();
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
      Program program = backend.compile(graph, parameters);
      long size = graph.inputs().firstEntry().getValue().shape().elements();
      notes.add("compile " + size);
      return new Program() {
        @Override
        public Graph graph() {
          return program.graph();
        }

        @Override
        public void run(
            Map<String, Tensor> inputs, Map<String, Tensor> outputs, RegionListener listener) {
          program.run(inputs, outputs, listener);
        }

        @Override
        public MemoryPlan memoryPlan() {
          return program.memoryPlan();
        }

        @Override
        public void release() {
          notes.add("release " + size);
          program.release();
        }

        @Override
        public void close() {
          notes.add("close " + size);
          program.close();
        }
      };
    }

    @Override
    public void close() {
      notes.add("close backend");
      backend.close();
    }
  }

  @Test
  void whatDecidesAProgramIsPartOfItsKey() {
    Parameters others = Parameters.of(Map.of());
    try (WarmPrograms programs = new WarmPrograms(cpu())) {
      programs.compile(affine(3, 2), NONE).close();
      programs.compile(affine(3, 2), NONE).close();
      assertThat(programs.counts()).isEqualTo(new WarmPrograms.Counts(1, 1, 0));
      Graph scaled = affine(3, 3);
      Graph shaped = affine(4, 2);
      Graph constant = affine(3, 2, 5);
      for (Graph graph : List.of(scaled, shaped, constant)) {
        programs.compile(graph, NONE).close();
      }
      programs.compile(affine(3, 2), others).close();
      assertThat(programs.counts()).isEqualTo(new WarmPrograms.Counts(5, 1, 0));
      try (Program again = programs.compile(affine(3, 2, 5), NONE)) {
        assertThat(run(again, 1, 1, 1)).containsExactly(7, 8, 9);
      }
      assertThat(programs.counts().compiled()).isEqualTo(5);
    }
  }

  @Test
  void aRunAfterAReleaseGivesTheSame() {
    try (WarmPrograms programs = new WarmPrograms(cpu());
        Program program = programs.compile(affine(3, 2), NONE)) {
      assertThat(run(program, 1, 2, 3)).containsExactly(3, 6, 9);
      program.release();
      assertThat(run(program, 1, 2, 3)).containsExactly(3, 6, 9);
    }
  }

  @Test
  void idleProgramsHoldNoMemoryOfTheirRunsAndTheOldestGoesFirst() {
    NotedBackend noted = new NotedBackend();
    long two = 2 * (4 * 8192L + 4 * Float.BYTES);
    try (WarmPrograms programs = new WarmPrograms(noted, two)) {
      Program used = programs.compile(affine(1, 2), NONE);
      programs.compile(affine(2, 2), NONE).close();
      programs.compile(affine(3, 2), NONE).close();
      programs.compile(affine(2, 2), NONE).close();
      programs.compile(affine(4, 2), NONE).close();
      assertThat(noted.notes)
          .containsSubsequence("release 2", "release 3", "release 2", "release 4", "close 3");
      assertThat(noted.notes).doesNotContain("close 1", "close 2", "close 4");
      assertThat(programs.counts()).isEqualTo(new WarmPrograms.Counts(4, 1, 1));
      assertThat(run(used, 1)).containsExactly(3);
      used.close();
    }
    assertThat(noted.notes).endsWith("close backend");
    assertThat(noted.notes.stream().filter(note -> note.startsWith("compile")).count())
        .as("each program is closed")
        .isEqualTo(noted.notes.stream().filter(note -> note.matches("close \\d")).count());
  }

  @Test
  void oneProgramIsGivenToOneUserAtATime() {
    try (WarmPrograms programs = new WarmPrograms(cpu());
        Program first = programs.compile(affine(3, 2), NONE);
        Program second = programs.compile(affine(3, 2), NONE)) {
      assertThat(programs.counts().compiled()).isEqualTo(2);
      assertThat(run(first, 1, 1, 1)).isEqualTo(run(second, 1, 1, 1));
    }
  }

  @Test
  void aProgramThatWasGivenBackCannotBeUsed() {
    try (WarmPrograms programs = new WarmPrograms(cpu())) {
      Program program = programs.compile(affine(3, 2), NONE);
      program.close();
      program.close();
      assertThatThrownBy(() -> run(program, 1, 1, 1))
          .isInstanceOf(BackendException.class)
          .hasMessage("this program is closed");
      try (Program next = programs.compile(affine(3, 2), NONE)) {
        program.close();
        assertThat(run(next, 1, 1, 1)).containsExactly(3, 4, 5);
      }
    }
  }

  @Test
  void closingFreesIdleProgramsAndThoseInUseWhenTheyAreGivenBack() {
    NotedBackend noted = new NotedBackend();
    WarmPrograms programs = new WarmPrograms(noted);
    Program used = programs.compile(affine(1, 2), NONE);
    programs.compile(affine(2, 2), NONE).close();
    programs.close();
    assertThat(noted.notes).contains("close 2").doesNotContain("close 1");
    used.close();
    assertThat(noted.notes).contains("close 1");
    assertThatThrownBy(() -> programs.compile(affine(2, 2), NONE))
        .isInstanceOf(BackendException.class)
        .hasMessage("backend 'cpu' is closed");
  }

  @Test
  void threadsShareProgramsAndNotTheirRuns() throws InterruptedException, ExecutionException {
    try (WarmPrograms programs = new WarmPrograms(cpu());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        float x = i;
        done.add(
            threads.submit(
                () -> {
                  for (int j = 0; j < 200; j++) {
                    int n = 1 + j % 3;
                    try (Program program = programs.compile(affine(n, 2), NONE)) {
                      float[] given = new float[n];
                      given[0] = x;
                      assertThat(run(program, given)[0]).isEqualTo(2 * x + 1);
                    }
                  }
                }));
      }
      for (Future<?> each : done) {
        each.get();
      }
      WarmPrograms.Counts counts = programs.counts();
      assertThat(counts.compiled() + counts.reused()).isEqualTo(800);
      assertThat(counts.compiled()).isBetween(3L, 12L);
    }
  }
}
