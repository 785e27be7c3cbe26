package org.t3jvm.model.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.model.video.TestVideo;

/** FFmpeg sees one file, in a process whose end is an error of one line. */
class MediaDecoderTest {
  private static final int WIDTH = 128;
  private static final int HEIGHT = 96;

  @TempDir Path temp;

  private Path video(String name, int frames) throws IOException {
    Path file = temp.resolve(name);
    try (TestVideo video = new TestVideo(file, WIDTH, HEIGHT, 25)) {
      byte[] noise = new byte[WIDTH * HEIGHT * 3];
      for (int t = 0; t < frames; t++) {
        new Random(t).nextBytes(noise);
        video.write(noise, t * 40_000L);
      }
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ffconcat version 1.0\nfile script.mp4\nfile script.mp4\n",
        "ffconcat version 1.0\nfile other.mkv\n",
        "ffconcat version 1.0\nfile %1$s/other.mkv\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nother.mkv\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n",
        "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\""
            + " type=\"static\"></MPD>",
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n",
        "file '%1$s/other.mkv'\n",
        ""
      })
  void aScriptThatNamesOtherFilesIsNoVideo(String script) throws IOException {
    video("other.mkv", 1);
    Path file = Files.writeString(temp.resolve("script.mp4"), script.formatted(temp));
    assertThatThrownBy(() -> new MediaDecoder(file, MediaKind.VIDEO))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "'%s' is no video that FFmpeg reads; give an MP4 or the like, or a folder of PNG"
                + " frames",
            file);
  }

  @Test
  void theEndOfTheDecodingProcessIsOneLine() throws IOException {
    Path file = video("clip.mkv", 200);
    try (MediaDecoder decoder = new MediaDecoder(file, MediaKind.VIDEO)) {
      assertThat(decoder.next()).isNotNull();
      assertThat(decoder.process().destroyForcibly()).isTrue();
      assertThatThrownBy(
              () -> {
                while (decoder.next() != null) {
                  // Frames that were on their way.
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("'" + file + "' makes FFmpeg crash (status ")
          .hasMessageEndingWith("; it is damaged or hostile");
    }
  }

  @ParameterizedTest
  @CsvSource({"arib-std-b67, HLG", "smpte2084, PQ"})
  void lightOfHighDynamicRangeIsRefused(String transfer, String name) throws IOException {
    Path file = temp.resolve("hdr.mkv");
    try (TestVideo video = new TestVideo(file, WIDTH, HEIGHT, 25, transfer)) {
      video.write(new byte[WIDTH * HEIGHT * 3], 0);
    }
    try (MediaDecoder decoder = new MediaDecoder(file, MediaKind.VIDEO)) {
      assertThatThrownBy(decoder::next)
          .hasMessage("'%s' is of high dynamic range (%s); convert it to BT.709 first", file, name);
    }
  }
}
