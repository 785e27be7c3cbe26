package org.t3jvm.accel.cuda;

import java.util.Arrays;
import java.util.List;
import org.t3jvm.accel.cuda.PtxKernel.Instruction;

/** What the 32 threads of a warp do together, in plain loops. */
final class PtxMatrix {
  private static final int WARP = 32;

  private PtxMatrix() {}

  private static int[] registers(PtxKernel kernel, String group, char file) {
    return Arrays.stream(group.replaceAll("[{}\\[\\]]", "").split(","))
        .mapToInt(name -> kernel.register(name.strip(), file))
        .toArray();
  }

  @FunctionalInterface
  private interface Warp {
    void run(PtxBlock block, int first);
  }

  private static Instruction warps(Warp warp) {
    return b -> {
      if (b.active % WARP != 0) {
        throw new IllegalStateException("a part of a warp is at an instruction of warps");
      }
      for (int k = 0; k < b.active; k += WARP) {
        int first = b.lanes[k];
        if (first % WARP != 0 || b.lanes[k + WARP - 1] != first + WARP - 1) {
          throw new IllegalStateException("a part of a warp is at an instruction of warps");
        }
        warp.run(b, first);
      }
    };
  }

  /** {@code ldmatrix} of 8 x 8 half words; lane i names row i % 8 of matrix i / 8. */
  static Instruction load(PtxKernel kernel, List<String> operands, int count, boolean transposed) {
    int[] to = registers(kernel, operands.get(0), 'r');
    int address = registers(kernel, operands.get(1), 'r')[0];
    return warps(
        (b, first) -> {
          for (int matrix = 0; matrix < count; matrix++) {
            for (int lane = 0; lane < WARP; lane++) {
              int row = lane / 4;
              int pair = lane % 4 * 2;
              int low =
                  transposed
                      ? half(b, address, first, matrix, pair, row)
                      : half(b, address, first, matrix, row, pair);
              int high =
                  transposed
                      ? half(b, address, first, matrix, pair + 1, row)
                      : half(b, address, first, matrix, row, pair + 1);
              b.ints[to[matrix]][first + lane] = high << 16 | low;
            }
          }
        });
  }

  private static int half(PtxBlock b, int address, int first, int matrix, int row, int column) {
    int at = b.ints[address][first + 8 * matrix + row] + 2 * column;
    return (b.shared[at] & 0xFF) | (b.shared[at + 1] & 0xFF) << 8;
  }

  /** {@code mma} of 16 x 8 x 16 in BF16 with F32 sums: d = a b + c. */
  static Instruction multiply(PtxKernel kernel, List<String> operands) {
    int[] d = registers(kernel, operands.get(0), 'f');
    int[] a = registers(kernel, operands.get(1), 'r');
    int[] b = registers(kernel, operands.get(2), 'r');
    int[] c = registers(kernel, operands.get(3), 'f');
    return warps(
        (block, first) -> {
          float[][] left = new float[16][16];
          float[][] right = new float[16][8];
          for (int lane = 0; lane < WARP; lane++) {
            int group = lane / 4;
            int pair = lane % 4 * 2;
            for (int i = 0; i < 4; i++) {
              int bits = block.ints[a[i]][first + lane];
              int row = group + i % 2 * 8;
              int column = pair + i / 2 * 8;
              left[row][column] = Float.intBitsToFloat(bits << 16);
              left[row][column + 1] = Float.intBitsToFloat(bits & 0xFFFF0000);
            }
            for (int i = 0; i < 2; i++) {
              int bits = block.ints[b[i]][first + lane];
              right[pair + 8 * i][group] = Float.intBitsToFloat(bits << 16);
              right[pair + 8 * i + 1][group] = Float.intBitsToFloat(bits & 0xFFFF0000);
            }
          }
          for (int lane = 0; lane < WARP; lane++) {
            float[] sums = new float[4];
            for (int i = 0; i < 4; i++) {
              int row = lane / 4 + i / 2 * 8;
              int column = lane % 4 * 2 + i % 2;
              float sum = block.floats[c[i]][first + lane];
              for (int k = 0; k < 16; k++) {
                sum += left[row][k] * right[k][column];
              }
              sums[i] = sum;
            }
            for (int i = 0; i < 4; i++) {
              block.floats[d[i]][first + lane] = sums[i];
            }
          }
        });
  }
}
