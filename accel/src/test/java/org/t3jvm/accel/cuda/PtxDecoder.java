package org.t3jvm.accel.cuda;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.t3jvm.accel.cuda.PtxKernel.Instruction;

/** What one instruction of PTX does, as NVIDIA's manual of its instruction set says. */
final class PtxDecoder {
  private static final VarHandle BYTES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final PtxKernel kernel;
  private final String name;
  private final List<String> operands;

  PtxDecoder(PtxKernel kernel, String name, List<String> operands) {
    this.kernel = kernel;
    this.name = name;
    this.operands = operands;
  }

  private int r(int operand) {
    return kernel.register(operands.get(operand), 'r');
  }

  private int d(int operand) {
    return kernel.register(operands.get(operand), 'd');
  }

  private int f(int operand) {
    return kernel.register(operands.get(operand), 'f');
  }

  private int p(int operand) {
    return kernel.register(operands.get(operand), 'p');
  }

  private IllegalArgumentException unknown() {
    return new IllegalArgumentException("unknown: %s %s".formatted(name, operands));
  }

  /**
   * The instruction.
   *
   * @param guard the flag that a branch is taken for, perhaps negated; empty for always
   */
  Instruction decode(String guard) {
    String[] parts = name.split("\\.");
    return switch (parts[0]) {
      case "bra" -> branch(guard);
      case "ret" -> PtxBlock::end;
      case "bar" -> PtxBlock::barrier;
      case "ld" -> load(parts);
      case "st" -> store(parts);
      case "setp" -> compare(parts[1], parts[2]);
      case "ldmatrix" ->
          PtxMatrix.load(kernel, operands, parts[4].equals("x4") ? 4 : 2, name.contains("trans"));
      case "mma" -> PtxMatrix.multiply(kernel, operands);
      case "cvt", "cvta" -> convert();
      case "mov" -> move(parts[1]);
      case "selp" -> select(parts[1]);
      default ->
          switch (parts[parts.length - 1]) {
            case "f32" -> floats(parts[0] + (name.contains(".rm.") ? ".rm" : ""));
            case "pred" -> flags(parts[0]);
            case "s64", "u64", "b64" -> longs(parts[0], parts[parts.length - 1]);
            default -> ints(parts[0], parts[1], parts[parts.length - 1]);
          };
    };
  }

  private Instruction branch(String guard) {
    int target = kernel.label(operands.getFirst());
    if (guard.isEmpty()) {
      return block -> block.jump(target);
    }
    boolean taken = !guard.startsWith("!");
    int flag = kernel.register(guard.replace("!", ""), 'p');
    return block -> block.branch(block.flags[flag], taken, target);
  }

  private record Address(String base, int offset) {}

  private Address address(int operand) {
    String text = operands.get(operand).replaceAll("[\\[\\]]", "");
    int plus = text.indexOf('+');
    return plus < 0
        ? new Address(text, 0)
        : new Address(text.substring(0, plus), Integer.parseInt(text.substring(plus + 1)));
  }

  private Instruction load(String[] parts) {
    Address from = address(1);
    if (parts[1].equals("param")) {
      int argument = kernel.parameter(from.base());
      int to = d(0);
      return b -> Arrays.fill(b.longs[to], b.arguments[argument]);
    }
    boolean floats = name.endsWith("f32");
    int offset = from.offset();
    if (parts[1].equals("shared")) {
      int base = kernel.register(from.base(), 'r');
      int to = floats ? f(0) : r(0);
      return b -> {
        for (int k = 0; k < b.active; k++) {
          int i = b.lanes[k];
          int bits = (int) BYTES.get(b.shared, b.ints[base][i] + offset);
          if (floats) {
            b.floats[to][i] = Float.intBitsToFloat(bits);
          } else {
            b.ints[to][i] = bits;
          }
        }
      };
    }
    int base = kernel.register(from.base(), 'd');
    boolean wide = operands.getFirst().startsWith("%rd");
    int to = floats ? f(0) : wide ? d(0) : r(0);
    return b -> {
      for (int k = 0; k < b.active; k++) {
        int i = b.lanes[k];
        int bits = b.memory.get(INT, b.longs[base][i] + offset - b.memoryStart);
        if (floats) {
          b.floats[to][i] = Float.intBitsToFloat(bits);
        } else if (wide) {
          b.longs[to][i] = bits;
        } else {
          b.ints[to][i] = bits;
        }
      }
    };
  }

