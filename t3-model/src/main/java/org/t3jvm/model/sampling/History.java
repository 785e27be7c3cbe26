package org.t3jvm.model.sampling;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * What a solver keeps of its earlier steps: a few F32 tensors of the latents' shape, by name, and
 * the step that comes next. Names beyond those that the steps done have filled are not part of it.
 */
final class History {
  static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int steps;
  private final Map<String, Integer> since;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private int next;

  /**
   * A history of nothing yet.
   *
   * @param steps of the whole schedule
   * @param since how many steps must be done before each name has a value
   */
  History(int steps, Map<String, Integer> since) {
    this.steps = steps;
    this.since = Map.copyOf(since);
  }

  /** Fails unless {@code step} is next and the tensors are of one shape, now as before. */
  void require(int step, Tensor velocity, Tensor latents) {
    requireAlike("scheduler step", "velocity", velocity, "latents", latents);
    if (step != next) {
      throw new IllegalStateException(
          "scheduler step %d: this solver looks back, so step %d must come next"
              .formatted(step, next));
    }
    for (Tensor kept : tensors.values()) {
      requireAlike("scheduler step", "latents", latents, "earlier steps' tensors", kept);
    }
  }

  /** The tensor of a name, created on first use. */
  Tensor tensor(String name, Shape shape) {
    return tensors.computeIfAbsent(name, key -> Tensor.allocate(DType.F32, shape));
  }

  /** Exchanges the tensors of two names. */
  void swap(String a, String b) {
    Tensor first = Objects.requireNonNull(tensors.get(a));
    tensors.put(a, Objects.requireNonNull(tensors.get(b)));
    tensors.put(b, first);
  }

  /** The next step's turn. */
  void advance() {
    next++;
  }

  /** The tensors that the steps done have filled. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (next >= Objects.requireNonNull(since.get(name))) {
            state.put(name, tensor);
          }
        });
    return state;
  }

  /** Copies of a state that {@link #state} gave before {@code step}. */
  void restore(int step, Map<String, Tensor> state) {
    requireNames(step, steps, state, since);
    tensors.clear();
    state.forEach(
        (name, tensor) -> {
          Tensor copy = Tensor.allocate(DType.F32, tensor.shape());
          copy.copyFrom(tensor);
          tensors.put(name, copy);
        });
    next = step;
  }

  /** Fails unless {@code state} has the names that are filled before {@code step}, all alike. */
  static void requireNames(
      int step, int steps, Map<String, Tensor> state, Map<String, Integer> since) {
    List<String> expected =
        since.keySet().stream()
            .filter(name -> step >= Objects.requireNonNull(since.get(name)))
            .sorted()
            .toList();
    if (step < 0 || step > steps || !state.keySet().equals(Set.copyOf(expected))) {
      throw new IllegalArgumentException(
          "restoring a scheduler of %d steps before step %d: the state holds %s, must hold %s"
              .formatted(steps, step, state.keySet().stream().sorted().toList(), expected));
    }
    for (Tensor tensor : state.values()) {
      requireAlike(
          "restoring a scheduler", "tensor", tensor, "tensor", state.values().iterator().next());
    }
  }

  /** Fails unless both are F32 of one shape. */
  static void requireAlike(
      String what, String firstName, Tensor first, String secondName, Tensor second) {
    if (first.dtype() != DType.F32
        || second.dtype() != DType.F32
        || !first.shape().equals(second.shape())) {
      throw new IllegalArgumentException(
          "%s: %s %s and %s %s must be F32 of one shape"
              .formatted(what, firstName, first, secondName, second));
    }
  }
}
