package org.t3jvm.accel.tornado;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.accel.memory.Bank;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** TornadoVM's arrays of a device's banks. */
final class Arrays {
  private final Map<Bank, TornadoNativeArray> arrays = new LinkedHashMap<>();

  Arrays(List<Bank> banks) {
    for (Bank bank : banks) {
      arrays.put(bank, array(bank));
    }
  }

  private static TornadoNativeArray array(Bank bank) {
    int elements = Math.toIntExact(bank.elements());
    long bytes = bank.bytes() + TornadoNativeArray.ARRAY_HEADER;
    return switch (bank.kind()) {
      case FLOATS, SCRATCH -> FloatArray.fromSegmentShallow(HostMemory.reserve(bytes));
      case WORDS -> IntArray.fromSegmentShallow(HostMemory.reserve(bytes));
      case FLOAT_STAGING -> new FloatArray(elements);
      case WORD_STAGING -> new IntArray(elements);
    };
  }

  /** All arrays that stay on the device. */
  Object[] kept() {
    return arrays.keySet().stream()
        .filter(bank -> !bank.kind().isStaging())
        .map(this::of)
        .toArray();
  }

  TornadoNativeArray of(Bank bank) {
    TornadoNativeArray array = arrays.get(bank);
    if (array == null) {
      throw new IllegalArgumentException(bank + " is not of this device");
    }
    return array;
  }

  FloatArray floats(Bank bank) {
    return (FloatArray) of(bank);
  }

  IntArray words(Bank bank) {
    return (IntArray) of(bank);
  }

  /** The host's elements of a staging bank. */
  MemorySegment staging(Bank bank) {
    return of(bank).getSegment();
  }
}
