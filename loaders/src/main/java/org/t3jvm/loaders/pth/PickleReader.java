package org.t3jvm.loaders.pth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.pth.PickleValue.Bool;
import org.t3jvm.loaders.pth.PickleValue.Dict;
import org.t3jvm.loaders.pth.PickleValue.Function;
import org.t3jvm.loaders.pth.PickleValue.Int;
import org.t3jvm.loaders.pth.PickleValue.Items;
import org.t3jvm.loaders.pth.PickleValue.Opaque;
import org.t3jvm.loaders.pth.PickleValue.Real;
import org.t3jvm.loaders.pth.PickleValue.Text;
import org.t3jvm.loaders.pth.PickleValue.Tuple;
import org.t3jvm.loaders.text.Messages;

/**
 * Interprets the pickle of a checkpoint, protocol 2 to 5, restricted to the opcodes that build
 * plain data and tensors. A global outside {@link PickleGlobals} is an error; nothing is imported,
 * called or executed. One pass, no recursion; every object is accounted for before it is made.
 */
final class PickleReader {
  private static final int MAX_GLOBAL = 256;
  private static final int SLOT_BYTES = 16;
  private static final int OBJECT_BYTES = 32;
  private static final int CONTAINER_BYTES = 128;
  private static final int MAP_ENTRY_BYTES = 128;

  private final MappedFile file;
  private final TensorRebuilder rebuilder;
  private final long start;
  private final long end;
  private long at;

  private final List<PickleValue> stack = new ArrayList<>();
  private int deepest;
  private int[] marks = new int[8];
  private int markCount;
  private final Map<Long, PickleValue> memo = new HashMap<>();

  private PickleReader(MappedFile file, ZipDirectory.Entry pickle, TensorRebuilder rebuilder) {
    this.file = file;
    this.rebuilder = rebuilder;
    this.start = pickle.offset();
    this.end = pickle.end();
    this.at = start;
  }

  /**
   * The one value that the pickle in a zip entry builds.
   *
   * @throws CheckpointException if the pickle is malformed or asks for anything but tensors and
   *     plain data
   */
  static PickleValue read(MappedFile file, ZipDirectory.Entry pickle, TensorRebuilder rebuilder)
      throws CheckpointException {
    return new PickleReader(file, pickle, rebuilder).run();
  }

  private PickleValue run() throws CheckpointException {
    while (true) {
      int opcode = file.u8(take(1));
      if (opcode == '.') {
        PickleValue result = pop();
        if (!stack.isEmpty() || markCount != 0) {
          throw error("the pickle ends with unused values on its stack");
        }
        return result;
      }
      step(opcode);
    }
  }

  private void step(int opcode) throws CheckpointException {
    switch (opcode) {
      case 0x80 -> protocol(file.u8(take(1)));
      case 0x95 -> take(8);
      case '(' -> mark();
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(peek());
      case 'N' -> push(Opaque.NONE);
      case 0x88 -> push(new Bool(true), OBJECT_BYTES);
      case 0x89 -> push(new Bool(false), OBJECT_BYTES);
      case 'K' -> push(new Int(file.u8(take(1))), OBJECT_BYTES);
      case 'M' -> push(new Int(file.u16(take(2))), OBJECT_BYTES);
      case 'J' -> push(new Int((int) file.u32(take(4))), OBJECT_BYTES);
      case 0x8A -> pushLong(file.u8(take(1)));
      case 0x8B -> pushLong(file.u32(take(4)));
      case 'G' ->
          push(
              new Real(Double.longBitsToDouble(Long.reverseBytes(file.i64(take(8))))),
              OBJECT_BYTES);
      case 'X' -> pushText(file.u32(take(4)));
      case 0x8C -> pushText(file.u8(take(1)));
      case 0x8D -> pushText(file.i64(take(8)));
      case 'B' -> pushBytes(file.u32(take(4)));
      case 'C' -> pushBytes(file.u8(take(1)));
      case 0x8E -> pushBytes(file.i64(take(8)));
      case ')' -> push(new Tuple(), OBJECT_BYTES);
      case 0x85 -> pushTuple(stack.size() - 1);
      case 0x86 -> pushTuple(stack.size() - 2);
      case 0x87 -> pushTuple(stack.size() - 3);
      case 't' -> pushTuple(unmark());
      case '}' -> push(new Dict(), CONTAINER_BYTES);
      case ']' -> push(new Items(), CONTAINER_BYTES);
      case 'a' -> append(stack.size() - 1);
      case 'e' -> append(unmark());
      case 's' -> setItems(stack.size() - 2);
      case 'u' -> setItems(unmark());
      case 'q' -> remember(file.u8(take(1)));
      case 'r' -> remember(file.u32(take(4)));
      case 0x94 -> remember(memo.size());
      case 'h' -> recall(file.u8(take(1)));
      case 'j' -> recall(file.u32(take(4)));
      case 'c' -> pushGlobal(line(), line());
      case 0x93 -> stackGlobal();
      case 'Q' -> persistent();
      case 'R' -> reduce();
      case 'b' -> build();
      default -> throw forbidden("the pickle uses opcode 0x%02x".formatted(opcode));
    }
  }

