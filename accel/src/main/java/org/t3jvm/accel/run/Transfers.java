package org.t3jvm.accel.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.lower.Packing;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.Pieces;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;

/**
 * Brings tensors to the device and back, part by part through staging banks. On the device elements
 * are F32, so that the host widens what comes and rounds what goes; packed parameters go as they
 * are.
 */
final class Transfers {
  /** Whole numbers up to this have an F32 of their own. */
  private static final long EXACT = 1L << 24;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Device device;
  private TransferCounts counts = TransferCounts.NONE;

  Transfers(Device device) {
    this.device = device;
  }

  TransferCounts counts() {
    return counts;
  }

  /** Brings an input. */
  void input(String what, Tensor tensor, Pieces to) {
    counts = counts.input(upload(what, tensor, to));
  }

  /** Sends a parameter, a constant or a table, to be stored there in some form. */
  void parameter(String what, Tensor tensor, Packing.Form form, Place to) {
    Tensor stored =
        switch (form) {
          case F32, STORED -> tensor;
          case BF16 -> tensor.to(DType.BF16);
          case BF16_TAPS -> tapsFirst(tensor).to(DType.BF16);
        };
    counts = counts.parameter(upload(what, stored, Pieces.of(to)));
  }

  /** A weight [O, C, kt, kh, kw] as [O, kt, kh, kw, C]. */
  private static Tensor tapsFirst(Tensor weight) {
    long channels = weight.shape().dim(1);
    long taps = weight.shape().inner(1);
    Tensor first = Tensor.allocate(weight.dtype(), weight.shape());
    long at = 0;
    for (long o = 0; o < weight.shape().dim(0); o++) {
      for (long tap = 0; tap < taps; tap++) {
        for (long c = 0; c < channels; c++) {
          first.setDouble(at++, weight.getDouble((o * channels + c) * taps + tap));
        }
      }
    }
    return first;
  }

  /**
   * @param to with a row for each element of the bank
   */
  private long upload(String what, Tensor tensor, Pieces to) {
    boolean packed = to.places().getFirst().bank().kind() == Bank.Kind.WORDS;
    long count =
        packed ? Math.ceilDiv(tensor.byteSize(), Bank.ELEMENT_BYTES) : tensor.shape().elements();
    for (long start = 0; start < count; ) {
      Bank staging =
          staging(packed ? Bank.Kind.WORD_STAGING : Bank.Kind.FLOAT_STAGING, count - start);
      long end = Math.min(count, to.end(start));
      long length = Math.min(end - start, staging.elements());
      MemorySegment host = device.staging(staging);
      if (packed) {
        long from = start * Bank.ELEMENT_BYTES;
        long bytes = Math.min(length * Bank.ELEMENT_BYTES, tensor.byteSize() - from);
        MemorySegment.copy(tensor.segment(), from, host, 0, bytes);
      } else {
        widen(what, tensor, start, length, host);
      }
      device.run(
          Launch.copy(
              packed ? DeviceKernel.COPY_WORDS : DeviceKernel.COPY,
              to.slice(start, length),
              new Place(staging, 0, length)));
      start += length;
    }
    return count * Bank.ELEMENT_BYTES;
  }

  /** Brings a result into a tensor. */
  void output(Pieces from, Tensor tensor) {
    long count = tensor.shape().elements();
    for (long start = 0; start < count; ) {
      Bank staging = staging(Bank.Kind.FLOAT_STAGING, count - start);
      long end = Math.min(count, from.end(start));
      long length = Math.min(end - start, staging.elements());
      device.run(
          Launch.copy(DeviceKernel.COPY, new Place(staging, 0, length), from.slice(start, length)));
      narrow(device.staging(staging), tensor, start, length);
      start += length;
    }
    counts = counts.output(count * Bank.ELEMENT_BYTES);
  }

  /** The smallest staging bank that takes all that is left, or the largest. */
  private Bank staging(Bank.Kind kind, long left) {
    List<Bank> banks = device.banks().stream().filter(bank -> bank.kind() == kind).toList();
    return banks.stream()
        .filter(bank -> bank.elements() >= left)
        .findFirst()
        .orElse(banks.getLast());
  }

  private static void widen(
      String what, Tensor tensor, long start, long length, MemorySegment host) {
    if (tensor.dtype() == DType.F32) {
      MemorySegment.copy(tensor.segment(), start * 4, host, 0, length * 4);
      return;
    }
    if (tensor.dtype() == DType.BF16) {
      for (long i = 0; i < length; i++) {
        host.set(INT, i * 4, tensor.segment().get(SHORT, (start + i) * 2) << 16);
      }
      return;
    }
    boolean whole = !tensor.dtype().isFloating() && !tensor.dtype().isFloat8();
    for (long i = 0; i < length; i++) {
      if (whole && Math.abs(tensor.getLong(start + i)) > EXACT) {
        throw new BackendException(
            "%s %s holds %d; a device holds whole numbers up to %d"
                .formatted(what, tensor, tensor.getLong(start + i), EXACT));
      }
      host.set(FLOAT, i * 4, (float) tensor.getDouble(start + i));
    }
  }

  private static void narrow(MemorySegment host, Tensor tensor, long start, long length) {
    if (tensor.dtype() == DType.F32) {
      MemorySegment.copy(host, 0, tensor.segment(), start * 4, length * 4);
      return;
    }
    for (long i = 0; i < length; i++) {
      tensor.setDouble(start + i, host.get(FLOAT, i * 4));
    }
  }
}
