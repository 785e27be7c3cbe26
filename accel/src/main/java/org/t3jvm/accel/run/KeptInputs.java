package org.t3jvm.accel.run;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.lower.Packing;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Value;

/**
 * Inputs over read-only memory, which stay on the device from run to run: of each input the last
 * two, since both sides of a guidance take turns.
 */
final class KeptInputs {
  private static final int SIDES = 2;

  private final Residents residents;
  private final Map<Value, LinkedHashMap<Long, Residents.Hold>> kept = new HashMap<>();

  KeptInputs(Residents residents) {
    this.residents = residents;
  }

  /** Brings an input to the device if it may stay there, is not there, and there is room. */
  void keep(Value input, Tensor tensor) {
    if (!tensor.segment().isReadOnly() || of(input, tensor) != null) {
      return;
    }
    LinkedHashMap<Long, Residents.Hold> sides =
        kept.computeIfAbsent(input, each -> new LinkedHashMap<>());
    if (sides.size() == SIDES) {
      sides.pollFirstEntry().getValue().release();
    }
    Optional<Residents.Hold> hold =
        residents.hold("input " + input, tensor, Packing.Form.F32, input.shape().elements());
    hold.ifPresent(each -> sides.put(tensor.segment().address(), each));
  }

  /** Where an input lies on the device, or null if it is not kept. */
  @Nullable Place of(Value input, Tensor tensor) {
    LinkedHashMap<Long, Residents.Hold> sides = kept.get(input);
    Residents.Hold hold =
        sides == null || !tensor.segment().isReadOnly()
            ? null
            : sides.get(tensor.segment().address());
    return hold == null ? null : hold.place();
  }

  /** Lets go of all. */
  void release() {
    kept.values().forEach(sides -> sides.values().forEach(Residents.Hold::release));
    kept.clear();
  }
}
