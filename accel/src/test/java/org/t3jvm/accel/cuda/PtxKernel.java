package org.t3jvm.accel.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** One kernel of PTX, taken apart: what runs it needs no compiler and no GPU. */
final class PtxKernel {
  private static final Pattern SHARED =
      Pattern.compile("\\.shared \\.align \\d+ \\.b8 (\\w+)\\[(\\d+)]");
  private static final Pattern ENTRY = Pattern.compile("\\.entry (\\w+)\\(");
  private static final Pattern STATEMENT =
      Pattern.compile("(?:@(!?)(\\S+) )?([a-z][a-z0-9_.]*)(?: (.*))?");
  private static final Pattern OPERAND = Pattern.compile("\\{[^}]*}|\\[[^]]*]|[^,\\s]+");

  /** Fewer blocks than this run one after the other. */
  private static final int BLOCKS_OF_PART = 4;

  private static final int PARTS = 8;

  private record Register(char file, int number) {}

  /** Runs for the threads of a block that are there. */
  @FunctionalInterface
  interface Instruction {
    void run(PtxBlock block);
  }

  private final String entry;
  private final int parameters;
  private final Map<String, Integer> sharedAt = new HashMap<>();
  private final Map<String, Register> registers = new HashMap<>();
  private final Map<Character, Integer> counts = new HashMap<>();
  private final Map<Register, String> constants = new HashMap<>();
  private final Map<String, Integer> labels = new HashMap<>();
  private final List<Instruction> instructions = new ArrayList<>();
  private int sharedBytes;

  /**
   * Takes a module of one kernel apart.
   *
   * @throws IllegalArgumentException if it has an instruction that this does not know
   */
  PtxKernel(String ptx) {
    Matcher head = ENTRY.matcher(ptx);
    if (!head.find()) {
      throw new IllegalArgumentException("no kernel");
    }
    this.entry = head.group(1);
    this.parameters = ptx.split("\\.param \\.u64", -1).length - 1;
    Matcher array = SHARED.matcher(ptx);
    while (array.find()) {
      sharedAt.put(array.group(1), sharedBytes);
      sharedBytes += Integer.parseInt(array.group(2));
    }
    String body = ptx.substring(ptx.indexOf("\n{") + 2).replaceAll("//[^\n]*", "");
    List<String> statements = new ArrayList<>();
    for (String raw : body.replaceAll("(\\$\\w+):", "$1:;").split(";", -1)) {
      String statement = raw.strip().replaceAll("\\s+", " ").replaceFirst("^([{}] ?)+", "");
      if (statement.endsWith(":")) {
        labels.put(statement.substring(0, statement.length() - 1), statements.size());
      } else if (!statement.isEmpty() && !statement.startsWith(".")) {
        statements.add(statement);
      }
    }
    statements.forEach(statement -> instructions.add(decode(statement)));
  }

  private Instruction decode(String statement) {
    Matcher parts = STATEMENT.matcher(statement);
    if (!parts.matches()) {
      throw new IllegalArgumentException(statement);
    }
    List<String> operands = new ArrayList<>();
    Matcher operand = OPERAND.matcher(parts.group(4) == null ? "" : parts.group(4));
    while (operand.find()) {
      operands.add(operand.group());
    }
    String flag = parts.group(2);
    if (flag != null && !parts.group(3).startsWith("bra")) {
      throw new IllegalArgumentException(statement);
    }
    String guard = flag == null ? "" : parts.group(1) + flag;
    return new PtxDecoder(this, parts.group(3), operands).decode(guard);
  }

  String entry() {
    return entry;
  }

  /** How many arguments a launch gives. */
  int parameters() {
    return parameters;
  }

  int sharedBytes() {
    return sharedBytes;
  }

  int count(char file) {
    return counts.getOrDefault(file, 0);
  }

  Instruction instruction(int number) {
    return instructions.get(number);
  }

  int label(String name) {
    Integer known = labels.get(name);
    if (known == null) {
      throw new IllegalArgumentException("no label " + name);
    }
    return known;
  }

  /**
   * The number of a register, or of one that holds an immediate value.
   *
   * @param file r for 32 bits, d for 64, f for F32, p for flags
   */
  int register(String name, char file) {
    Register known =
        registers.computeIfAbsent(
            file + name, each -> new Register(file, counts.merge(file, 1, Integer::sum) - 1));
    if (!name.matches("%\\w+|u")) {
      constants.put(known, name);
    }
    return known.number();
  }

  void fillConstants(PtxBlock block) {
    constants.forEach((register, text) -> fill(block, register, text));
  }

  private void fill(PtxBlock block, Register register, String text) {
    for (int i = 0; i < block.threads; i++) {
      switch (register.file()) {
        case 'f' ->
            block.floats[register.number()][i] =
                Float.intBitsToFloat(Integer.parseUnsignedInt(text.substring(2), 16));
        case 'p' -> block.flags[register.number()][i] = !text.equals("0");
        case 'd' -> block.longs[register.number()][i] = value(text);
        default -> block.ints[register.number()][i] = (int) value(text);
      }
    }
  }

  private long value(String text) {
    Integer array = sharedAt.get(text);
    return array != null ? array : Long.decode(text);
  }

  /** Where an argument lies, of those that a launch gives. */
  int parameter(String name) {
    return Integer.parseInt(name.substring(name.lastIndexOf('_') + 1));
  }

  /**
   * Runs a grid. Blocks may run at the same time, as on a GPU.
   *
   * @param grid blocks and threads of a block: x, y, z of both
   * @param memory of the device
   */
  void launch(int[] grid, MemorySegment memory, long... arguments) {
    int blocks = Math.multiplyExact(Math.multiplyExact(grid[0], grid[1]), grid[2]);
    int parts = Math.clamp(blocks / BLOCKS_OF_PART, 1, PARTS);
    IntStream.range(0, parts)
        .parallel()
        .forEach(
            part -> {
              PtxBlock block = new PtxBlock(this, grid, memory, arguments);
              int end = (int) ((part + 1L) * blocks / parts);
              for (int i = (int) ((long) part * blocks / parts); i < end; i++) {
                block.run(i % grid[0], i / grid[0] % grid[1], i / grid[0] / grid[1]);
              }
            });
  }
}
