package org.t3jvm.model.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.prompt.Prompts;
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
import org.t3jvm.tensor.random.TorchRandom;

/** What a DiT leaves behind that cannot be compiled. */
class CompiledDitTest {
  private static final long SEED = 4;
  private static final DitConfig CONFIG = new DitConfig(48, 48, 48, 2, 80, 2, 64, 64, 2, 2);

  /** A backend that fails at one compilation, or at the first run, and counts open programs. */
  private static final class FailingBackend implements Backend {
    private final Backend backend = Backends.named("cpu").open(new BackendOptions(1));
    private final int failing;
    private int compiled;
    private int open;

    FailingBackend(int failing) {
      this.failing = failing;
    }

    @Override
    public String name() {
      return backend.name();
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
      if (++compiled == failing) {
        throw new BackendException("compilation " + failing + " fails");
      }
      Program program = backend.compile(graph, parameters);
      open++;
      return new Program() {
        @Override
        public Graph graph() {
          return program.graph();
        }

        @Override
        public void run(
            Map<String, Tensor> inputs, Map<String, Tensor> outputs, RegionListener listener) {
          throw new BackendException("every run fails");
        }

        @Override
        public MemoryPlan memoryPlan() {
          return program.memoryPlan();
        }

        @Override
        public void close() {
          open--;
          program.close();
        }
      };
    }

    @Override
    public void close() {
      backend.close();
    }
  }

  /** Four programs: the pass, two for a step cache, the text; the fifth failure is a run's. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void aFailureLeavesNoProgramOpen(int failing) {
    try (FailingBackend backend = new FailingBackend(failing)) {
      DitExpert expert =
          new DitExpert(CONFIG, Parameters.of(RandomWeights.of(CONFIG.parameterShapes(), SEED)), 0);
      Tensor context = new TorchRandom(SEED).randn(Shape.of(3, 64));
      assertThatThrownBy(
              () ->
                  new CompiledDit(
                      backend,
                      expert,
                      SelfAttentionPlan.full(),
                      Shape.of(48, 2, 4, 6),
                      new Prompts(context, context),
                      false,
                      Dit.Parts.WHOLE,
                      true))
          .isInstanceOf(BackendException.class)
          .hasMessageEndingWith(failing < 5 ? "compilation " + failing + " fails" : "fails");
      assertThat(backend.open).as("open programs").isZero();
    }
  }
}
