package org.t3jvm.loaders.pth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.loaders.Mutations;
import org.t3jvm.loaders.TestFiles;

/** Five thousand damaged torch files. */
@Tag("slow")
class PthMutationTest {
  private static final String[] FIXTURES = {
    "plain_dict",
    "module_state_dict_with_metadata",
    "wrapped_model_state",
    "parameters",
    "shared_storage_views"
  };
  private static final int[] OPCODES = {
    0x80, 0x95, '(', '0', '1', '2', 'N', 0x88, 0x89, 'K', 'M', 'J', 0x8A, 0x8B, 'G', 'X', 0x8C,
    0x8D, 'B', 'C', 0x8E, ')', 0x85, 0x86, 0x87, 't', '}', ']', 'a', 'e', 's', 'u', 'q', 'r', 0x94,
    'h', 'j', 'c', 0x93, 'Q', 'R', 'b', '.', 'i', 'o', 0x81, 0x92, 'd', 'l', 'P', 'I', 'L', 'S', 'V'
  };

  @TempDir Path folder;

  @Test
  void tensorsOrAClearError() throws IOException {
    List<byte[]> valid = new ArrayList<>();
    valid.add(Files.readAllBytes(TestFiles.pth(folder.resolve("valid"), TestFiles.everyKind(2))));
    for (String name : FIXTURES) {
      valid.add(Files.readAllBytes(TestFiles.resource("pth/" + name + ".pth")));
    }
    Map<String, Mutations.Mutation> kinds = Mutations.ofAnyFormat();
    kinds.put("local zip field", (content, r) -> zipField(content, r, 0x04034B50, 30));
    kinds.put("directory field", (content, r) -> zipField(content, r, 0x02014B50, 46));
    kinds.put("end field", (content, r) -> zipField(content, r, 0x06054B50, 22));
    kinds.put("opcode replaced", PthMutationTest::replaceOpcode);
    kinds.put("opcode inserted", (content, r) -> splicePickle(content, r, 0, opcodes(r)));
    kinds.put("pickle bytes removed", (content, r) -> splicePickle(content, r, 1 + r.nextInt(4)));
    kinds.put("number in pickle", PthMutationTest::pickleNumber);
    kinds.put("pickle part repeated", PthMutationTest::repeatPart);
    Mutations.run(folder.resolve("damaged"), valid, kinds, 40_000, 5000);
  }

  private static byte[] zipField(
      byte[] content, SplittableRandom random, int signature, int headerBytes) {
    ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> places = new ArrayList<>();
    for (int at = 0; at <= content.length - headerBytes; at++) {
      if (buffer.getInt(at) == signature) {
        places.add(at);
      }
    }
    if (places.isEmpty()) {
      return content;
    }
    int field = places.get(random.nextInt(places.size())) + 4 + random.nextInt(headerBytes - 11);
    return Mutations.edge(content, field, random);
  }

  /** Where the pickle lies: the first entry of every file here. */
  private static int[] pickle(byte[] content) {
    ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int start = 30 + (buffer.getShort(26) & 0xFFFF) + (buffer.getShort(28) & 0xFFFF);
    int directory = buffer.getInt(content.length - 6);
    return new int[] {start, buffer.getInt(directory + 24)};
  }

  private static byte[] replaceOpcode(byte[] content, SplittableRandom random) {
    int[] pickle = pickle(content);
    content[pickle[0] + random.nextInt(pickle[1])] = (byte) OPCODES[random.nextInt(OPCODES.length)];
    return content;
  }

  private static byte[] pickleNumber(byte[] content, SplittableRandom random) {
    int[] pickle = pickle(content);
    return Mutations.edge(content, pickle[0] + random.nextInt(pickle[1]), random);
  }

  private static byte[] opcodes(SplittableRandom random) {
    byte[] opcodes = new byte[1 + random.nextInt(4)];
    for (int i = 0; i < opcodes.length; i++) {
      opcodes[i] = (byte) OPCODES[random.nextInt(OPCODES.length)];
    }
    return opcodes;
  }

  private static byte[] repeatPart(byte[] content, SplittableRandom random) {
    int[] pickle = pickle(content);
    int from = random.nextInt(pickle[1]);
    int length = Math.min(pickle[1] - from, 1 + random.nextInt(200));
    byte[] part = Arrays.copyOfRange(content, pickle[0] + from, pickle[0] + from + length);
    return splicePickle(content, random, 0, part);
  }

  /** The same zip with bytes of its pickle removed and inserted, every zip field right. */
  private static byte[] splicePickle(
      byte[] content, SplittableRandom random, int removed, byte... inserted) {
    int[] pickle = pickle(content);
    ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int directory = buffer.getInt(content.length - 6);
    ZipBuilder zip = new ZipBuilder();
    for (int at = directory; buffer.getInt(at) == 0x02014B50; ) {
      int nameBytes = buffer.getShort(at + 28);
      String name = new String(content, at + 46, nameBytes, StandardCharsets.UTF_8);
      int header = buffer.getInt(at + 42);
      int start = header + 30 + buffer.getShort(header + 26) + buffer.getShort(header + 28);
      byte[] data = new byte[buffer.getInt(at + 24)];
      buffer.get(start, data);
      boolean isPickle = start == pickle[0];
      int place = random.nextInt(Math.max(1, data.length));
      zip.add(name, isPickle ? Mutations.splice(data, place, removed, inserted) : data);
      at += 46 + nameBytes + buffer.getShort(at + 30) + buffer.getShort(at + 32);
    }
    return zip.build();
  }
}
