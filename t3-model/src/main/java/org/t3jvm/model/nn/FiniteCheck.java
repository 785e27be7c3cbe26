package org.t3jvm.model.nn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.stream.Stream;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.loaders.scaled.Quantization;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;

/** Looks for NaN and infinity where a stage hands its result to the next. */
public final class FiniteCheck {
  private FiniteCheck() {}

  /**
   * Fails if {@code tensor} (F32) has a value that is not finite, naming a weight that is to blame
   * if there is one.
   *
   * @param where stage and step, for the message
   * @param parameters the weights of the model that made the tensor
   * @param names names of those weights
   */
  public static void require(
      Tensor tensor, String where, Parameters parameters, Stream<String> names) {
    if (allFinite(tensor)) {
      return;
    }
    Optional<String> culprit =
        names.filter(name -> !allFinite(parameters.tensor(scaled(name, parameters)))).findFirst();
    throw new RunFailedException(
        where
            + " gave values that are not finite (NaN or infinity)"
            + culprit
                .map(name -> "; weight '" + name + "' has such values, so the file is damaged")
                .orElse("; all weights are finite"));
  }

  /** The scales of a quantised weight, whose codes are always finite; else the weight itself. */
  private static String scaled(String name, Parameters parameters) {
    DType dtype = parameters.tensor(name).dtype();
    boolean codes = dtype == DType.I8 || dtype.isFloat8();
    return codes ? Quantization.scaleName(name) : name;
  }

  private static boolean allFinite(Tensor tensor) {
    if (!tensor.dtype().isFloating()) {
      return true;
    }
    long count = tensor.shape().elements();
    if (tensor.dtype() == DType.F32) {
      MemorySegment segment = tensor.segment();
      for (long i = 0; i < count; i++) {
        if (!Float.isFinite(segment.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i << 2))) {
          return false;
        }
      }
      return true;
    }
    for (long i = 0; i < count; i++) {
      if (!Double.isFinite(tensor.getDouble(i))) {
        return false;
      }
    }
    return true;
  }
}
