package org.t3jvm.accel.queue;

import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.AttentionSlots.Attention;
import org.t3jvm.accel.slots.AttentionSlots.AttentionBf16;
import org.t3jvm.accel.slots.AttentionSlots.Windows;
import org.t3jvm.accel.slots.MoveSlots.Patches;
import org.t3jvm.accel.slots.MoveSlots.Rows;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.accel.slots.ProductSlots.Conv3d;
import org.t3jvm.accel.slots.ProductSlots.Gemm;
import org.t3jvm.accel.slots.ProductSlots.GemmBf16;
import org.t3jvm.accel.slots.RowSlots.Norm;
import org.t3jvm.accel.slots.RowSlots.Reduce;
import org.t3jvm.accel.slots.RowSlots.Softmax;

/**
 * How long a launch takes, in floating-point operations at the rate that a device reaches in F32
 * products. Estimates are high where kernels differ between devices.
 */
final class LaunchWork {
  /** A device reads and writes an element in the time of about as many operations. */
  private static final double ELEMENT = 64;

  /** How much slower than products these are, for the operations that they do. */
  private static final double SLOWER_CONVOLUTION = 4;

  private static final double SLOWER_ATTENTION = 2;

  private LaunchWork() {}

  /** The work of a launch; none where it cannot be split. */
  static double of(Launch launch) {
    return switch (launch.kernel()) {
      case GEMM -> 2 * product(launch, Gemm.M, Gemm.N, Gemm.K) * launch.grid().z();
      case GEMM_BF16 -> 2 * product(launch, GemmBf16.M, GemmBf16.N, GemmBf16.K);
      case CONV3D ->
          2
              * SLOWER_CONVOLUTION
              * product(launch, Conv3d.OUT_T, Conv3d.OUT_H, Conv3d.OUT_W, Conv3d.OUT_CHANNELS)
              * product(launch, Conv3d.KERNEL_T, Conv3d.KERNEL_H, Conv3d.KERNEL_W)
              * launch.intAt(Conv3d.IN_CHANNELS);
      case ATTENTION ->
          attention(launch.intAt(Attention.HEAD_DIM))
              * launch.grid().groups()
              * launch.kernel().tile()
              * keys(launch);
      case ATTENTION_BF16 ->
          attention(launch.intAt(Windows.HEAD_DIM))
              * items(launch)
              * launch.kernel().tile()
              * keys(launch);
      case NORM -> rows(launch, Norm.WIDTH);
      case SOFTMAX -> rows(launch, Softmax.WIDTH);
      case REDUCE -> rows(launch, Reduce.EXTENT);
      case GATHER_ROWS, SCATTER_ROWS, AVERAGE_ROWS ->
          ELEMENT * product(launch, Rows.COUNT, Rows.WORDS);
      case PATCHES ->
          ELEMENT
              * product(launch, Patches.POSITIONS, Patches.WORDS)
              * product(launch, Patches.KERNEL_T, Patches.KERNEL_H, Patches.KERNEL_W);
      // Its work groups divide the rows among them; it reads each once.
      case LENGTHS -> 0;
      case COPY,
          COPY_WORDS,
          COPY_STRIDED,
          EMBEDDING,
          EMBEDDING_OF_HALVES,
          DECODE_HALVES,
          DECODE_BYTES,
          SCALE_BLOCKS,
          UNARY,
          NARROW,
          BINARY,
          MODULATE,
          ROPE,
          ROUND,
          WIDEN ->
          ELEMENT * launch.intAt(Numbers.slot(launch.kernel().slots(), "COUNT"));
    };
  }

  /** Heads times blocks of queries that attention on tensor cores takes one after the other. */
  static double items(Launch launch) {
    return product(launch, Windows.HEADS, AttentionBf16.ROW_GROUPS, Windows.BLOCKS);
  }

  private static double product(Launch launch, int... slots) {
    double product = 1;
    for (int slot : slots) {
      product *= launch.intAt(slot);
    }
    return product;
  }

  /** Of a query and a key: scores by all columns of a head, results by a block of them. */
  private static double attention(int headDim) {
    return SLOWER_ATTENTION * 2 * (headDim + DeviceKernel.HEAD_COLUMNS);
  }

  /** The most keys of a query. */
  private static double keys(Launch launch) {
    return launch.intAt(Windows.QUERIES) > 0
        ? launch.intAt(Windows.KEYS)
        : extent(launch, Windows.GRID_T, Windows.WINDOWS_T)
            * extent(launch, Windows.GRID_H, Windows.WINDOWS_H)
            * extent(launch, Windows.GRID_W, Windows.WINDOWS_W);
  }

  private static double extent(Launch launch, int grid, int windows) {
    return Math.ceilDiv(launch.intAt(grid), launch.intAt(windows));
  }

  private static double rows(Launch launch, int width) {
    return ELEMENT * launch.grid().groups() * Math.max(launch.intAt(width), ELEMENT);
  }
}
