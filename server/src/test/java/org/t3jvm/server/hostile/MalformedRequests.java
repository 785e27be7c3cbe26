package org.t3jvm.server.hostile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Requests that are almost right, from a seed. */
final class MalformedRequests {
  private static final List<String> RIGHT =
      List.of(
          """
          GET /v1/videos?limit=20&order=asc HTTP/1.1
          %s
          """,
          """
          GET /v1/videos/video_00000000000000000000000000000000/content HTTP/1.1
          %sRange: bytes=0-99

          """,
          """
          GET /v1/videos/video_00000000000000000000000000000000/events HTTP/1.1
          %sLast-Event-ID: 17

          """,
          """
          POST /v1/videos HTTP/1.1
          %sContent-Type: application/json
          Content-Length: 64

          {"prompt":"a red ball","model":"other","size":"48x32","seed":7  }\
          """,
          """
          POST /v1/jobs HTTP/1.1
          %sContent-Type: application/json
          Transfer-Encoding: chunked

          1c
          {"version":2,"text":{"prompt"
          9
          :"fox"}}\s\s
          0

          """,
          """
          POST /v1/videos HTTP/1.1
          %sContent-Type: multipart/form-data; boundary=xx
          Content-Length: 128

          --xx
          Content-Disposition: form-data; name="input_reference"; filename="a.png"

          not a picture
          --xx--
          """,
          """
          DELETE /v1/videos/video_00000000000000000000000000000000 HTTP/1.1
          %s
          """);

  private static final List<String> ODD =
      List.of(
          "\0",
          "\r",
          "\n",
          "\r\n\r\n",
          "../../../../etc/passwd",
          "%2e%2e%2f",
          "%00",
          "\u00ff\u00fe",
          "{{{{{{",
          "[[[[[[[[",
          "-1",
          "99999999999999999999",
          "Content-Length: 5\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Host: evil.example\r\n",
          "\"",
          "\\u0000",
          "1e999");

  private final Random random;

  MalformedRequests(long seed) {
    this.random = new Random(seed);
  }

  /**
   * The next request.
   *
   * @param headers that every right request has
   */
  byte[] next(String headers) {
    String right = RIGHT.get(random.nextInt(RIGHT.size())).formatted(headers);
    byte[] bytes = right.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      bytes = changed(bytes);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes) {
    if (bytes.length == 0) {
      return bytes;
    }
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(5)) {
      case 0 -> {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        yield flipped;
      }
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> {
        byte[] odd = ODD.get(random.nextInt(ODD.size())).getBytes(StandardCharsets.ISO_8859_1);
        yield insert(bytes, at, odd);
      }
      case 3 -> {
        byte[] noise = new byte[1 + random.nextInt(300)];
        random.nextBytes(noise);
        yield insert(bytes, at, noise);
      }
      default -> insert(bytes, at, Arrays.copyOfRange(bytes, at, bytes.length));
    };
  }

  private static byte[] insert(byte[] bytes, int at, byte[] more) {
    byte[] longer = new byte[bytes.length + more.length];
    System.arraycopy(bytes, 0, longer, 0, at);
    System.arraycopy(more, 0, longer, at, more.length);
    System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
    return longer;
  }
}
