package org.t3jvm.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.graph.WindowCounts;

/** Jobs where they are built, and as JSON. */
class VideoJobTest {
  private static VideoJob full() {
    return VideoJob.of("a \"ball\"\n一")
        .negative("")
        .size(480, 832)
        .frames(81)
        .fps(23.976)
        .steps(50)
        .sampler(Sampler.DPMPP)
        .cfg(4.5f)
        .shift(3)
        .seed(Long.MIN_VALUE)
        .cache(new StepCacheOption(StepCacheOption.Kind.EASYCACHE, 0.1))
        .attention(Attention.t3(List.of(new WindowCounts(21, 1, 1), new WindowCounts(1, 17, 30))))
        .video(Path.of("clips/a b.mp4"), 0.4f)
        .image(Path.of("/pictures/x.png"))
        .decoding(new Decoding(Decoding.Mode.TILED, new Decoding.Tiles(30, 52, 15, 26)))
        .backend("cuda")
        .precision(Precision.BF16)
        .kernels(KernelSource.LIBRARY)
        .weights(WeightFormat.Q8)
        .lora(Path.of("style.safetensors"), 0.8f)
        .build();
  }

  @Test
  void everyFieldComesBackFromJson() throws IOException {
    assertThat(VideoJob.fromJson(full().toJson())).isEqualTo(full());
    VideoJob plain = VideoJob.of("x").build();
    assertThat(VideoJob.fromJson(plain.toJson())).isEqualTo(plain);
    assertThat(full().toJson())
        .startsWith("{\"version\":1,")
        .contains("\"clips/a b.mp4\"", "\"dpm++\"");
  }

  @Test
  void whatJsonLeavesOutIsTheDefault() throws IOException {
    String json = "{\"version\":1,\"text\":{\"prompt\":\"x\"},\"sampling\":{\"seed\":7}}";
    assertThat(VideoJob.fromJson(json)).isEqualTo(VideoJob.of("x").seed(7).build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"version\":2,\"text\":{\"prompt\":\"x\"}} | version is 2, must be 1",
        "{\"version\":1} | text is missing, must be an object with a prompt",
        "{\"version\":1,\"text\":{}} | text.prompt is missing",
        "{\"version\":1,\"text\":{\"prompt\":\"x\"},\"size\":{\"hight\":8}}"
            + " | size.hight is unknown, no job has such a field",
        "{\"version\":1,\"text\":{\"prompt\":\"x\"},\"sampling\":{\"cfg\":\"much\"}}"
            + " | sampling.cfg must be a number",
        "{\"version\":1,\"text\":{\"prompt\":\"x\"},\"sampling\":{\"seed\":1.5}}"
            + " | sampling.seed must be a whole number",
        "{\"version\":1,\"text\":{\"prompt\":\"x\"},\"sampling\":{\"steps\":99999999999}}"
            + " | sampling.steps has too many digits, must be a whole number of at most 2147483647",
        "{\"version\":1,\"text\":{\"prompt\":\"x\"},\"sampling\":{\"sampler\":\"heun\"}}"
            + " | sampling.sampler must be one of euler, unipc, dpm++, dmd",
        "{\"version\":1,\"text\":{\"prompt\":\"x\"},\"attention\":{\"windows\":[[6,1,1]]}}"
            + " | attention.windows.0 must be an object of t, h, w",
        "{\"version\":1,\"text\":{\"prompt\":\"x\"},\"attention\":{\"windows\":6}}"
            + " | attention.windows must be a list",
        "{\"version\":1,\"text\":{\"prompt\":[]}} | text.prompt must be a text",
        "{\"version\":1,\"text\":{\"prompt\":\"x\"},\"size\":{\"fps\":0}}"
            + " | size.fps is 0, must be above 0 and at most 1000",
        "{\"version\":1,\"text\" | it is not JSON: ",
        "null | the JSON is null, must be an object"
      })
  void jsonThatIsNoJobNamesTheField(String json, String message) {
    assertThatThrownBy(() -> VideoJob.fromJson(json))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void whatCanBeOfNoModelIsRefusedWhereItIsSet() {
    VideoJobBuilder job = VideoJob.of("x");
    assertThatThrownBy(() -> job.size(0, 64))
        .hasMessage("size.height is 0, must be from 1 to 16384 pixels");
    assertThatThrownBy(() -> job.steps(0)).hasMessage("sampling.steps is 0, must be at least 1");
    assertThatThrownBy(() -> job.cfg(Float.NaN))
        .isInstanceOf(JobException.class)
        .hasMessage("sampling.cfg is NaN, must be a finite number");
    assertThatThrownBy(() -> job.video(Path.of("v"), 1.5f))
        .hasMessage("start.strength is 1.5, must be above 0 and at most 1");
  }

  @Test
  void absolutePathsAreGoodFromAnyFolder() {
    VideoJob job = full().absolute();
    assertThat(job.start().video()).isAbsolute();
    assertThat(job.start().image()).isEqualTo(Path.of("/pictures/x.png"));
    assertThat(job.compute().loras().getFirst().file()).isAbsolute();
    assertThat(job.with().start(full().start()).compute(full().compute()).build())
        .isEqualTo(full());
  }
}
