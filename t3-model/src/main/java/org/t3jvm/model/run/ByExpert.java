package org.t3jvm.model.run;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.DitExpert;

/** Of several experts the one that a timestep asks for, compiled; never two at once. */
final class ByExpert<C extends ByExpert.Compiled> implements AutoCloseable {
  private final List<DitExpert> experts;
  private final Function<DitExpert, C> compile;
  private @Nullable C compiled;

  /** Programs of one expert. */
  interface Compiled extends AutoCloseable {
    DitExpert expert();

    @Override
    void close();
  }

  /**
   * @param experts by falling timestep; the last one's lowest is 0
   */
  ByExpert(List<DitExpert> experts, Function<DitExpert, C> compile) {
    this.experts = List.copyOf(experts);
    this.compile = compile;
  }

  /** The expert of a timestep. */
  DitExpert expert(float timestep) {
    return experts.stream()
        .filter(expert -> timestep >= expert.lowestTimestep())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no DiT for timestep " + timestep));
  }

  /** The programs of a timestep's expert; those before give their memory back first. */
  C at(float timestep) {
    DitExpert wanted = expert(timestep);
    C known = compiled;
    if (known != null && known.expert().equals(wanted)) {
      return known;
    }
    close();
    C fresh = compile.apply(wanted);
    compiled = fresh;
    return fresh;
  }

  @Override
  public void close() {
    C known = compiled;
    compiled = null;
    if (known != null) {
      known.close();
    }
  }
}