  private Instruction store(String[] parts) {
    Address to = address(0);
    boolean floats = name.endsWith("f32");
    int from = floats ? f(1) : r(1);
    int offset = to.offset();
    if (parts[1].equals("shared")) {
      int base = kernel.register(to.base(), 'r');
      return b -> {
        for (int k = 0; k < b.active; k++) {
          int i = b.lanes[k];
          int bits = floats ? Float.floatToRawIntBits(b.floats[from][i]) : b.ints[from][i];
          BYTES.set(b.shared, b.ints[base][i] + offset, bits);
        }
      };
    }
    int base = kernel.register(to.base(), 'd');
    return b -> {
      for (int k = 0; k < b.active; k++) {
        int i = b.lanes[k];
        int bits = floats ? Float.floatToRawIntBits(b.floats[from][i]) : b.ints[from][i];
        b.memory.set(INT, b.longs[base][i] + offset - b.memoryStart, bits);
      }
    };
  }

  private Instruction compare(String how, String type) {
    int to = p(0);
    return switch (type) {
      case "f32" -> PtxCompare.floats(how, to, f(1), f(2));
      case "b64" -> PtxCompare.longs(how, to, d(1), d(2));
      case "u32" -> PtxCompare.unsigned(how, to, r(1), r(2));
      default -> PtxCompare.ints(how, to, r(1), r(2));
    };
  }

  private Instruction convert() {
    return switch (name) {
      case "cvt.rn.f32.s32" -> {
        int to = f(0);
        int x = r(1);
        yield PtxLoops.of((b, i) -> b.floats[to][i] = b.ints[x][i]);
      }
      case "cvt.rzi.s32.f32" -> {
        int to = r(0);
        int x = f(1);
        yield PtxLoops.of((b, i) -> b.ints[to][i] = (int) b.floats[x][i]);
      }
      case "cvt.sat.f32.f32" -> {
        int to = f(0);
        int x = f(1);
        yield PtxLoops.of((b, i) -> b.floats[to][i] = PtxMath.saturated(b.floats[x][i]));
      }
      case "cvt.s64.s32", "cvt.u64.u32" -> {
        int to = d(0);
        int x = r(1);
        long mask = name.endsWith("u32") ? 0xFFFFFFFFL : -1;
        yield PtxLoops.of((b, i) -> b.longs[to][i] = b.ints[x][i] & mask);
      }
      case "cvt.u32.u64" -> {
        int to = r(0);
        int x = d(1);
        yield PtxLoops.of((b, i) -> b.ints[to][i] = (int) b.longs[x][i]);
      }
      case "cvta.shared.u64", "cvta.to.shared.u64", "cvta.to.global.u64" -> {
        int to = d(0);
        int x = d(1);
        yield PtxLoops.of((b, i) -> b.longs[to][i] = b.longs[x][i]);
      }
      default -> throw unknown();
    };
  }

  private Instruction move(String type) {
    String from = operands.get(1);
    boolean toFloat = operands.getFirst().startsWith("%f");
    boolean fromFloat = from.startsWith("%f") || from.startsWith("0f");
    if (type.equals("pred")) {
      int to = p(0);
      int x = p(1);
      return PtxLoops.of((b, i) -> b.flags[to][i] = b.flags[x][i]);
    }
    if (type.endsWith("64")) {
      int to = d(0);
      int x = d(1);
      return PtxLoops.of((b, i) -> b.longs[to][i] = b.longs[x][i]);
    }
    if (from.contains("id.")) {
      int to = r(0);
      return PtxLoops.of((b, i) -> b.ints[to][i] = b.special(from)[i]);
    }
    int to = toFloat ? f(0) : r(0);
    int x = fromFloat ? f(1) : r(1);
    if (toFloat && fromFloat) {
      return PtxLoops.of((b, i) -> b.floats[to][i] = b.floats[x][i]);
    }
    if (toFloat) {
      return PtxLoops.of((b, i) -> b.floats[to][i] = Float.intBitsToFloat(b.ints[x][i]));
    }
    return fromFloat
        ? PtxLoops.of((b, i) -> b.ints[to][i] = Float.floatToRawIntBits(b.floats[x][i]))
        : PtxLoops.of((b, i) -> b.ints[to][i] = b.ints[x][i]);
  }