  private void protocol(int version) throws CheckpointException {
    if (version < 2 || version > 5) {
      throw error("pickle protocol %d is not supported; 2 to 5 are".formatted(version));
    }
  }

  private void pushLong(long bytes) throws CheckpointException {
    long from = take(bytes);
    if (bytes > Long.BYTES) {
      push(Opaque.BIG_INTEGER);
      return;
    }
    long value = 0;
    for (int i = (int) bytes - 1; i >= 0; i--) {
      value = value << 8 | file.u8(from + i);
    }
    int unused = Long.SIZE - 8 * (int) bytes;
    push(new Int(bytes == 0 ? 0 : value << unused >> unused), OBJECT_BYTES);
  }

  private void pushText(long bytes) throws CheckpointException {
    push(new Text(decode(take(bytes), bytes)));
  }

  private void pushBytes(long bytes) throws CheckpointException {
    take(bytes);
    push(Opaque.BYTES);
  }

  private String decode(long from, long bytes) throws CheckpointException {
    if (bytes > Integer.MAX_VALUE / 8) {
      throw error("the pickle has a text of %d bytes; no name is that long".formatted(bytes));
    }
    file.allowDescription(3 * OBJECT_BYTES + 8 * bytes);
    byte[] utf8 = file.bytes(from, (int) bytes);
    String text = new String(utf8, StandardCharsets.UTF_8);
    // Malformed bytes were replaced, so they do not come back.
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
      throw error("the pickle has a text that is not UTF-8");
    }
    return text;
  }

  private void pushTuple(int from) throws CheckpointException {
    List<PickleValue> items = top(from);
    file.allowDescription(3 * OBJECT_BYTES + 8L * items.size());
    Tuple tuple = new Tuple(items.toArray(new PickleValue[0]));
    items.clear();
    push(tuple);
  }

  private void append(int from) throws CheckpointException {
    List<PickleValue> values = top(from);
    requireDepth(values.size() + 1);
    if (!(stack.get(from - 1) instanceof Items list)) {
      throw error("the pickle appends to something that is not a list");
    }
    file.allowDescription(2 * OBJECT_BYTES + (long) SLOT_BYTES * values.size());
    list.items().addAll(values);
    values.clear();
  }

  private void setItems(int from) throws CheckpointException {
    List<PickleValue> values = top(from);
    requireDepth(values.size() + 1);
    if (!(stack.get(from - 1) instanceof Dict dict) || values.size() % 2 != 0) {
      throw error("the pickle sets items of something that is not a dict");
    }
    file.allowDescription(2 * OBJECT_BYTES + (long) MAP_ENTRY_BYTES * (values.size() / 2));
    for (int i = 0; i < values.size(); i += 2) {
      PickleValue value = values.get(i + 1);
      switch (values.get(i)) {
        case Text key -> dict.named().put(key.value(), value);
        case Int key -> dict.nameless().add(value);
        case Opaque key -> dict.nameless().add(value);
        default -> throw error("the pickle has a dict key that is neither text nor an integer");
      }
    }
    values.clear();
  }

  private void remember(long index) throws CheckpointException {
    file.allowDescription(MAP_ENTRY_BYTES);
    memo.put(index, peek());
  }

  private void recall(long index) throws CheckpointException {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw error("the pickle refers to memo %d, which it never set".formatted(index));
    }
    push(value);
  }

  private String line() throws CheckpointException {
    long from = at;
    while (file.u8(take(1)) != '\n') {
      if (at - from > MAX_GLOBAL) {
        throw error("the pickle names a global of more than %d bytes".formatted(MAX_GLOBAL));
      }
    }
    return decode(from, at - 1 - from);
  }

  private void stackGlobal() throws CheckpointException {
    if (pop() instanceof Text name && pop() instanceof Text module) {
      pushGlobal(module.value(), name.value());
    } else {
      throw error("the pickle names a global by something that is not text");
    }
  }

  private void pushGlobal(String module, String name) throws CheckpointException {
    PickleValue global = PickleGlobals.find(module, name);
    if (global == null) {
      throw forbidden("the pickle asks for the global " + Messages.quote(module + "." + name));
    }
    push(global);
  }

  private void persistent() throws CheckpointException {
    if (!(pop() instanceof Tuple id)) {
      throw error("the pickle has a persistent id that is not a tuple");
    }
    try {
      push(rebuilder.storage(id), 4 * OBJECT_BYTES);
    } catch (MalformedTensorException e) {
      throw tensorError(e);
    }
  }

  private void reduce() throws CheckpointException {
    PickleValue arguments = pop();
    PickleValue callee = pop();
    if (!(arguments instanceof Tuple tuple) || !(callee instanceof Function function)) {
      throw error("the pickle calls something that is not a known function; refused");
    }
    try {
      push(rebuilder.call(function, tuple), CONTAINER_BYTES);
    } catch (MalformedTensorException e) {
      throw tensorError(e);
    }
  }

  private void build() throws CheckpointException {
    pop();
    // The attributes of a state dict, its _metadata, say nothing about tensors.
    if (!(peek() instanceof Dict)) {
      throw error("the pickle sets attributes of something that is not an OrderedDict; refused");
    }
  }

  private void push(PickleValue value) throws CheckpointException {
    if (stack.size() == deepest) {
      file.allowDescription(SLOT_BYTES);
      deepest++;
    }
    stack.add(value);
  }

  private void push(PickleValue value, long bytes) throws CheckpointException {
    file.allowDescription(bytes);
    push(value);
  }

  private PickleValue pop() throws CheckpointException {
    requireDepth(1);
    return stack.remove(stack.size() - 1);
  }

  private PickleValue peek() throws CheckpointException {
    requireDepth(1);
    return stack.get(stack.size() - 1);
  }

  private void popToMark() throws CheckpointException {
    top(unmark()).clear();
  }

  /** The values from index {@code from} to the top, a view of the stack. */
  private List<PickleValue> top(int from) throws CheckpointException {
    requireDepth(stack.size() - from);
    return stack.subList(from, stack.size());
  }

  private void requireDepth(int values) throws CheckpointException {
    int base = markCount == 0 ? 0 : marks[markCount - 1];
    if (stack.size() - values < base) {
      throw error("the pickle takes more from its stack than is there");
    }
  }

  private void mark() throws CheckpointException {
    file.allowDescription(SLOT_BYTES);
    if (markCount == marks.length) {
      marks = Arrays.copyOf(marks, 2 * markCount);
    }
    marks[markCount++] = stack.size();
  }

  private int unmark() throws CheckpointException {
    if (markCount == 0) {
      throw error("the pickle closes a group that it never opened");
    }
    return marks[--markCount];
  }

  /** Moves past {@code bytes} and returns where they begin. */
  private long take(long bytes) throws CheckpointException {
    if (bytes < 0 || bytes > end - at) {
      throw error("the pickle ends in the middle; truncated or damaged");
    }
    long from = at;
    at += bytes;
    return from;
  }

  private CheckpointException tensorError(MalformedTensorException e) {
    for (int i = stack.size() - 1; i >= 0; i--) {
      if (stack.get(i) instanceof Text name) {
        return error("tensor " + Messages.quote(name.value()) + " " + e.getMessage());
      }
    }
    return error("a tensor " + e.getMessage());
  }

  private CheckpointException forbidden(String what) {
    return error(what + ", which plain tensors do not need; refused, nothing was executed");
  }

  private CheckpointException error(String what) {
    return file.error("data.pkl, byte %d: %s".formatted(at - start, what));
  }
}
