package org.t3jvm.model.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.RunEvent;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.hires.KeptValues;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.prompt.Prompts;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.model.state.RunKeeper;
import org.t3jvm.model.state.RunState;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Program;

/**
 * Runs of FreeSwim's second pass from given latents, by the rows of text that are given, without
 * padding.
 *
 * @param context rows [n, textDim] of the positive side
 * @param negative rows [n, textDim] of the negative side
 * @param cacheSteps 0 without a cache
 * @param inMemory blocks whose values are kept in memory
 */
public record TwoPathRun(
    Backend backend,
    List<DitExpert> experts,
    InwardWindows windows,
    Tensor context,
    Tensor negative,
    int cacheSteps,
    int inMemory) {

  /**
   * What each step got and gave.
   *
   * @param latents before the step
   * @param positive velocity
   * @param negative velocity
   */
  public record Step(Tensor latents, Tensor positive, Tensor negative) {}

  /** Denoises a copy of {@code start}; gives the steps, and at last the final latents alone. */
  public Result denoise(Tensor start, float guidance, Scheduler scheduler) throws IOException {
    return denoise(new RunState(prompts(), null, 0, copy(start), Map.of()), guidance, scheduler);
  }

  /**
   * What a run gave.
   *
   * @param states before the first step and after each
   */
  public record Result(List<Step> steps, List<RunState> states) {
    /** The latents at the end. */
    public Tensor latents() {
      return states.getLast().latents();
    }
  }

  private Prompts prompts() {
    return new Prompts(context, negative);
  }

  /** As above, from a state that another run had. */
  public Result denoise(RunState start, float guidance, Scheduler scheduler) throws IOException {
    DitConfig config = experts.getFirst().config();
    Shape latentShape = start.latents().shape();
    List<Step> steps = new ArrayList<>();
    List<RunState> states = new ArrayList<>();
    RunKeeper keeper =
        new RunKeeper() {
          @Override
          public void keep(RunState state) {
            states.add(copy(state));
          }
        };
    RunProgress progress =
        RunProgress.to(
            event -> {
              if (event instanceof RunEvent.Computed(_, _, Map<String, Tensor> tensors)) {
                steps.add(
                    new Step(
                        named(tensors, "latents"),
                        named(tensors, "positive"),
                        named(tensors, "negative")));
              }
            });
    try (@Nullable KeptValues values =
        cacheSteps == 0
            ? null
            : new KeptValues(config.layers(), Denoiser.tokens(config, latentShape), inMemory)) {
      new Denoiser(
              latentShape,
              prompts(),
              null,
              schedule ->
                  new TwoPaths(
                      experts,
                      expert ->
                          new CompiledTwoPaths(
                              backend,
                              expert,
                              windows,
                              latentShape,
                              text(expert),
                              Dit.Parts.WHOLE,
                              values),
                      cacheSteps,
                      schedule))
          .denoise(copy(start), scheduler.steps(), guidance, scheduler, progress, keeper);
    }
    return new Result(steps, states);
  }

  private TextSides text(DitExpert expert) {
    int rows = context.shape().intDim(0);
    Tensor bias = Tensor.allocate(DType.F32, Shape.of(1, 1, rows));
    try (Program program =
        backend.compile(
            DitText.graph(expert.config(), expert.parameters(), rows, Taps.NONE),
            expert.parameters())) {
      Map<String, Tensor> one = new HashMap<>(program.run(Map.of(DitText.CONTEXT, context)));
      Map<String, Tensor> other = new HashMap<>(program.run(Map.of(DitText.CONTEXT, negative)));
      one.put(Dit.TEXT_BIAS, bias);
      other.put(Dit.TEXT_BIAS, bias);
      return new TextSides(one, other);
    }
  }

  private static Tensor named(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AssertionError("a step reports no " + name);
    }
    return copy(tensor);
  }

  private static Tensor copy(Tensor tensor) {
    Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
    copy.copyFrom(tensor);
    return copy;
  }

  private static RunState copy(RunState state) {
    Map<String, Tensor> solver = new HashMap<>();
    state.solver().forEach((name, tensor) -> solver.put(name, copy(tensor)));
    return new RunState(state.prompts(), null, state.step(), copy(state.latents()), solver);
  }
}