  private Instruction select(String type) {
    int flag = p(3);
    if (type.equals("f32")) {
      int to = f(0);
      int x = f(1);
      int y = f(2);
      return PtxLoops.of(
          (b, i) -> b.floats[to][i] = b.flags[flag][i] ? b.floats[x][i] : b.floats[y][i]);
    }
    int to = r(0);
    int x = r(1);
    int y = r(2);
    return PtxLoops.of((b, i) -> b.ints[to][i] = b.flags[flag][i] ? b.ints[x][i] : b.ints[y][i]);
  }

  private Instruction floats(String op) {
    int to = f(0);
    int x = f(1);
    int y = operands.size() > 2 ? f(2) : x;
    int z = operands.size() > 3 ? f(3) : x;
    return switch (op) {
      case "fma" ->
          b -> {
            float[] result = b.floats[to];
            float[] left = b.floats[x];
            float[] right = b.floats[y];
            float[] plus = b.floats[z];
            for (int k = 0; k < b.active; k++) {
              int i = b.lanes[k];
              result[i] = Math.fma(left[i], right[i], plus[i]);
            }
          };
      case "fma.rm" ->
          PtxLoops.of(
              (b, i) ->
                  b.floats[to][i] =
                      PtxMath.downwards((double) b.floats[x][i] * b.floats[y][i] + b.floats[z][i]));
      case "add" -> PtxLoops.of((b, i) -> b.floats[to][i] = b.floats[x][i] + b.floats[y][i]);
      case "sub" -> PtxLoops.of((b, i) -> b.floats[to][i] = b.floats[x][i] - b.floats[y][i]);
      case "mul" -> PtxLoops.of((b, i) -> b.floats[to][i] = b.floats[x][i] * b.floats[y][i]);
      case "div" -> PtxLoops.of((b, i) -> b.floats[to][i] = b.floats[x][i] / b.floats[y][i]);
      case "max" ->
          PtxLoops.of((b, i) -> b.floats[to][i] = PtxMath.max(b.floats[x][i], b.floats[y][i]));
      case "neg" -> PtxLoops.of((b, i) -> b.floats[to][i] = -b.floats[x][i]);
      case "abs" -> PtxLoops.of((b, i) -> b.floats[to][i] = Math.abs(b.floats[x][i]));
      case "sqrt" -> PtxLoops.of((b, i) -> b.floats[to][i] = (float) Math.sqrt(b.floats[x][i]));
      case "rcp" -> PtxLoops.of((b, i) -> b.floats[to][i] = 1 / b.floats[x][i]);
      case "rsqrt" ->
          PtxLoops.of((b, i) -> b.floats[to][i] = (float) (1 / Math.sqrt(b.floats[x][i])));
      case "ex2" -> PtxLoops.of((b, i) -> b.floats[to][i] = (float) Math.pow(2, b.floats[x][i]));
      default -> throw unknown();
    };
  }

