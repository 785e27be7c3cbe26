package org.t3jvm.accel.cuda;

import org.t3jvm.accel.cuda.PtxKernel.Instruction;

/** What the instructions do that compare two registers and set a flag. */
final class PtxCompare {
  private PtxCompare() {}

  /** Comparisons that end in u are true if an operand is NaN, the others false. */
  static Instruction floats(String how, int to, int x, int y) {
    return switch (how) {
      case "nan" ->
          PtxLoops.of(
              (b, i) ->
                  b.flags[to][i] = Float.isNaN(b.floats[x][i]) || Float.isNaN(b.floats[y][i]));
      case "num" ->
          PtxLoops.of(
              (b, i) ->
                  b.flags[to][i] = !Float.isNaN(b.floats[x][i]) && !Float.isNaN(b.floats[y][i]));
      case "eq" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.floats[x][i] == b.floats[y][i]);
      case "lt" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.floats[x][i] < b.floats[y][i]);
      case "gt" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.floats[x][i] > b.floats[y][i]);
      case "ge" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.floats[x][i] >= b.floats[y][i]);
      case "neu" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.floats[x][i] != b.floats[y][i]);
      case "ltu" -> PtxLoops.of((b, i) -> b.flags[to][i] = !(b.floats[x][i] >= b.floats[y][i]));
      case "leu" -> PtxLoops.of((b, i) -> b.flags[to][i] = !(b.floats[x][i] > b.floats[y][i]));
      case "gtu" -> PtxLoops.of((b, i) -> b.flags[to][i] = !(b.floats[x][i] <= b.floats[y][i]));
      case "geu" -> PtxLoops.of((b, i) -> b.flags[to][i] = !(b.floats[x][i] < b.floats[y][i]));
      default -> throw new IllegalArgumentException("unknown: setp.%s.f32".formatted(how));
    };
  }

  static Instruction longs(String how, int to, int x, int y) {
    if (!how.equals("eq")) {
      throw new IllegalArgumentException("unknown: setp.%s.b64".formatted(how));
    }
    return PtxLoops.of((b, i) -> b.flags[to][i] = b.longs[x][i] == b.longs[y][i]);
  }

  static Instruction ints(String how, int to, int x, int y) {
    return switch (how) {
      case "eq" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.ints[x][i] == b.ints[y][i]);
      case "ne" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.ints[x][i] != b.ints[y][i]);
      case "lt" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.ints[x][i] < b.ints[y][i]);
      case "gt" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.ints[x][i] > b.ints[y][i]);
      case "ge" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.ints[x][i] >= b.ints[y][i]);
      default -> throw new IllegalArgumentException("unknown: setp.%s.s32".formatted(how));
    };
  }

  static Instruction unsigned(String how, int to, int x, int y) {
    return switch (how) {
      case "lt" ->
          PtxLoops.of(
              (b, i) -> b.flags[to][i] = Integer.compareUnsigned(b.ints[x][i], b.ints[y][i]) < 0);
      case "gt" ->
          PtxLoops.of(
              (b, i) -> b.flags[to][i] = Integer.compareUnsigned(b.ints[x][i], b.ints[y][i]) > 0);
      default -> throw new IllegalArgumentException("unknown: setp.%s.u32".formatted(how));
    };
  }
}
