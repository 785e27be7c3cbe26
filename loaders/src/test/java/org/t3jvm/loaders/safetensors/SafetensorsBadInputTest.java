package org.t3jvm.loaders.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.loaders.TestFiles;

/** Files that lie: each is refused with a line that names the file and the lie. */
class SafetensorsBadInputTest {
  private static final String F32 = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void isRefused(String what, byte[] content, String message) {
    Path path = folder.resolve("model.safetensors");
    assertThat(TestFiles.failure(path, content)).startsWith(path + ": ").contains(message);
  }

  static Stream<Arguments> isRefused() {
    String good = "{\"a\":" + F32 + "}";
    byte[] valid = TestFiles.safetensorsBytes(good, 8);
    return Stream.of(
        Arguments.of("empty", new byte[0], "is empty"),
        Arguments.of("five bytes", new byte[5], "5 bytes are too few"),
        Arguments.of("truncated header", Arrays.copyOf(valid, 30), "runs past the end"),
        Arguments.of("truncated data", Arrays.copyOf(valid, valid.length - 3), "it is truncated"),
        Arguments.of("trailing data", Arrays.copyOf(valid, valid.length + 3), "tensors take 8"),
        Arguments.of("header length lies", length(valid, 1L << 20), "runs past the end"),
        Arguments.of("header too long", length(valid, 100_000_001), "exceeds the 100000000 bytes"),
        Arguments.of("header length -1", length(valid, -1), "18446744073709551615 exceeds"),
        Arguments.of("header too short", length(valid, 20), "not valid JSON"),
        Arguments.of("header of 0 bytes", length(valid, 0), "not a JSON object"),
        header("[]", 0, "not a JSON object"),
        header("{} {}", 0, "after its JSON object"),
        header("{\"a\":" + F32 + ",}", 8, "not valid JSON"),
        header("{\"a\":3}", 0, "tensor 'a' is not an object"),
        header("{\"a\":" + F32 + ",\"a\":" + F32 + "}", 8, "tensor 'a' appears twice"),
        header("{\"__metadata__\":{\"k\":1}}", 0, "value of 'k' is not a string"),
        header("{\"__metadata__\":[]}", 0, "not an object of strings"),
        header("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "appears twice"),
        header("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", 0, "key 'k' appears twice"),
        entry("\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]", "unknown dtype 'F33'"),
        entry("\"dtype\":7,\"shape\":[2],\"data_offsets\":[0,8]", "dtype that is not a string"),
        entry("\"shape\":[2],\"data_offsets\":[0,8]", "lacks the field dtype"),
        entry("\"dtype\":\"F32\",\"data_offsets\":[0,8]", "lacks the field shape"),
        entry("\"dtype\":\"F32\",\"shape\":[2]", "lacks the field data_offsets"),
        entry("\"dtype\":\"F32\",\"dtype\":\"F32\"", "has the field dtype twice"),
        entry("\"dtype\":\"F32\",\"extra\":1", "unknown field 'extra'"),
        shape("2.0", "2.0 in its shape"),
        shape("1e2", "1e2 in its shape"),
        shape("-1", "-1 in its shape"),
        shape("true", "true in its shape"),
        shape("9223372036854775808", "9223372036854775808 in its shape"),
        shape("[[[[[[2]]]]]]", "in its shape"),
        shape("9223372036854775807,4", "more than 2^63-1 elements"),
        shape("3", "takes 12 bytes, its data_offsets [0, 8] give it 8"),
        shape("9223372036854775807", "takes no whole number of bytes"),
        shape("1,".repeat(64) + "2", "more than 64 numbers"),
        offsets("0", "1 data_offsets; begin and end"),
        offsets("0,8,9", "more than 2 numbers"),
        offsets("8,0", "run backwards"),
        offsets("0,-8", "-8 in its data_offsets"),
        offsets("8,16", "ends at byte 16"),
        two("[0,8]", "[4,12]", 12, "overlaps 'a'"),
        two("[0,8]", "[0,8]", 8, "overlaps 'a'"),
        two("[0,8]", "[12,20]", 20, "leaving a gap after 'a'"),
        two("[4,12]", "[12,20]", 20, "leaving a gap after the header"),
        two("[0,8]", "[8,16]", 18, "holds 18 bytes of data, its tensors take 16"),
        header("{\"a\":".repeat(500), 0, "tensor 'a' has an unknown field 'a'"),
        header("{\"a\u202e\\u0007b\":3}", 0, "tensor 'a??b'"),
        Arguments.of("not UTF-8", notUtf8(), "not valid JSON"));
  }

  private static Arguments header(String header, int dataBytes, String message) {
    byte[] content = TestFiles.safetensorsBytes(header, dataBytes);
    return Arguments.of(header.substring(0, Math.min(60, header.length())), content, message);
  }

  private static Arguments entry(String fields, String message) {
    return header("{\"a\":{" + fields + "}}", 8, message);
  }

  private static Arguments shape(String dims, String message) {
    return entry("\"dtype\":\"F32\",\"shape\":[" + dims + "],\"data_offsets\":[0,8]", message);
  }

  private static Arguments offsets(String offsets, String message) {
    return entry("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + offsets + "]", message);
  }

  private static Arguments two(String first, String second, int dataBytes, String message) {
    String start = "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":";
    String header = "{\"a\":{" + start + first + "},\"b\":{" + start + second + "}}";
    return header(header, dataBytes, message);
  }

  private static byte[] length(byte[] content, long headerBytes) {
    byte[] copy = content.clone();
    ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putLong(headerBytes);
    return copy;
  }

  private static byte[] notUtf8() {
    byte[] content = TestFiles.safetensorsBytes("{\"a\":" + F32 + "}", 8);
    content[10] = (byte) 0xC3;
    return content;
  }
}
