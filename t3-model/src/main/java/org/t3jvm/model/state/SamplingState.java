package org.t3jvm.model.state;

import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.tensor.Tensor;

/** The tensors of a solver and of what caches steps under one set of names, and apart again. */
public final class SamplingState {
  private static final String CACHE = "cache.";

  private SamplingState() {}

  /** The state of both; tensors are their own. */
  public static Map<String, Tensor> of(Map<String, Tensor> solver, Map<String, Tensor> cache) {
    Map<String, Tensor> state = new LinkedHashMap<>(solver);
    cache.forEach((name, tensor) -> state.put(CACHE + name, tensor));
    return state;
  }

  /** The solver's part. */
  public static Map<String, Tensor> solver(Map<String, Tensor> state) {
    Map<String, Tensor> part = new LinkedHashMap<>(state);
    part.keySet().removeIf(name -> name.startsWith(CACHE));
    return part;
  }

  /** The cache's part. */
  public static Map<String, Tensor> cache(Map<String, Tensor> state) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    state.forEach(
        (name, tensor) -> {
          if (name.startsWith(CACHE)) {
            part.put(name.substring(CACHE.length()), tensor);
          }
        });
    return part;
  }
}
