package org.t3jvm.tensor.backend;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Value;

/** Hands on tensors of the host: while a run reads one, another takes what it leaves. */
final class HostCarry implements Carry {
  private Arena arena = Arena.ofShared();
  private final Map<String, Tensor> state = new HashMap<>();
  private final Map<String, Tensor> spares = new HashMap<>();

  @Override
  public void run(
      Program program,
      Map<String, Tensor> inputs,
      Map<String, Tensor> outputs,
      RegionListener listener) {
    Map<String, Tensor> given = new HashMap<>(inputs);
    program
        .graph()
        .inputs()
        .forEach((name, value) -> given.computeIfAbsent(name, n -> previous(n, value)));
    Map<String, Tensor> left = new LinkedHashMap<>();
    program
        .graph()
        .outputs()
        .forEach(
            (name, value) -> {
              if (!outputs.containsKey(name)) {
                left.put(name, fitting(spares.get(name), value));
              }
            });
    Map<String, Tensor> all = new LinkedHashMap<>(outputs);
    all.putAll(left);
    program.run(given, all, listener);
    left.forEach(
        (name, tensor) -> {
          Tensor old = state.put(name, tensor);
          if (old == null) {
            spares.remove(name);
          } else {
            spares.put(name, old);
          }
        });
  }

  private Tensor previous(String name, Value value) {
    return state.computeIfAbsent(name, n -> Tensor.allocate(arena, value.dtype(), value.shape()));
  }

  private Tensor fitting(@Nullable Tensor spare, Value value) {
    return spare != null && spare.dtype() == value.dtype() && spare.shape().equals(value.shape())
        ? spare
        : Tensor.allocate(arena, value.dtype(), value.shape());
  }

  @Override
  public Map<String, Tensor> state() {
    return Map.copyOf(state);
  }

  @Override
  public void restore(Map<String, Tensor> known) {
    Arena fresh = Arena.ofShared();
    Map<String, Tensor> copies = new HashMap<>();
    try {
      known.forEach(
          (name, tensor) -> {
            Tensor copy = Tensor.allocate(fresh, tensor.dtype(), tensor.shape());
            copy.copyFrom(tensor);
            copies.put(name, copy);
          });
    } catch (RuntimeException | Error e) {
      fresh.close();
      throw e;
    }
    // Only now: what is restored may be this carry's own state.
    arena.close();
    arena = fresh;
    spares.clear();
    state.clear();
    state.putAll(copies);
  }

  @Override
  public void close() {
    arena.close();
  }
}
