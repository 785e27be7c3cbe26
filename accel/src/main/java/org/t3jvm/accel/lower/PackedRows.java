package org.t3jvm.accel.lower;

import java.util.List;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.MoveSlots;
import org.t3jvm.accel.slots.MoveSlots.Patches;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.tensor.graph.ConvGeometry;

/** Launches that gather packed rows for NVIDIA's libraries, and scatter results back. */
public final class PackedRows {
  private PackedRows() {}

  /**
   * Row {@code rows[i]} of {@code from} becomes row i of {@code to}.
   *
   * @param rows as many F32 numbers as {@code to} has rows
   * @param words of a row
   */
  public static Launch gather(Place to, Place from, Place rows, int words) {
    return move(DeviceKernel.GATHER_ROWS, to, from, rows, words);
  }

  /** Row i of {@code from} becomes row {@code rows[i]} of {@code to}; as {@link #gather}. */
  public static Launch scatter(Place to, Place from, Place rows, int words) {
    return move(DeviceKernel.SCATTER_ROWS, to, from, rows, words);
  }

  /** Row {@code rows[i]} of {@code to} becomes its mean with row i of {@code from}. */
  static Launch average(Place to, Place from, Place rows, int words) {
    return move(DeviceKernel.AVERAGE_ROWS, to, from, rows, words);
  }

  private static Launch move(DeviceKernel kernel, Place to, Place from, Place rows, int words) {
    long elements = rows.elements() * words;
    return new Launch(
        kernel,
        List.of(to, from, rows),
        new Numbers()
            .set(MoveSlots.Rows.COUNT, Math.toIntExact(rows.elements()))
            .set(MoveSlots.Rows.WORDS, words),
        new float[0],
        Launch.Grid.elements(elements));
  }

  /**
   * What a convolution looks at.
   *
   * @param t frames of x, and h its rows, w its columns
   * @param words of the channels of one position of x
   * @param outH rows of the result, and outW its columns
   * @param kernelT frames of the kernel, and kernelH its rows, kernelW its columns
   */
  public record Looks(
      int t,
      int h,
      int w,
      int words,
      int outH,
      int outW,
      int kernelT,
      int kernelH,
      int kernelW,
      ConvGeometry geometry) {
    /** Words of a patch: its taps, frames first, each with all its channels. */
    public int patch() {
      return kernelT * kernelH * kernelW * words;
    }
  }

  /**
   * The patches of some positions of a convolution's result, one a row.
   *
   * @param to {@code positions * looks.patch()} words
   * @param first the first position
   */
  public static Launch patches(Place to, Place from, int first, int positions, Looks looks) {
    ConvGeometry geometry = looks.geometry();
    return new Launch(
        DeviceKernel.PATCHES,
        List.of(to, from),
        new Numbers()
            .set(Patches.FIRST, first)
            .set(Patches.POSITIONS, positions)
            .set(Patches.IN_T, looks.t())
            .set(Patches.IN_H, looks.h())
            .set(Patches.IN_W, looks.w())
            .set(Patches.WORDS, looks.words())
            .set(Patches.OUT_H, looks.outH())
            .set(Patches.OUT_W, looks.outW())
            .set(Patches.KERNEL_T, looks.kernelT())
            .set(Patches.KERNEL_H, looks.kernelH())
            .set(Patches.KERNEL_W, looks.kernelW())
            .set(Patches.STRIDE_T, geometry.strideT())
            .set(Patches.STRIDE_H, geometry.strideH())
            .set(Patches.STRIDE_W, geometry.strideW())
            .set(Patches.PAD_T, geometry.padTBefore())
            .set(Patches.PAD_H, geometry.padHBefore())
            .set(Patches.PAD_W, geometry.padWBefore()),
        new float[0],
        Launch.Grid.elements(Math.multiplyExact(positions, looks.patch())));
  }
}