  private Instruction flags(String op) {
    int to = p(0);
    int x = p(1);
    int y = operands.size() > 2 ? p(2) : x;
    return switch (op) {
      case "and" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.flags[x][i] && b.flags[y][i]);
      case "or" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.flags[x][i] || b.flags[y][i]);
      case "xor" -> PtxLoops.of((b, i) -> b.flags[to][i] = b.flags[x][i] ^ b.flags[y][i]);
      case "not" -> PtxLoops.of((b, i) -> b.flags[to][i] = !b.flags[x][i]);
      default -> throw unknown();
    };
  }

  private Instruction longs(String op, String type) {
    int to = d(0);
    int x = d(1);
    int y = d(2);
    return switch (op) {
      case "add" -> PtxLoops.of((b, i) -> b.longs[to][i] = b.longs[x][i] + b.longs[y][i]);
      case "mul" -> PtxLoops.of((b, i) -> b.longs[to][i] = b.longs[x][i] * b.longs[y][i]);
      case "and" -> PtxLoops.of((b, i) -> b.longs[to][i] = b.longs[x][i] & b.longs[y][i]);
      case "shl" -> PtxLoops.of((b, i) -> b.longs[to][i] = b.longs[x][i] << (int) b.longs[y][i]);
      case "shr" ->
          type.equals("s64")
              ? PtxLoops.of((b, i) -> b.longs[to][i] = b.longs[x][i] >> (int) b.longs[y][i])
              : PtxLoops.of((b, i) -> b.longs[to][i] = b.longs[x][i] >>> (int) b.longs[y][i]);
      default -> throw unknown();
    };
  }

  private Instruction ints(String op, String how, String type) {
    if (how.equals("wide")) {
      int to = d(0);
      int x = r(1);
      int y = r(2);
      long mask = type.equals("u32") ? 0xFFFFFFFFL : -1;
      return PtxLoops.of((b, i) -> b.longs[to][i] = (b.ints[x][i] & mask) * (b.ints[y][i] & mask));
    }
    int to = r(0);
    int x = r(1);
    int y = operands.size() > 2 ? r(2) : x;
    int z = operands.size() > 3 ? r(3) : x;
    boolean unsigned = type.equals("u32");
    return switch (op) {
      case "mad" ->
          PtxLoops.of((b, i) -> b.ints[to][i] = b.ints[x][i] * b.ints[y][i] + b.ints[z][i]);
      case "prmt" ->
          PtxLoops.of(
              (b, i) -> b.ints[to][i] = PtxMath.permuted(b.ints[x][i], b.ints[y][i], b.ints[z][i]));
      case "bfi" -> {
        int length = r(4);
        yield PtxLoops.of(
            (b, i) ->
                b.ints[to][i] =
                    PtxMath.inserted(b.ints[x][i], b.ints[y][i], b.ints[z][i], b.ints[length][i]));
      }
      case "add" -> PtxLoops.of((b, i) -> b.ints[to][i] = b.ints[x][i] + b.ints[y][i]);
      case "sub" -> PtxLoops.of((b, i) -> b.ints[to][i] = b.ints[x][i] - b.ints[y][i]);
      case "mul" -> PtxLoops.of((b, i) -> b.ints[to][i] = b.ints[x][i] * b.ints[y][i]);
      case "div" ->
          unsigned
              ? PtxLoops.of(
                  (b, i) -> b.ints[to][i] = Integer.divideUnsigned(b.ints[x][i], b.ints[y][i]))
              : PtxLoops.of((b, i) -> b.ints[to][i] = b.ints[x][i] / b.ints[y][i]);
      case "rem" -> PtxLoops.of((b, i) -> b.ints[to][i] = b.ints[x][i] % b.ints[y][i]);
      case "max" -> PtxLoops.of((b, i) -> b.ints[to][i] = Math.max(b.ints[x][i], b.ints[y][i]));
      case "min" -> PtxLoops.of((b, i) -> b.ints[to][i] = Math.min(b.ints[x][i], b.ints[y][i]));
      case "and" -> PtxLoops.of((b, i) -> b.ints[to][i] = b.ints[x][i] & b.ints[y][i]);
      case "or" -> PtxLoops.of((b, i) -> b.ints[to][i] = b.ints[x][i] | b.ints[y][i]);
      case "not" -> PtxLoops.of((b, i) -> b.ints[to][i] = ~b.ints[x][i]);
      case "neg" -> PtxLoops.of((b, i) -> b.ints[to][i] = -b.ints[x][i]);
      case "shl" -> PtxLoops.of((b, i) -> b.ints[to][i] = PtxMath.left(b.ints[x][i], b.ints[y][i]));
      case "shr" ->
          unsigned
              ? PtxLoops.of(
                  (b, i) -> b.ints[to][i] = PtxMath.rightUnsigned(b.ints[x][i], b.ints[y][i]))
              : PtxLoops.of((b, i) -> b.ints[to][i] = PtxMath.right(b.ints[x][i], b.ints[y][i]));
      default -> throw unknown();
    };
  }
}
