package org.t3jvm.loaders.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.loaders.Mutations;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TestFiles;

/** Five thousand damaged safetensors files. */
@Tag("slow")
class SafetensorsMutationTest {
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Pattern TYPE = Pattern.compile("(?<=\"dtype\":\")\\w+");
  private static final Pattern NAME = Pattern.compile("(?<=[{,])\"[^\"]+\"(?=:\\{)");
  private static final String TOKENS = "{}[]\",:-.eE0123456789 \\\n\u0000";

  @TempDir Path folder;

  @Test
  void tensorsOrAClearError() throws IOException {
    List<byte[]> valid =
        List.of(
            Files.readAllBytes(
                TestFiles.safetensors(folder.resolve("valid"), TestFiles.everyKind(1))),
            Files.readAllBytes(TestFiles.resource("pth/expected.safetensors")),
            Files.readAllBytes(TestFiles.resource("lora/lora.safetensors")));
    Map<String, Mutations.Mutation> kinds = Mutations.ofAnyFormat();
    kinds.put("header length", (content, r) -> length(content, Mutations.number(r)));
    kinds.put("header character", SafetensorsMutationTest::character);
    kinds.put("number in header", (c, r) -> replace(c, r, NUMBER, "" + Mutations.number(r)));
    kinds.put("digit in header", (c, r) -> replace(c, r, NUMBER, "" + r.nextInt(100)));
    kinds.put("dtype", (c, r) -> replace(c, r, TYPE, type(r)));
    kinds.put("repeated name", SafetensorsMutationTest::repeatName);
    Mutations.run(folder.resolve("damaged"), valid, kinds, 20_000, 5000);
  }

  private static byte[] length(byte[] content, long headerBytes) {
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(headerBytes);
    return content;
  }

  private static int headerBytes(byte[] content) {
    long bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Math.clamp(bytes, 1, content.length - 8);
  }

  private static byte[] character(byte[] content, SplittableRandom random) {
    content[8 + random.nextInt(headerBytes(content))] =
        (byte) TOKENS.charAt(random.nextInt(TOKENS.length()));
    return content;
  }

  private static String type(SplittableRandom random) {
    StoredType[] types = StoredType.values();
    return types[random.nextInt(types.length)].name();
  }

  private static byte[] repeatName(byte[] content, SplittableRandom random) {
    List<MatchResult> names = NAME.matcher(header(content)).results().toList();
    if (names.isEmpty()) {
      return content;
    }
    return replace(content, random, NAME, names.get(random.nextInt(names.size())).group());
  }

  private static String header(byte[] content) {
    return new String(content, 8, headerBytes(content), StandardCharsets.ISO_8859_1);
  }

  /** One match of {@code pattern} in the header replaced, the header length set right. */
  private static byte[] replace(
      byte[] content, SplittableRandom random, Pattern pattern, String replacement) {
    List<MatchResult> matches = pattern.matcher(header(content)).results().toList();
    if (matches.isEmpty()) {
      return content;
    }
    MatchResult match = matches.get(random.nextInt(matches.size()));
    int removed = match.end() - match.start();
    byte[] inserted = replacement.getBytes(StandardCharsets.ISO_8859_1);
    byte[] changed = Mutations.splice(content, 8 + match.start(), removed, inserted);
    return length(changed, headerBytes(content) + inserted.length - removed);
  }
}
